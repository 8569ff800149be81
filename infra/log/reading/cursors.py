"""Cursors for the queries of this package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import Connection, Cursor
from psycopg.rows import args_row, scalar_row

from infra.log.records import FoldedRecord, RecordedEvent
from infra.postgres.database import Row

STREAM_ROWS = 5000
"""How many rows a server-side cursor fetches at once."""
record_row = args_row(RecordedEvent)
folded_row = args_row(FoldedRecord)


def select_records(conn: Connection[Row], sql: str, args: Sequence[Any] | Mapping[str, Any]) -> Cursor[RecordedEvent]:
    return conn.cursor(binary=True, row_factory=record_row).execute(sql, args)


def select_scalars(conn: Connection[Row], sql: str, args: Sequence[Any]) -> Cursor[Any]:
    return conn.cursor(row_factory=scalar_row).execute(sql, args)
