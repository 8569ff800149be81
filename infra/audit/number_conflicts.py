"""Finds documents with the same number. Earlier versions of the service, which had no `number_key`, stored them."""

from __future__ import annotations

from typing import NamedTuple

from psycopg import Connection
from psycopg.rows import args_row

from infra.postgres.database import Row
from projections.document import DocumentProjection
from projections.registry import ROWS

SELECT_CONFLICTS = """
SELECT c.org_id, %(kind)s::text, c.id, c.{number}, k.id, k.{number}
FROM {table} c JOIN {table} k ON k.org_id = c.org_id AND k.number_key = c.number_key AND NOT k.number_clash
WHERE c.number_clash AND (%(org)s::text IS NULL OR c.org_id = %(org)s) ORDER BY c.org_id, c.number_key, c.id
"""


class NumberConflict(NamedTuple):
    """A marked document, and its holder: the earlier document with the same number (see docs/decisions/0018)."""

    org_id: str
    kind: str
    id: str
    number: str
    holder_id: str
    holder_number: str


def list_number_conflicts(conn: Connection[Row], org_id: str | None) -> list[NumberConflict]:
    """Return the marked documents of one organization, or of all organizations."""
    found: list[NumberConflict] = []
    for kind, projection in ROWS.items():
        if isinstance(projection, DocumentProjection):
            select = SELECT_CONFLICTS.format(table=projection.table, number=projection.aggregate.number_field)
            cursor = conn.cursor(row_factory=args_row(NumberConflict))
            found += cursor.execute(select, {"org": org_id, "kind": kind}).fetchall()
    return sorted(found)
