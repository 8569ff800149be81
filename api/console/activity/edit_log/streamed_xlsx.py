"""An edit log as XLSX that is sent while it is read. The sheet with the facts is shown first and written last, because
only then it is known what came of the check.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from string import ascii_uppercase
from typing import BinaryIO

from api.console.activity.edit_log.facts import Fact
from api.console.activity.edit_log.lines import Line, headings
from api.console.activity.edit_log.xlsx_file import AMOUNTS, FACT_WIDTHS, SHEET_LINES, WIDTH, WIDTHS, places_of
from api.console.objects.downloads.sheets.archive import Archive
from api.console.objects.downloads.sheets.cells import (
    day_cell,
    heading_cell,
    number_cell,
    text_cell,
    time_cell,
)
from api.console.objects.downloads.sheets.sheet_parts import SHEET_END, sheet_head, sheet_row
from api.console.objects.downloads.sheets.workbook import AMOUNT, GENERAL, first_parts, last_parts, sheet_path
from api.console.objects.downloads.sheets.xlsx_file import MAX_SHEET_BYTES
from api.pages.translation import gettext as _
from domain.calendar import zone
from projections.views.field_changes import Value


class StreamedXlsx:
    """Writes an edit log as XLSX to a binary stream, of which the written bytes may be taken after each call."""

    facts_first = False
    """Whether the facts are at the beginning of the bytes, before it is known what came of the check."""

    def __init__(self, out: BinaryIO, time_zone: str, sheet_lines: int = SHEET_LINES) -> None:
        self._out, self._time_zone, self._zone = out, time_zone, zone(time_zone)
        self._archive, self._sheet_lines = Archive(), sheet_lines
        self._facts: list[Fact] = []
        self._sheets, self._row = 0, 0

    def begin(self, facts: Iterable[Fact]) -> None:
        """Begin the file. The facts are kept for its end."""
        self._facts += facts
        for path, text in first_parts().items():
            self._out.write(self._archive.add(path, text.encode()))
        self._begin_sheet()

    def add(self, lines: Iterable[Line]) -> None:
        """Write some lines, which are compressed together."""
        rows = list[str]()
        for line in lines:
            if self._row > self._sheet_lines:
                self._write("".join(rows))
                rows = []
                self._end_sheet()
                self._begin_sheet()
            self._row += 1
            rows.append(sheet_row(self._row, [self._cell(*each, line.currency) for each in enumerate(line)]))
        self._write("".join(rows))
        if self._archive.parts[-1].size > MAX_SHEET_BYTES:
            self._end_sheet()
            self._begin_sheet()

    def end(self, facts: Iterable[Fact] = ()) -> None:
        """End the file, with all facts. The stream stays open."""
        self._end_sheet()
        about = self._sheets + 1
        self._out.write(self._archive.begin(sheet_path(about)))
        self._write(sheet_head(FACT_WIDTHS, frozen=False))
        for row, (name, text) in enumerate([*self._facts, *facts], 1):
            self._write(sheet_row(row, [heading_cell(f"A{row}", name), text_cell(f"B{row}", text)]))
        self._end_sheet()
        titles = {about: _("About")}
        titles |= {number: _("Edit log %(number)s", number=number) for number in range(1, about)}
        for path, part in last_parts(titles).items():
            self._out.write(self._archive.add(path, part.encode()))
        self._out.write(self._archive.finish())

    def _begin_sheet(self) -> None:
        self._sheets, self._row = self._sheets + 1, 1
        names = headings(self._time_zone)
        self._out.write(self._archive.begin(sheet_path(self._sheets)))
        self._write(sheet_head([WIDTHS.get(column, WIDTH) for column in range(len(names))]))
        self._write(
            sheet_row(1, [heading_cell(f"{at}1", name) for at, name in zip(ascii_uppercase, names, strict=False)])
        )

    def _end_sheet(self) -> None:
        self._write(SHEET_END)
        self._out.write(self._archive.end())

    def _write(self, text: str) -> None:
        if text:
            self._out.write(self._archive.write(text.encode()))

    def _cell(self, column: int, value: Value, currency: str) -> str:
        place = f"{ascii_uppercase[column]}{self._row}"
        if value is None or value == "":
            return ""
        if isinstance(value, datetime):
            return time_cell(place, value.astimezone(self._zone).replace(tzinfo=None))
        if isinstance(value, date):
            return day_cell(place, value)
        if isinstance(value, Decimal | int):
            return number_cell(place, Decimal(value), _style(column, Decimal(value), currency))
        return text_cell(place, value)


def _style(column: int, amount: Decimal, currency: str) -> int:
    has_places = currency and column in AMOUNTS
    return AMOUNT.get(places_of(amount, currency), GENERAL) if has_places else GENERAL
