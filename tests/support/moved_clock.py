"""A clock of the database for admission, which a test stops and moves. All processes of a service share it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

_MOVED_CLOCK = """
CREATE SCHEMA moved;
CREATE TABLE moved.clock AS SELECT NULL::timestamptz AS stopped_at;
CREATE FUNCTION moved.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
    RETURN coalesce((SELECT c.stopped_at FROM moved.clock c), pg_catalog.clock_timestamp());
"""
_DEFINITION = "SELECT pg_get_functiondef(%s::regproc)"
_READERS = ("admit", "set_budget")
"""The functions that admission and budgets read the clock in."""


class MovedClock:
    """Replaces the clock of the SQL functions of admission, and nothing else of them. It runs until `stop`."""

    def __init__(self, owner: Any) -> None:
        """`owner` is a connection as the owner of a database that the test may damage."""
        self._owner = owner
        owner.execute(_MOVED_CLOCK)
        for name in _READERS:
            (function,) = owner.execute(_DEFINITION, (f"public.{name}",)).fetchone()
            moved = function.replace("pg_catalog.clock_timestamp()", "moved.clock_timestamp()")
            assert moved.count("moved.clock_timestamp()") == function.count("clock_timestamp()") > 0
            owner.execute(moved)

    def stop(self, at: datetime) -> datetime:
        """Stop the clock at this time, and return the time."""
        self._owner.execute("UPDATE moved.clock SET stopped_at = %s", (at,))
        return at

    def move(self, by: timedelta) -> datetime:
        """Move the stopped clock, forwards or back, and return its time."""
        row = self._owner.execute("UPDATE moved.clock SET stopped_at = stopped_at + %s RETURNING stopped_at", (by,))
        at: datetime = row.fetchone()[0]
        return at
