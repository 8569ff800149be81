"""Where a word begins and ends, also in Devanagari: its vowel signs are no letters for `\\b` and `\\w`."""

from __future__ import annotations

_LETTER = r"[\w\u0900-\u0963\u0966-\u097f]"
BEGIN, END = rf"(?<!{_LETTER})", rf"(?!{_LETTER})"
