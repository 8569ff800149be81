"""Creates the indexes of a new table in several sessions at the same time, the largest first."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from psycopg import Connection

from infra.postgres.database import Row

_SESSION = """
SET maintenance_work_mem = '96MB';
SET max_parallel_maintenance_workers = 0;
"""
"""Each session works alone: PostgreSQL's own parallel workers would take the processors from the other session."""
_INDEX = re.compile(r"CREATE (?:UNIQUE )?INDEX (\w+) ", re.IGNORECASE)
_SELECT_SIZE = "SELECT coalesce(pg_relation_size(to_regclass(%s)), 0)"


def is_index(statement: str) -> bool:
    """Return whether the statement creates an index."""
    return _INDEX.match(statement) is not None


def create_indexes(sessions: Sequence[Connection[Row]], statements: Sequence[str]) -> None:
    """Execute these statements, each of which creates an index. After an error or Ctrl-C, all of them are cancelled.

    The indexes of the served table, which have the same names, tell which index is large.
    """
    waiting = deque(sorted(statements, key=lambda statement: _served_size(sessions[0], statement), reverse=True))

    def work(conn: Connection[Row]) -> None:
        conn.execute(_SESSION)
        while waiting:
            conn.execute(waiting.popleft())

    with ThreadPoolExecutor(len(sessions)) as threads:
        futures = [threads.submit(work, conn) for conn in sessions]
        try:
            for future in futures:
                future.result()
        except BaseException:
            waiting.clear()
            for conn in sessions:
                conn.cancel_safe()
            raise


def _served_size(conn: Connection[Row], statement: str) -> int:
    match = _INDEX.match(statement)
    assert match is not None
    row = conn.execute(_SELECT_SIZE, (f"public.{match[1]}",)).fetchone()
    assert row is not None
    (size,) = row
    return int(size)
