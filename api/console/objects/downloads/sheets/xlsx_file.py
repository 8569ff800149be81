"""A list as XLSX, written while it is read. Between two pages its state can be stored, and another process goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from msgspec import UNSET

from api.console.objects.downloads.sheets.archive import Archive
from api.console.objects.downloads.sheets.cells import Cell, cell_of, heading_cell, is_time
from api.console.objects.downloads.sheets.sheet_parts import SHEET_END, sheet_head, sheet_row
from api.console.objects.downloads.sheets.table import ROWS_PER_PIECE, Table, TableColumn
from api.console.objects.downloads.sheets.workbook import first_parts, last_parts, numbered, sheet_path
from projections.query.page import Page

ROWS_PER_SHEET = 1_000_000
"""The most rows of a sheet below its headings. Programs read 1 048 576 rows, and no more."""
MAX_SHEET_BYTES = 2_000_000_000
"""The most bytes of a sheet before they are compressed. Not every program reads an archive with larger parts."""
_WIDTH, _NARROW = 22, 14


class XlsxState(msgspec.Struct):
    """How much of a file was written."""

    archive: Archive
    sheets: int = 0
    rows: int = 0
    """How many rows the last sheet has, with that of the headings."""


class XlsxFile:
    """A file of which parts are written. What does not fit in a sheet is in the next one."""

    def __init__(self, table: Table, state: XlsxState | None = None, rows_per_sheet: int = ROWS_PER_SHEET) -> None:
        """`state` is that of a file which was begun; None begins one."""
        self._table, self.state, self._rows_per_sheet = table, state or XlsxState(Archive()), rows_per_sheet
        self._letters = [_letters(index) for index in range(len(table.columns))]
        writers = zip(self._letters, table.columns, strict=True)
        self._writers = [(at, each.attribute, cell_of(each, table)) for at, each in writers]
        self._decode = msgspec.json.Decoder(table.entry_type).decode

    @property
    def size(self) -> int:
        """How many bytes were written."""
        return self.state.archive.size

    def add(self, page: Page) -> Iterator[bytes]:
        """Yield the next bytes of the file with the rows of a page, up to ROWS_PER_PIECE rows at once."""
        step = min(ROWS_PER_PIECE, self._rows_per_sheet)
        for begin in range(0, len(page.objects), step):
            yield self._write([self._decode(each) for each in page.objects[begin : begin + step]])

    def finish(self) -> bytes:
        """Return the last bytes of the file."""
        state, archive = self.state, self.state.archive
        begun = self._begin_sheet() if state.sheets == 0 else b""
        end = begun + self._end_sheet()
        parts = last_parts({each: numbered(self._table.title, each) for each in range(1, state.sheets + 1)})
        return end + b"".join(archive.add(path, text.encode()) for path, text in parts.items()) + archive.finish()

    def _write(self, entries: Sequence[Any]) -> bytes:
        state = self.state
        begun = self._begin_sheet() if self._is_full(len(entries)) else b""
        rows = "".join(_row(state.rows + number, entry, self._writers) for number, entry in enumerate(entries, 1))
        state.rows += len(entries)
        return begun + state.archive.write(rows.encode())

    def _is_full(self, rows: int) -> bool:
        state = self.state
        if state.sheets == 0 or state.rows + rows > self._rows_per_sheet + 1:
            return True
        return state.archive.parts[-1].size > MAX_SHEET_BYTES

    def _begin_sheet(self) -> bytes:
        state, archive, columns = self.state, self.state.archive, self._table.columns
        before = (
            self._end_sheet()
            if state.sheets
            else b"".join(archive.add(path, text.encode()) for path, text in first_parts().items())
        )
        state.sheets, state.rows = state.sheets + 1, 1
        headings = zip(self._letters, columns, strict=True)
        cells = (heading_cell(f"{at}1", _heading(each, self._table)) for at, each in headings)
        head = _head(columns) + sheet_row(1, cells)
        return before + archive.begin(sheet_path(state.sheets)) + archive.write(head.encode())

    def _end_sheet(self) -> bytes:
        return self.state.archive.write(SHEET_END.encode()) + self.state.archive.end()


def xlsx_pieces(table: Table, pages: Iterable[Page]) -> Iterator[bytes]:
    """Yield the file, up to ROWS_PER_PIECE rows at once."""
    file = XlsxFile(table)
    for page in pages:
        yield from file.add(page)
    yield file.finish()


def _head(columns: Sequence[TableColumn]) -> str:
    """Return the beginning of the sheet: the headings stay in sight, and the columns are as wide as their values."""
    return sheet_head([_WIDTH if each.name == "id" or is_time(each) else _NARROW for each in columns])


def _heading(column: TableColumn, table: Table) -> str:
    """Return the heading of a column. That of times names their zone, because the cells cannot."""
    return f"{column.heading} ({table.time_zone})" if is_time(column) else column.heading


def _row(number: int, entry: Any, writers: Sequence[tuple[str, str, Cell]]) -> str:
    cells = (
        cell(f"{at}{number}", value, entry)
        for at, name, cell in writers
        if (value := getattr(entry, name)) not in (None, UNSET, {}, "")
    )
    return sheet_row(number, cells)


def _letters(index: int) -> str:
    """Return the letters of a column by its index from 0: A to Z, then AA, AB and so on."""
    before, last = divmod(index, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)
