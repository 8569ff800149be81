"""An edit log as CSV: facts, an empty row, headings, lines. Spreadsheet programs find no formula in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from api.console.activity.edit_log.facts import Fact
from api.console.activity.edit_log.lines import Line, headings
from api.console.activity.edit_log.values import value_text
from api.console.objects.downloads.sheets.spreadsheets import harmless
from domain.calendar import zone
from projections.views.field_changes import Value

MARK = "\ufeff".encode()
"""At the beginning of a file, it tells spreadsheet programs that the file is in UTF-8."""


class CsvFile:
    """Writes an edit log as CSV to a binary stream, a row as soon as it is known."""

    facts_first = True
    """Whether the facts are at the beginning of the bytes, before it is known what came of the check."""

    def __init__(self, out: BinaryIO, time_zone: str) -> None:
        self._out, self._time_zone, self._zone = out, time_zone, zone(time_zone)

    def begin(self, facts: Iterable[Fact]) -> None:
        """Write the facts and the headings."""
        self._out.write(MARK)
        self._write([*map(self._cells, facts), [], self._cells(headings(self._time_zone))])

    def add(self, lines: Iterable[Line]) -> None:
        """Write some lines."""
        self._write(map(self._cells, lines))

    def end(self, facts: Sequence[Fact] = ()) -> None:
        """Write facts that were not known at the beginning. The stream stays open."""
        if facts:
            self._write([[], *map(self._cells, facts)])

    def _write(self, rows: Iterable[Sequence[str]]) -> None:
        text = io.StringIO()
        csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
        self._out.write(text.getvalue().encode())

    def _cells(self, row: Iterable[Value]) -> list[str]:
        """Return the values as texts, in which a spreadsheet program finds no formula."""
        return [harmless(value) if isinstance(value, str) else value_text(value, self._zone) for value in row]
