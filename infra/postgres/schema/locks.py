"""Finds the tables that a migration would lock, by reading its SQL, for `smartdhandha db migrate --dry-run`."""

from __future__ import annotations

import re
from typing import NamedTuple

from psycopg import Connection
from psycopg.rows import scalar_row

from infra.postgres.database import Row
from infra.postgres.schema.files import Migration

BLOCKS = {
    "ACCESS EXCLUSIVE": "reads and writes wait",
    "SHARE ROW EXCLUSIVE": "writes wait",
    "SHARE": "writes wait",
    "SHARE UPDATE EXCLUSIVE": "only other changes of the schema wait",
    "ROW EXCLUSIVE": "only changes of the same rows wait",
}
"""The lock modes of a table, strongest first, each with the statements that wait while a migration holds the lock."""

_NAME = r"([\w.\"]+)"
_INDEX = r"CREATE (?:UNIQUE )?INDEX"
_LOCKS = [
    (mode, re.compile(pattern.replace("NAME", _NAME), re.IGNORECASE))
    for pattern, mode in (
        (r"^(?:ALTER|DROP) (?:TABLE|VIEW)(?: IF EXISTS)?(?: ONLY)? NAME", "ACCESS EXCLUSIVE"),
        (r"^TRUNCATE (?:TABLE )?NAME", "ACCESS EXCLUSIVE"),
        (r"^DROP INDEX (?!CONCURRENTLY)(?:IF EXISTS )?NAME", "ACCESS EXCLUSIVE"),
        (r"^CREATE (?:OR REPLACE )?VIEW NAME", "ACCESS EXCLUSIVE"),
        (r"^(?:CREATE|ALTER|DROP) POLICY \S+ ON NAME", "ACCESS EXCLUSIVE"),
        (r"^DROP TRIGGER .*? ON NAME", "ACCESS EXCLUSIVE"),
        (r"\bPARTITION OF NAME", "ACCESS EXCLUSIVE"),
        (r"^CREATE (?:OR REPLACE )?(?:CONSTRAINT )?TRIGGER .*? ON NAME", "SHARE ROW EXCLUSIVE"),
        (r"\bREFERENCES NAME", "SHARE ROW EXCLUSIVE"),
        (rf"^{_INDEX} (?!CONCURRENTLY).*?ON NAME", "SHARE"),
        (rf"^{_INDEX} CONCURRENTLY .*?ON NAME", "SHARE UPDATE EXCLUSIVE"),
        (r"^DROP INDEX CONCURRENTLY (?:IF EXISTS )?NAME", "SHARE UPDATE EXCLUSIVE"),
        (r"^(?:UPDATE|INSERT INTO|DELETE FROM) NAME", "ROW EXCLUSIVE"),
    )
]
_BODY = re.compile(r"\$(\w*)\$.*?\$\1\$", re.DOTALL)
SELECT_TABLE = """
SELECT t.oid::regclass::text FROM pg_class c LEFT JOIN pg_index ON indexrelid = c.oid
CROSS JOIN LATERAL (
    SELECT coalesce(indrelid, c.oid) UNION SELECT relid FROM pg_partition_tree(coalesce(indrelid, c.oid))
) t (oid) WHERE c.oid = to_regclass(%s)
"""
"""A table by its name or by that of an index, and the partitions of the table: a lock on it is one on each of them."""


class TableLock(NamedTuple):
    """A lock on an existing table. The migration holds the lock until it has ended."""

    table: str
    mode: str

    @property
    def blocks(self) -> str:
        """Which statements wait while the lock is held."""
        return BLOCKS[self.mode]


def has_code(migration: Migration) -> bool:
    """Return whether the migration has a DO block. The locks of such a block cannot be read from the file."""
    return any(statement.upper().startswith("DO ") for statement in migration.statements)


def list_locks(conn: Connection[Row], migration: Migration) -> list[TableLock]:
    """Return the strongest lock of the migration on each table or view that the database has now."""
    strongest: dict[str, str] = {}
    order, find = list(BLOCKS), conn.cursor(row_factory=scalar_row)
    for statement in migration.statements:
        for name, mode in _names(_BODY.sub("", statement)):
            for table in find.execute(SELECT_TABLE, (name,)):
                strongest[table] = min(mode, strongest.get(table, mode), key=order.index)
    return [TableLock(*found) for found in sorted(strongest.items())]


def _names(statement: str) -> list[tuple[str, str]]:
    return [(name, mode) for mode, pattern in _LOCKS for name in pattern.findall(statement)]
