"""Skips: events that a projection leaves out, because an operator has decided this."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from domain.registry import kind_of
from infra.log.reading.objects import get_name
from infra.postgres.database import Row
from projections.projection import RowProjection

_INSERT_SKIP = """
INSERT INTO projection_skips (org_id, projection, position, reason, skipped_by) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""
_SELECT_SKIPS = """
SELECT position FROM projection_skips
WHERE org_id = %(org)s AND (%(projection)s::text IS NULL OR projection = %(projection)s)
"""
_SELECT_OWN_SKIPS = "SELECT position FROM projection_skip_list WHERE org_id = %s AND projection = %s"


def skip_event(conn: Connection[Row], projection: RowProjection[Any], org_id: str, position: int, by: str) -> None:
    """Record that a projection leaves out an event. `by` is the operator.

    Raises LookupError when the event at this position does not exist or belongs to another projection.
    """
    name = get_name(conn, org_id, position)
    if name is None or kind_of(name) != projection.kind:
        raise LookupError(f"{org_id} has no event of the projection {projection.name} at position {position}.")
    conn.execute(_INSERT_SKIP, (org_id, projection.name, position, f"skipped by command: {name}", by))


def read_skips(conn: Connection[Row], org_id: str, projection: str | None = None) -> set[int]:
    """Return the positions that this projection leaves out. For None, return those that any projection leaves out."""
    rows = conn.execute(_SELECT_SKIPS, {"org": org_id, "projection": projection})
    return {position for (position,) in rows}


def read_own_skips(conn: Connection[Row], org_id: str, projection: str) -> set[int]:
    """Return the positions that this projection leaves out of the log of the transaction's own organization."""
    return {position for (position,) in conn.execute(_SELECT_OWN_SKIPS, (org_id, projection))}
