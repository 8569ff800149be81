"""Writes rows in the text format of COPY. psycopg's own writer looks for the right conversion of each value anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

NULL = "\\N"


def copy_line(values: Iterable[Any]) -> str:
    """Return one row as a line. Raises KeyError for a value of another type than those in `_WRITERS`."""
    return "\t".join([_WRITERS[type(value)](value) for value in values]) + "\n"


def _text(value: str) -> str:
    if "\\" in value:
        value = value.replace("\\", "\\\\")
    if "\n" in value:
        value = value.replace("\n", "\\n")
    if "\t" in value:
        value = value.replace("\t", "\\t")
    if "\r" in value:
        value = value.replace("\r", "\\r")
    return value


def _array(values: Sequence[str]) -> str:
    """Return an array of texts. In the array, quotes and backslashes are escaped, and then the array in the line."""
    quoted = [value.replace("\\", "\\\\").replace('"', '\\"') for value in values]
    return _text('{"' + '","'.join(quoted) + '"}') if quoted else "{}"


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: _text,
    int: str,
    bool: lambda value: "t" if value else "f",
    type(None): lambda value: NULL,
    date: date.isoformat,
    Decimal: str,
    list: _array,
}
