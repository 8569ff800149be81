"""A table that is written as a file: its columns, and what its values mean."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

ROWS_PER_PIECE = 250
"""How many rows are written at once, so that a thread is soon free for the requests of others."""


class TableColumn(NamedTuple):
    """A field of the objects."""

    name: str
    """Its name in the API, such as `totalAmount`."""
    attribute: str
    """Its name in the entries, such as `total_amount`."""
    heading: str
    type: msgspec.inspect.Type


class Table(NamedTuple):
    """The columns of a table. Its rows are pages of JSON."""

    title: str
    columns: tuple[TableColumn, ...]
    entry_type: type[msgspec.Struct]
    time_zone: str
    """The IANA name of the time zone in which times are written, if they are written without an offset."""
