"""A list as XLSX, written while it is read: the file is a ZIP archive whose last part is the sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, cast
from zipfile import ZIP_DEFLATED, ZipFile

import msgspec

from api.console.objects.downloads.sheets.cells import Cell, cell_of, heading_cell, is_time
from api.console.objects.downloads.sheets.table import ROWS_PER_PIECE, Table, TableColumn
from api.console.objects.downloads.sheets.workbook import MAIN, SHEET, fixed_parts
from projections.query.page import Page

MAX_ROWS = 1_048_575
"""The most rows of a sheet below its headings."""
MAX_SHEET_BYTES = 2_000_000_000
"""The most bytes of the sheet before they are compressed. Not every program reads an archive with larger parts."""
_WIDTH, _NARROW = 22, 14


class SheetFull(Exception):
    """The list does not fit in one sheet."""


class _Unread:
    """The bytes of the archive that were written and not taken yet. It cannot seek, so the archive needs no file."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: what was written can be taken at once."""

    def take(self) -> bytes:
        """Return what was written since the last call."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def xlsx_pieces(table: Table, pages: Iterable[Page]) -> Iterator[bytes]:
    """Yield the file, up to ROWS_PER_PIECE rows at once. Raises SheetFull when the list does not fit in a sheet."""
    unread = _Unread()
    with ZipFile(cast("IO[bytes]", unread), "w", ZIP_DEFLATED) as archive:
        for path, text in fixed_parts(table.title).items():
            archive.writestr(path, text)
        with archive.open(SHEET, "w") as sheet:
            size = 0
            for xml in _sheet(table, pages):
                size += sheet.write(xml.encode())
                if size > MAX_SHEET_BYTES:
                    raise SheetFull
                if piece := unread.take():
                    yield piece
    yield unread.take()


def _sheet(table: Table, pages: Iterable[Page]) -> Iterator[str]:
    """Yield the XML of the sheet, some rows at once."""
    letters = [_letters(index) for index in range(len(table.columns))]
    headings = (heading_cell(f"{at}1", _heading(each, table)) for at, each in zip(letters, table.columns, strict=True))
    yield f'{_head(table.columns)}<row r="1">{"".join(headings)}</row>'
    writers = [(at, each.attribute, cell_of(each, table)) for at, each in zip(letters, table.columns, strict=True)]
    decode, number = msgspec.json.Decoder(table.entry_type).decode, 2
    for page in pages:
        if number + len(page.objects) > MAX_ROWS + 2:
            raise SheetFull
        for begin in range(0, len(page.objects), ROWS_PER_PIECE):
            entries = [decode(each) for each in page.objects[begin : begin + ROWS_PER_PIECE]]
            yield "".join(_row(number + index, entry, writers) for index, entry in enumerate(entries))
            number += len(entries)
    yield "</sheetData></worksheet>"


def _head(columns: Sequence[TableColumn]) -> str:
    """Return the beginning of the sheet: the headings stay in sight, and the columns are as wide as their values."""
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{_WIDTH if each.name == "id" or is_time(each) else _NARROW}" '
        f'customWidth="1"/>'
        for at, each in enumerate(columns, 1)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}"><sheetViews>'
        f'<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{widths}</cols><sheetData>"
    )


def _heading(column: TableColumn, table: Table) -> str:
    """Return the heading of a column. That of times names their zone, because the cells cannot."""
    return f"{column.heading} ({table.time_zone})" if is_time(column) else column.heading


def _row(number: int, entry: Any, writers: Sequence[tuple[str, str, Cell]]) -> str:
    cells = "".join(
        cell(f"{at}{number}", value, entry)
        for at, name, cell in writers
        if (value := getattr(entry, name)) is not None and value not in ({}, "")
    )
    return f'<row r="{number}">{cells}</row>'


def _letters(index: int) -> str:
    """Return the letters of a column by its index from 0: A to Z, then AA, AB and so on."""
    before, last = divmod(index, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)
