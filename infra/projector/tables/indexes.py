"""Creates the indexes of a new table in several sessions at the same time, the largest first.

A primary key is created as a unique index, which becomes the constraint afterwards. So it does not delay the others.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import psycopg
from psycopg import Connection

from infra.postgres.database import Row

_SESSION = """
SET maintenance_work_mem = '96MB';
SET max_parallel_maintenance_workers = 0;
SET synchronous_commit = off;
"""
"""Each session works alone: PostgreSQL's own parallel workers would take the processors from the other session. Nobody
uses the table before the swap, whose commit also writes all earlier commits to the disk."""
_END_OF_SESSION = "RESET synchronous_commit"
_INDEX = re.compile(r"CREATE (?:UNIQUE )?INDEX (\w+) ", re.IGNORECASE)
_PRIMARY_KEY = re.compile(r"ALTER TABLE (\w+) ADD CONSTRAINT (\w+) PRIMARY KEY (\([\w, ]+\))", re.IGNORECASE)
_UPDATE = re.compile("UPDATE ", re.IGNORECASE)
_SELECT_SIZE = "SELECT coalesce(pg_relation_size(to_regclass(%s)), 0)"


class Statements(NamedTuple):
    """The statements that complete a table after the load."""

    first: list[str]
    """Constraints, policies, triggers, grants."""
    indexes: list[str]
    marks: list[str]
    """Updates of rows that a unique index would refuse: they are marked as exceptions. They read the whole table, so
    they are executed only if the index was refused."""
    last: list[str]
    """What turns unique indexes into primary keys."""


def sort_statements(statements: Iterable[str]) -> Statements:
    """Sort the statements by when they are executed."""
    found = Statements([], [], [], [])
    for statement in statements:
        if key := _PRIMARY_KEY.match(statement):
            table, name, columns = key.groups()
            found.indexes.append(f"CREATE UNIQUE INDEX {name} ON {table} {columns}")
            found.last.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} PRIMARY KEY USING INDEX {name}")
        elif _INDEX.match(statement):
            found.indexes.append(statement)
        elif _UPDATE.match(statement):
            found.marks.append(statement)
        else:
            found.first.append(statement)
    return found


def create_indexes(sessions: Sequence[Connection[Row]], statements: Sequence[str], marks: Sequence[str] = ()) -> None:
    """Execute these statements, each of which creates an index. After an error or Ctrl-C, all of them are cancelled.

    The indexes of the served table, which have the same names, tell which index is large. `marks` are executed if an
    index finds two rows with the same key, and then the index is created again.
    """
    waiting = deque(sorted(statements, key=lambda statement: _served_size(sessions[0], statement), reverse=True))

    def work(conn: Connection[Row]) -> None:
        conn.execute(_SESSION)
        while waiting:
            _create(conn, waiting.popleft(), marks)
        conn.execute(_END_OF_SESSION)

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


def _create(conn: Connection[Row], statement: str, marks: Sequence[str]) -> None:
    try:
        conn.execute(statement)
    except psycopg.errors.UniqueViolation:
        for mark in marks:
            conn.execute(mark)
        conn.execute(statement)


def _served_size(conn: Connection[Row], statement: str) -> int:
    match = _INDEX.match(statement)
    assert match is not None
    row = conn.execute(_SELECT_SIZE, (f"public.{match[1]}",)).fetchone()
    assert row is not None
    (size,) = row
    return int(size)
