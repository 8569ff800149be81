"""A list as CSV. Amounts, days and times are written as in the API."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from msgspec import UNSET

from api.console.objects.downloads.sheets.spreadsheets import harmless
from api.console.objects.downloads.sheets.table import ROWS_PER_PIECE, Table
from projections.query.page import Page

_MARK = "\ufeff"
"""At its beginning, it tells spreadsheet programs that the file is in UTF-8."""


def csv_pieces(table: Table, pages: Iterable[Page]) -> Iterator[bytes]:
    """Yield the file, ROWS_PER_PIECE rows at once."""
    names = [column.name for column in table.columns]
    yield (_MARK + _lines([[column.heading for column in table.columns]])).encode()
    for page in pages:
        for begin in range(0, len(page.objects), ROWS_PER_PIECE):
            yield _rows(names, page.objects[begin : begin + ROWS_PER_PIECE])


def _rows(names: Sequence[str], found: Sequence[bytes]) -> bytes:
    objects = (msgspec.json.decode(each, type=dict[str, Any]) for each in found)
    return _lines([_cell(row.get(name)) for name in names] for row in objects).encode()


def _lines(rows: Any) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    """Return a value as the text of a cell, in which a spreadsheet program finds no formula."""
    if value in (None, UNSET, {}):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, int):
        return str(value)
    return harmless(msgspec.json.encode(value).decode())
