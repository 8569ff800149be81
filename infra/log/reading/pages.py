"""Queries on a log in the order of its positions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from psycopg import Connection, Cursor

from infra.log.reading import cursors
from infra.log.reading.cursors import select_records
from infra.log.records import COLUMNS, RecordedEvent
from infra.postgres.database import Row
from infra.postgres.statements import Call, call_of
from projections.query.page import fitting_sql

BEFORE_ALL = -(2**63)
"""A position below all others, even below those of events that somebody inserted before position 1."""
SELECT_PAGE = f"SELECT {COLUMNS} FROM events WHERE org_id = %s AND position > %s ORDER BY position LIMIT %s"
_SUMMED = "FROM {checkpoints} p WHERE p.org_id = %(org)s"
# Positions are dense, so the second bound is a limit. Between two bounds PostgreSQL expects few rows: it uses an index.
# After a single one that it does not know, it expects a third of the log, and may read all of it. It does the same if a
# bound is more than a subquery: under a policy, it takes `coalesce` for a function that could tell others' rows.
SELECT_EVENTS_NOT_SUMMED = f"""
SELECT {COLUMNS} FROM events WHERE org_id = %(org)s
AND position > (SELECT coalesce(max(p.position), 0) {_SUMMED})
AND position <= (SELECT coalesce(max(p.position), 0) + %(limit)s::bigint {_SUMMED}) ORDER BY position
"""


def list_page(conn: Connection[Row], org_id: str, after: int, limit: int) -> list[RecordedEvent]:
    """Return the next events of a log after a position."""
    return select_records(conn, SELECT_PAGE, (org_id, after, limit)).fetchall()


def page_sql(org: str, after: str, limit: str) -> str:
    """Return the next events of a log after a position, without their contents, as a table of another statement.

    The arguments are SQL expressions.
    """
    return f"event_page({org}, {after}, {limit}::integer)"


def stream_log(conn: Connection[Row], org_id: str, after: int = 0, upto: int | None = None) -> Iterator[RecordedEvent]:
    """Yield a log's events after the position `after`, and up to the position `upto`, if it is not None.

    The events are read page by page. Outside of a transaction, events that are appended meanwhile are included.
    """
    while page := list_page(conn, org_id, after, cursors.STREAM_ROWS):
        for record in page:
            if upto is not None and record.position > upto:
                return
            yield record
        after = page[-1].position


def select_events_not_summed(conn: Connection[Row], checkpoints: str, org_id: str, limit: int) -> Cursor[RecordedEvent]:
    """Query the first events that are not in the sums yet.

    `checkpoints` is the name of the table with the checkpoints of these sums.
    """
    return select_records(
        conn, SELECT_EVENTS_NOT_SUMMED.format(checkpoints=checkpoints), {"org": org_id, "limit": limit}
    )


def select_where(
    conn: Connection[Row],
    conditions: Sequence[str],
    values: Mapping[str, Any],
    order_by: str = "position",
    limit: int | None = None,
) -> Cursor[RecordedEvent]:
    """Query the events of the organization `values["org"]` that meet all conditions, which are SQL expressions."""
    sql = f"SELECT {COLUMNS} FROM events WHERE {' AND '.join(('org_id = %(org)s', *conditions))} ORDER BY {order_by}"
    if limit is None:
        return select_records(conn, sql, values)
    return select_records(conn, f"{sql} LIMIT %(limit)s", {**values, "limit": limit})


def select_fitting(conditions: Sequence[str], values: Sequence[Any], order_by: str, limit: int) -> Call:
    """Return the query for the events that meet all conditions. Conditions are SQL expressions with `%s` for a value.

    The `state`, `metadata` and `personal` of an event are None if with them the page would be too large.
    """
    source = f"events WHERE {' AND '.join(conditions)}"
    sql = fitting_sql(COLUMNS.split(", "), ("state", "metadata", "personal"), source, order_by, "%s")
    return call_of(sql, (*values, limit))
