"""An edit log as PDF: a page with the facts, then the lines, with the heads of the columns on each page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

import msgspec

from api.console.activity.edit_log.facts import Fact
from api.console.activity.edit_log.lines import Line, headings
from api.console.activity.edit_log.values import value_text
from api.pages.translation import gettext as _
from api.pages.translation import language
from domain.calendar import zone
from projections.views.field_changes import Value

MAX_LINES = 5000
"""The most lines of a file. A longer one takes too long to lay out, and nobody reads it on paper."""
Print = Callable[[bytes], bytes]
"""Lays out what this module has collected, and returns the PDF."""
_COLUMNS = (
    ((0,), (12,), 24),
    ((1,), (2,), 45),
    ((3, 4), (5,), 40),
    ((6,), (), 20),
    ((7,), (), 28),
    ((8,), (), 37),
    ((9,), (10,), 37),
    ((), (11,), 33),
)
"""Which fields of a Line a column has, first and below, and how wide it is, in millimetres."""
_LETTERS = (0.6, 0.85)
"""How many letters fit into a millimetre, in the first text and below."""
_LONG_LINE = 600
"""With how many characters in a column a line may go on on the next page."""
_TIME = re.compile(r"(.+)T(.{8})(.+)")
_WORD = re.compile(r"\S+")
_BREAK = "\u200b"
_JOINERS = "\u200c\u200d"
_VIRAMA = 9
_FACT_LETTERS = 100
_PLACE = "\x00"


class TooManyLines(Exception):
    """The edit log has more than MAX_LINES lines."""


class PdfFile:
    """Collects an edit log, and writes it as PDF to a binary stream at its end."""

    facts_first = False
    """Whether the facts are at the beginning of the bytes, before it is known what came of the check."""

    def __init__(self, out: BinaryIO, time_zone: str, print_: Print) -> None:
        self._out, self._time_zone, self._zone, self._print = out, time_zone, zone(time_zone), print_
        self._facts, self._lines = list[Fact](), list[list[Any]]()

    def begin(self, facts: Iterable[Fact]) -> None:
        """Take the facts."""
        self._facts += facts

    def add(self, lines: Iterable[Line]) -> None:
        """Take some lines. Raises TooManyLines."""
        for line in lines:
            if len(self._lines) == MAX_LINES:
                raise TooManyLines
            self._lines.append(list(self._row([*line])))

    def end(self, facts: Iterable[Fact] = ()) -> None:
        """Write the file, with all facts. The stream stays open. Raises what `print_` raises."""
        heads = [[text.replace(_BREAK, "") for text in cell] for cell in self._cells(headings(self._time_zone))]
        content = {
            "template": "edit_log",
            "language": language(),
            "title": _("Edit log"),
            "name": self._facts[0][1],
            "period": self._facts[2][1],
            "pages": _("Page %(page)s of %(pages)s", page=_PLACE, pages=_PLACE).split(_PLACE),
            "widths": [width for *_fields, width in _COLUMNS],
            "facts": [[name, breakable(text, _FACT_LETTERS)] for name, text in (*self._facts, *facts)],
            "heads": heads,
            "lines": self._lines,
        }
        self._out.write(self._print(msgspec.json.encode(content)))

    def _row(self, values: list[Value]) -> Iterator[Any]:
        at, *texts = [value_text(value, self._zone) for value in values]
        cells = list(self._cells([_TIME.sub(r"\1 \2 \3", at), *texts]))
        yield any(len(text) > _LONG_LINE for cell in cells for text in cell)
        yield from cells

    def _cells(self, texts: list[str]) -> Iterator[list[str]]:
        for *fields, width in _COLUMNS:
            yield [
                breakable(" ".join(texts[place] for place in places if texts[place]), int(width * letters))
                for places, letters in zip(fields, _LETTERS, strict=True)
            ]


def breakable(text: str, letters: int) -> str:
    """Return a text whose words may be broken after so many letters: but never inside of what is written as one."""
    text = text.replace("→", "->")  # no font has it, and messages of the service name pages with it
    if len(text) <= letters:
        return text
    return _WORD.sub(lambda found: _BREAK.join(_parts(found[0], letters)), text)


def _parts(word: str, letters: int) -> Iterator[str]:
    begin = 0
    for place in range(1, len(word)):
        if place - begin >= letters and _may_break(word[place - 1], word[place]):
            yield word[begin:place]
            begin = place
    yield word[begin:]


def _may_break(before: str, after: str) -> bool:
    joins = unicodedata.combining(before) == _VIRAMA or before in _JOINERS  # a virama joins consonants
    return not joins and unicodedata.category(after)[0] not in "MC"
