"""The cells of a sheet in XLSX: numbers, days, times, and texts that no program computes.

Source: ECMA-376, part 1, 18.3 (worksheets) and 22.9.2.19 (ST_Xstring).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import msgspec
from msgspec import inspect

from api.console.objects.downloads.sheets.table import Table, TableColumn
from api.console.objects.downloads.sheets.workbook import AMOUNT, DAY, GENERAL, HEADING, TEXT, TIME
from domain.calendar import zone
from domain.money import MINOR_UNITS
from domain.reading import parse_instant

Cell = Callable[[str, Any, Any], str]
"""A function that returns the XML of a cell. Its arguments are the cell's reference, its value, and the entry."""

EXACT_DIGITS = 15
"""Spreadsheet programs keep numbers as binary floating-point numbers, which have 15 exact decimal digits."""
MAX_TEXT = 32_767
"""The most characters of a cell, in UTF-16. A program that reads more says that the file is damaged."""
FIRST_DAY = date(1900, 3, 1)
"""Programs do not agree on days before: some have a 29 February 1900."""
_DAY_ZERO = date(1899, 12, 30)
_TIME_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 -- a cell has a local time without a zone
_ONE_DAY = timedelta(days=1)
_UNWRITABLE = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
"""The characters that XML cannot contain, and the underscore of `_x0041_`, which a program would read as an escape."""


def cell_of(column: TableColumn, table: Table) -> Cell:
    """Return what writes the cells of a column. Its kind follows from the type of the field."""
    type_ = _without_none(column.type)
    if isinstance(type_, inspect.Metadata) and (type_.extra_json_schema or {}).get("format") == "date-time":
        time_zone = zone(table.time_zone)
        return lambda place, value, _: time_cell(place, parse_instant(value).astimezone(time_zone).replace(tzinfo=None))
    if isinstance(type_, inspect.DateType):
        return lambda place, value, _: day_cell(place, value)
    if isinstance(type_, inspect.DecimalType):
        has_currency = "currency" in table.entry_type.__struct_fields__
        return _amount if has_currency else lambda place, value, _: number_cell(place, value, GENERAL)
    if isinstance(type_, inspect.BoolType):
        return lambda place, value, _: f'<c r="{place}" t="b"><v>{value:d}</v></c>'
    return lambda place, value, _: text_cell(place, value if isinstance(value, str) else _json(value))


def is_time(column: TableColumn) -> bool:
    """Return whether the column has times, which a sheet shows without their zone."""
    type_ = _without_none(column.type)
    return isinstance(type_, inspect.Metadata) and (type_.extra_json_schema or {}).get("format") == "date-time"


def text_cell(place: str, text: str, style: int = TEXT) -> str:
    """Return a cell with a text. Its format is that of texts, so it stays a text when somebody edits it."""
    written = escape(_UNWRITABLE.sub(_escaped, shortened(text)))
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{written}</t></is></c>'


def heading_cell(place: str, text: str) -> str:
    """Return a cell of the first row."""
    return text_cell(place, text, HEADING)


def _without_none(type_: inspect.Type) -> inspect.Type:
    if not isinstance(type_, inspect.UnionType):
        return type_
    return next(each for each in type_.types if not isinstance(each, inspect.NoneType))


def _amount(place: str, amount: Decimal, entry: Any) -> str:
    return number_cell(place, amount, AMOUNT[MINOR_UNITS.get(entry.currency, 2)])


def number_cell(place: str, number: Decimal, style: int = GENERAL) -> str:
    """Return a cell with a number. One that a program would change is written as a text, so that it is not lost."""
    written = f"{number:f}"
    if len(written) > EXACT_DIGITS and len(number.normalize().as_tuple().digits) > EXACT_DIGITS:
        return text_cell(place, written)
    return f'<c r="{place}" s="{style}"><v>{written}</v></c>'


def day_cell(place: str, day: date) -> str:
    """Return a cell with a day, which is a text if programs do not agree on it."""
    if day < FIRST_DAY:
        return text_cell(place, day.isoformat())
    return f'<c r="{place}" s="{DAY}"><v>{(day - _DAY_ZERO).days}</v></c>'


def time_cell(place: str, local: datetime) -> str:
    """Return a cell with a local time, without parts of a second."""
    return f'<c r="{place}" s="{TIME}"><v>{(local.replace(microsecond=0) - _TIME_ZERO) / _ONE_DAY}</v></c>'


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def shortened(text: str) -> str:
    """Return the text, or its beginning if a cell cannot hold it."""
    if 2 * len(text) <= MAX_TEXT or len(text.encode("utf-16-le", "replace")) <= 2 * MAX_TEXT:
        return text
    return text.encode("utf-16-le", "replace")[: 2 * (MAX_TEXT - 1)].decode("utf-16-le", "ignore") + "…"


def _escaped(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"
