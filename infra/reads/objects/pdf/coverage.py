"""Which characters fonts have, and texts without those that none has: PDF/A allows no character without a glyph."""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from infra.reads.objects.pdf.maker import font_files

MISSING = "\ufffd"
"""What stands for a character that no font has."""
_SEGMENTS, _GROUPS = 4, 12
"""The formats of the tables that fonts have: with segments of 16-bit characters, or with groups of any characters."""


@cache
def characters() -> frozenset[int]:
    """Return the characters that one of the fonts has."""
    return frozenset().union(*map(characters_of, font_files()))


@cache
def main_characters() -> frozenset[int]:
    """Return the characters of the first font: any of them can stand beside any other."""
    return characters_of(font_files()[0])


def characters_of(path: Path) -> frozenset[int]:
    """Return the characters of a font file (OpenType, table `cmap`)."""
    data = path.read_bytes()
    tables = struct.unpack_from(">H", data, 4)[0]
    places = (struct.unpack_from(">4sIII", data, 12 + 16 * number) for number in range(tables))
    start = next(place for name, _, place, _ in places if name == b"cmap")
    count = struct.unpack_from(">H", data, start + 2)[0]
    found: set[int] = set()
    for number in range(count):
        at = start + struct.unpack_from(">HHI", data, start + 4 + 8 * number)[2]
        kind = struct.unpack_from(">H", data, at)[0]
        if kind == _GROUPS:
            found.update(*_groups(data, at))
        elif kind == _SEGMENTS:
            found.update(*_segments(data, at))
    return frozenset(found - {0xFFFF})


def _groups(data: bytes, at: int) -> Iterable[range]:
    count = struct.unpack_from(">I", data, at + 12)[0]
    for number in range(count):
        first, last, _ = struct.unpack_from(">III", data, at + 16 + 12 * number)
        yield range(first, last + 1)


def _segments(data: bytes, at: int) -> Iterable[range]:
    size = struct.unpack_from(">H", data, at + 6)[0]
    lasts = struct.unpack_from(f">{size // 2}H", data, at + 14)
    firsts = struct.unpack_from(f">{size // 2}H", data, at + 16 + size)
    return (range(first, last + 1) for first, last in zip(firsts, lasts, strict=True))


_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def printable(text: str, allowed: frozenset[int]) -> str:
    """Return a text with only these characters. Others become MISSING; invisible ones that no font has go."""
    spaced = _CONTROLS.sub(" ", text)
    return "".join(_allowed(letter, allowed) for letter in spaced)


def _allowed(letter: str, allowed: frozenset[int]) -> str:
    if letter == "\n" or ord(letter) in allowed:
        return letter
    return "" if unicodedata.category(letter) in ("Cf", "Mn", "Me") else MISSING
