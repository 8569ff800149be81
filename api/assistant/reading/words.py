"""The words of a question, each with its meaning, whatever language and spelling it has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from api.assistant.knowledge.languages.english_words import ACTIONS, FACTS, FIELDS, GRAMMAR, OBJECTS, OTHERS, STATES
from api.assistant.knowledge.languages.short_words import (
    ABBREVIATED,
    ENGLISH_LIKE_HINDI,
    ENGLISH_PARTICLES,
    MISSPELT_IN_ENGLISH,
    OF_BOTH_LANGUAGES,
)
from api.assistant.reading.hindi import english_of, is_hindi_particle, latin
from api.assistant.reading.spelling import Spelling
from domain.text import text_key

_TOKEN = re.compile(r"[a-z0-9]+(?:['’][a-z]+|[._-][a-z0-9]+)*|[\u0900-\u0963\u0970-\u097f]+|[०-९]+", re.IGNORECASE)
_MAX_LETTERS = 40
_CONTRACTION = re.compile(r"'(?:s|d|ll|m|re|ve)$")
_HINDI_ENDING = re.compile(r"^\w{1,4}[aeiou]$")
"""Matches a short word that is rather an unknown word of Hindi than a misspelt word of English."""
_AFTER_WHICH = frozenset(["se", "si", "sa", "से", "सी", "सा"])
"""Words after `kaun` that make it "which"."""
_ENDINGS = (
    ("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", ""), ("d", ""), ("ing", ""), ("ing", "e"), ("ally", "al"),
    ("ly", ""), ("er", ""), ("ment", ""),
)  # fmt: skip


class Word(NamedTuple):
    """A word of a question."""

    text: str
    """As it was typed."""
    key: str
    """In lower case; if it is misspelt, corrected; if it is Hindi, the English word."""
    meaning: str
    """The word that stands for all words of the same meaning: `see` for "show" and "dikhao"."""
    is_known: bool
    """Whether it is a word of English or Hindi that the assistant knows. Names are not."""

    @property
    def is_capitalized(self) -> bool:
        return self.text[:1].isupper()


def words_of(text: str) -> tuple[Word, ...]:
    """Return the words of a text, in its order."""
    tokens = _TOKEN.findall(text)
    keys = [_CONTRACTION.sub("", text_key(token).replace("’", "'")).replace("'", "") or token for token in tokens]
    is_hindi = _is_hindi(keys)
    words = []
    for place, (token, key) in enumerate(zip(tokens, keys, strict=True)):
        following = tokens[place + 1] if place + 1 < len(tokens) else ""
        neighbours = (following, tokens[place - 1] if place else "")
        is_name = token[:1].isupper() and (place or following) and any(each[:1].isupper() for each in neighbours)
        words.append(_word(token, key, is_hindi, bool(is_name), following))
    return tuple(words)


def _is_hindi(keys: Sequence[str]) -> bool:
    """Return whether the words have more particles of Hindi than of English: `se` is also a misspelt "see"."""
    hindi = sum(is_hindi_particle(key) for key in keys if key not in ENGLISH_LIKE_HINDI)
    return hindi > 0 and (hindi >= sum(key in ENGLISH_PARTICLES for key in keys) or not all(map(str.isascii, keys)))


def _word(text: str, key: str, is_hindi: bool, is_name: bool, following: str) -> Word:
    if key[0].isdigit() or len(key) > _MAX_LETTERS:
        return Word(text, key, key, key[0].isdigit())
    if not key.isascii():
        english = english_of(key)
        word = _hindi(text, english) if english is not None else Word(text, latin(key), latin(key), False)
    else:
        word = _latin_word(text, key, is_hindi, is_name, following)
    if word.meaning == "who" and following in _AFTER_WHICH:
        return Word(text, "which", "which", True)
    return word


def _latin_word(text: str, key: str, is_hindi: bool, is_name: bool, following: str) -> Word:
    if (full := _full(key, is_hindi, following)) is not None:
        return _hindi(text, full)
    if is_hindi and not is_name and (key in OF_BOTH_LANGUAGES or not (key in ENGLISH_LIKE_HINDI or key in _MEANINGS)):
        english = english_of(key, is_exact=key in OF_BOTH_LANGUAGES)
        if english is not None:
            return _hindi(text, english)
    return _english_word(text, key, is_hindi, is_name)


def _full(key: str, is_hindi: bool, following: str) -> str | None:
    """Return the word that a short one stands for, such as "past" for `pst`; None for other words."""
    if not is_hindi and key in MISSPELT_IN_ENGLISH:
        return MISSPELT_IN_ENGLISH[key]
    if key not in ABBREVIATED or key in _MEANINGS:
        return None
    return "last" if key == "lst" and following[:1].isdigit() else ABBREVIATED[key]


@lru_cache(maxsize=4096)
def _english_word(text: str, key: str, is_hindi: bool, is_name: bool) -> Word:
    meaning = meaning_of(key)
    if meaning is not None and (not is_name or key in _MEANINGS):
        return Word(text, key, meaning, True)
    parts = re.split(r"[._-]", key)
    if len(parts) > 1 and all(part in _MEANINGS for part in parts):
        return Word(text, key, meaning_of("".join(parts)) or parts[-1], True)
    if "_" in key and (code := _corrected_code(key)) is not None:
        return Word(text, code, code, True)
    if is_name:
        return Word(text, key, key, False)
    corrected = None if text[:1].isupper() or (is_hindi and _HINDI_ENDING.search(key)) else _spelling().correct(key)
    english = english_of(key, is_exact=True) if is_hindi or corrected is None else None
    if english is None and corrected is not None:
        return Word(text, corrected, meaning_of(corrected) or corrected, True)
    english = english_of(key) if english is None else english
    return _hindi(text, english) if english is not None else Word(text, key, key, False)


def _corrected_code(key: str) -> str | None:
    """Return a code such as `invalid_transition` with its words corrected; None if one is unknown."""
    parts = [part if part in _MEANINGS else _spelling().correct(part) for part in key.split("_")]
    return "_".join(part for part in parts if part) if all(parts) else None


def _hindi(text: str, english: str) -> Word:
    return Word(text, english, meaning_of(english) or english, True)


def meaning_of(key: str) -> str | None:
    """Return the meaning of an English word in lower case; None for a word that is not listed."""
    if key in _MEANINGS:
        return _MEANINGS[key]
    for ending, instead in _ENDINGS:
        stem = key.removesuffix(ending)
        if stem != key and len(stem) > 2:
            for candidate in (stem + instead, stem[:-1] if stem[-1:] == stem[-2:-1] else ""):
                if candidate in _MEANINGS:
                    return _MEANINGS[candidate]
    return None


def _lines() -> Iterator[tuple[str, str]]:
    for lines in (OBJECTS, ACTIONS, STATES, FACTS, GRAMMAR):
        for line in lines.strip().splitlines():
            meaning, _, words = line.partition(":")
            yield from ((word, meaning) for word in (meaning, *words.split()))


def _meanings() -> dict[str, str]:
    meanings: dict[str, str] = {}
    for word, meaning in (*_lines(), *((word, word) for word in f"{FIELDS} {OTHERS}".split())):
        meanings.setdefault(word, meaning)
    return meanings


_MEANINGS = _meanings()


@cache
def _spelling() -> Spelling:
    return Spelling(_MEANINGS)
