"""Counts organizations, heads and events against each other: none of the three may be there without the others."""

from __future__ import annotations

from typing import NamedTuple

from psycopg import Connection
from psycopg.rows import args_row

from infra.postgres.database import Row

WITNESSES = ("chain_checks", "balance_progress", "past_row_progress", "webhook_cursors")
"""Tables with positions up to which a log was read: each of these positions was once in the log."""
_WHICH = "WHERE %(org)s::text IS NULL OR org_id = %(org)s"
_WITNESSED = "".join(f" UNION ALL SELECT org_id, '{table}', position, 0 FROM {table} {_WHICH}" for table in WITNESSES)
_SELECT_PRESENCES = f"""
SELECT org_id, bool_or(place = 'organization'), max(position) FILTER (WHERE place = 'head'), sum(events)::bigint,
    max(position) FILTER (WHERE place <> 'head'),
    (array_agg(place ORDER BY position DESC) FILTER (WHERE place <> 'head' AND position IS NOT NULL))[1]
FROM (
    SELECT org_id, 'organization' AS place, NULL::bigint AS position, 0 AS events FROM organizations {_WHICH}
    UNION ALL SELECT org_id, 'head', position, 0 FROM org_log {_WHICH}
    UNION ALL SELECT org_id, 'event', NULL, count(*) FROM events {_WHICH} GROUP BY org_id{_WITNESSED}
) found GROUP BY org_id ORDER BY org_id
"""


class Presence(NamedTuple):
    """What there is of one organization."""

    org_id: str
    has_organization: bool
    head: int | None
    """The position in the head of its log; None without a head."""
    events: int
    seen: int | None
    """The highest position of its log that another table names, and this table; None if none does."""
    witness: str | None

    @property
    def is_unfinished_import(self) -> bool:
        """Whether there are only events: an import stores them first."""
        return not self.has_organization and self.head is None

    def missing(self) -> str | None:
        """Return in words what is missing; None if nothing is."""
        if self.is_unfinished_import:
            return (
                f"the organization and the head of its log are gone; events that are left: {self.events} "
                "(if an import was interrupted, import the copy again)"
            )
        if self.head is None:
            return f"the head of the log is gone; events that are left: {self.events}"
        if not self.has_organization:
            return f"the organization of the log is gone; events that are left: {self.events}"
        return None


def list_presences(conn: Connection[Row], org_id: str | None = None) -> list[Presence]:
    """Return what there is of each organization that any of the tables names, in one snapshot, in the order of ids.

    With `org_id`, only what there is of this one: nothing, if no table names it.
    """
    return conn.cursor(row_factory=args_row(Presence)).execute(_SELECT_PRESENCES, {"org": org_id}).fetchall()
