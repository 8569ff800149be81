"""Rows of documents that were stored before numbers were compared by key, and have no `number_key` yet.

The background worker folds them again. Until then a flag in `org_log`, which is read with the lock anyway, makes every
writer of the organization compare its number with those rows, too. See docs/decisions/0018.
"""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from infra.log.heads import clear_unkeyed, list_unkeyed, lock_position
from infra.postgres.database import Row
from projections.document import FIRST_WITH_KEY, DocumentProjection
from projections.registry import ROWS

REFOLD = "SET LOCAL app.refold = 'on'"
"""Until the end of the transaction, a row whose number is taken is marked and not refused."""
DECIDE = "SET LOCAL app.refold = 'off'"

EXISTS_UNKEYED = """
EXISTS (SELECT FROM {table} d WHERE d.org_id = %(org)s AND d.number_key IS NULL AND d.projection_version < {version})
"""


def compare_with_unkeyed(conn: Connection[Row], org_id: str, projection: DocumentProjection, id: str, row: Any) -> None:
    """Compare the number of a row that is about to be written with the rows that have no key yet.

    Raises DuplicateNumber, but not for a document that keeps its number: its stored row gets its key here and is marked
    where another document has the same one.
    """
    key = projection.number_key(row)
    if key is None:
        return
    found = conn.execute(*projection.select_unkeyed(org_id, id, row)).fetchall()
    same = {other: stored for other, *values, stored in found if projection.key_of(*values) == key}
    if id not in same and same:
        raise projection.duplicate(row, min(same))
    if id in same and same[id] is None:
        conn.execute(REFOLD)
        conn.execute(f"UPDATE {projection.table} SET number_key = %s WHERE org_id = %s AND id = %s", (key, org_id, id))
        conn.execute(DECIDE)


def end_comparing(conn: Connection[Row]) -> None:
    """Let writers compare keys alone in each organization of which no row waits any more."""
    for org_id in list_unkeyed(conn):
        if not _has_unkeyed(conn, org_id):
            with conn.transaction():
                lock_position(conn, org_id)
                if not _has_unkeyed(conn, org_id):  # a process of the previous version may have written one meanwhile
                    clear_unkeyed(conn, org_id)


def _has_unkeyed(conn: Connection[Row], org_id: str) -> bool:
    tables = [projection.table for projection in ROWS.values() if isinstance(projection, DocumentProjection)]
    exists = " OR ".join(EXISTS_UNKEYED.format(table=table, version=FIRST_WITH_KEY) for table in tables)
    return conn.execute(f"SELECT {exists}", {"org": org_id}).fetchone() == (True,)
