"""What a statement writes: how many rows of which tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_WRITES = "SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables"
"""How many rows this session has written in each table, since it has last reported its numbers."""


def writes_of(conn: Any, sql: str, values: Sequence[Any]) -> tuple[dict[str, list[int]], int, int]:
    """Return how many rows of each table a request for a link inserts, updates and deletes, its wait, and how many
    security events it makes. Nothing of it stays."""
    with conn.transaction(force_rollback=True):
        before = {table: numbers for table, *numbers in conn.execute(_WRITES)}
        wait, events = conn.execute(sql, values).fetchone()
        after = {table: numbers for table, *numbers in conn.execute(_WRITES)}
    added = {table: [now - was for now, was in zip(after[table], before[table], strict=True)] for table in after}
    return {table: numbers for table, numbers in added.items() if any(numbers)}, wait, len(events)
