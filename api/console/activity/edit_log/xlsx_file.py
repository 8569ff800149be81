"""An edit log as XLSX with typed cells: a sheet with the facts, then sheets with up to a million lines each.

The file is written row by row, so memory does not grow with it. Rows wait in temporary files until its end.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter

from api.console.activity.edit_log.facts import Fact
from api.console.activity.edit_log.lines import Line, headings
from api.console.objects.downloads.sheets.cells import EXACT_DIGITS, FIRST_DAY, shortened
from api.pages.translation import gettext as _
from domain.calendar import zone
from domain.money import MINOR_UNITS
from projections.views.field_changes import Value

SHEET_LINES = 1_000_000
"""The most lines of a sheet. The format ends at 1 048 576 rows."""
AMOUNTS = (8, 9)
"""The columns with values of fields, among them amounts: the value before, and after."""
WIDTHS = {0: 18, 5: 32, 8: 24, 9: 24, 11: 32}
"""The widths of columns by their indices, in characters. All others have WIDTH."""
WIDTH, FACT_WIDTHS = 16, (24, 120)


class XlsxFile:
    """Writes an edit log as XLSX. Temporary files are made in the folder of the file."""

    def __init__(self, path: Path, time_zone: str) -> None:
        self._time_zone, self._zone = time_zone, zone(time_zone)
        self._book = xlsxwriter.Workbook(path, {"constant_memory": True, "tmpdir": str(path.parent)})
        self._book.use_zip64()
        self._heading, self._text, self._wrapped, self._day, self._time = (
            self._book.add_format(each)
            for each in (
                {"bold": True},
                {"num_format": "@"},
                {"num_format": "@", "text_wrap": True},
                {"num_format": "yyyy-mm-dd"},
                {"num_format": "yyyy-mm-dd hh:mm:ss"},
            )
        )
        self._amount = cache(self._new_amount)
        self._sheet: Any = None
        self._sheets, self._row = 0, 0

    def begin(self, facts: Iterable[Fact]) -> None:
        """Write the sheet with the facts."""
        sheet = self._book.add_worksheet(_("About"))
        for column, width in enumerate(FACT_WIDTHS):
            sheet.set_column(column, column, width)
        for row, (name, text) in enumerate(facts):
            sheet.write_string(row, 0, name, self._heading)
            sheet.write_string(row, 1, shortened(text), self._wrapped)
        self._begin_sheet()

    def add(self, lines: Iterable[Line]) -> None:
        """Write some lines."""
        for line in lines:
            if self._row > SHEET_LINES:
                self._begin_sheet()
            for column, value in enumerate(line):
                if value is not None and value != "":
                    self._write(column, value, line.currency)
            self._row += 1

    def end(self) -> None:
        """Write the file."""
        self._book.close()

    def _begin_sheet(self) -> None:
        self._sheets += 1
        self._sheet = self._book.add_worksheet(_("Edit log %(number)s", number=self._sheets))
        for column, heading in enumerate(headings(self._time_zone)):
            self._sheet.set_column(column, column, WIDTHS.get(column, WIDTH))
            self._sheet.write_string(0, column, heading, self._heading)
        self._sheet.freeze_panes(1, 0)
        self._row = 1

    def _write(self, column: int, value: Value, currency: str) -> None:
        """Write a cell. What a spreadsheet program would change is written as a text, so that it is not lost."""
        if isinstance(value, datetime):
            local = value.astimezone(self._zone).replace(tzinfo=None, microsecond=0)
            self._sheet.write_datetime(self._row, column, local, self._time)
        elif isinstance(value, date) and value >= FIRST_DAY:
            self._sheet.write_datetime(self._row, column, value, self._day)
        elif isinstance(value, Decimal | int) and len(Decimal(value).normalize().as_tuple().digits) <= EXACT_DIGITS:
            number_format = (
                self._amount(places_of(Decimal(value), currency)) if currency and column in AMOUNTS else None
            )
            self._sheet.write_number(self._row, column, value, number_format)
        else:
            text = f"{value:f}" if isinstance(value, Decimal) else str(value)
            self._sheet.write_string(self._row, column, shortened(text), self._text)

    def _new_amount(self, places: int) -> Any:
        return self._book.add_format({"num_format": f"#,##0.{'0' * places}" if places else "#,##0"})


def places_of(amount: Decimal, currency: str) -> int:
    """Return how many decimal places are shown: those of the currency, or more if the amount has more."""
    exponent = amount.normalize().as_tuple().exponent
    return max(MINOR_UNITS.get(currency, 2), -exponent if isinstance(exponent, int) else 0)
