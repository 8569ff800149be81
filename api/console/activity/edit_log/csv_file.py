"""An edit log as CSV: facts, an empty row, headings, lines. Spreadsheet programs find no formula in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO
from zoneinfo import ZoneInfo

from api.console.activity.edit_log.facts import Fact
from api.console.activity.edit_log.lines import Line, headings
from api.console.objects.downloads.sheets.spreadsheets import harmless
from domain.calendar import zone
from projections.views.field_changes import Value

MARK = "\ufeff".encode()
"""At the beginning of a file, it tells spreadsheet programs that the file is in UTF-8."""


class CsvFile:
    """Writes an edit log as CSV to a binary stream, a row as soon as it is known."""

    def __init__(self, out: BinaryIO, time_zone: str) -> None:
        self._out, self._time_zone, self._zone = out, time_zone, zone(time_zone)

    def begin(self, facts: Iterable[Fact]) -> None:
        """Write the facts and the headings."""
        self._out.write(MARK)
        self._write([*facts, [], headings(self._time_zone)])

    def add(self, lines: Iterable[Line]) -> None:
        """Write some lines."""
        self._write([_text(value, self._zone) for value in line] for line in lines)

    def end(self, facts: Sequence[Fact] = ()) -> None:
        """Write facts that were not known at the beginning. The stream stays open."""
        if facts:
            self._write([[], *facts])

    def _write(self, rows: Iterable[Sequence[str]]) -> None:
        text = io.StringIO()
        csv.writer(text, quoting=csv.QUOTE_ALL).writerows([harmless(cell) for cell in row] for row in rows)
        self._out.write(text.getvalue().encode())


def _text(value: Value, time_zone: ZoneInfo) -> str:
    """Return a value as text: a time with the offset of its zone and without parts of a second, as in the sheet."""
    if isinstance(value, datetime):
        return value.astimezone(time_zone).isoformat("T", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)
