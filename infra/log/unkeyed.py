"""Rows of documents that have no `number_key` yet, because an earlier version of the service wrote them.

The background worker folds these rows again, which gives them their key. Until then, the flag `unkeyed_numbers` of the
organization is set in `org_log`, and each command also compares its document's number with these rows. A command reads
the flag together with the head. See docs/decisions/0018.
"""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from infra.log.heads import clear_unkeyed, list_unkeyed, lock_position
from infra.postgres.database import Row
from projections.document import FIRST_WITH_KEY, DocumentProjection
from projections.registry import ROWS

REFOLD = "SET LOCAL app.refold = 'on'"
"""Executed before rows are folded again. Until the end of the transaction, a row is then stored with a mark if another
document has its number. Without this statement, PostgreSQL refuses such a row."""
DECIDE = "SET LOCAL app.refold = 'off'"
"""Ends the effect of REFOLD: from now on, a row is refused if another document has its number."""

EXISTS_UNKEYED = """
EXISTS (SELECT FROM {table} d WHERE d.org_id = %(org)s AND d.number_key IS NULL AND d.projection_version < {version})
"""


def compare_with_unkeyed(conn: Connection[Row], org_id: str, projection: DocumentProjection, id: str, row: Any) -> None:
    """Compare the number of a row that is about to be written with the rows that have no key yet.

    Raises DuplicateNumber when one of these rows has the number. A document that keeps its number is never refused: its
    stored row gets its key now, and also a mark if another document has the same key.
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
    """Clear the flag of each organization in which every row has its key. Its commands then compare only keys."""
    for org_id in list_unkeyed(conn):
        if not _has_unkeyed(conn, org_id):
            with conn.transaction():
                lock_position(conn, org_id)
                if not _has_unkeyed(conn, org_id):  # a process of the previous version may just have written a row
                    clear_unkeyed(conn, org_id)


def _has_unkeyed(conn: Connection[Row], org_id: str) -> bool:
    tables = [projection.table for projection in ROWS.values() if isinstance(projection, DocumentProjection)]
    exists = " OR ".join(EXISTS_UNKEYED.format(table=table, version=FIRST_WITH_KEY) for table in tables)
    return conn.execute(f"SELECT {exists}", {"org": org_id}).fetchone() == (True,)
