"""Every query on the events of an organization's log (the table `events`). Queries on the log's head are in heads.py.

A function `select_…` sends one statement and returns its cursor. So such functions can be used in a pipeline, in which
the rows are fetched later. Most functions return RecordedEvents of one organization; the others say what they return.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from psycopg import Connection, Cursor
from psycopg.rows import args_row, scalar_row

from infra.log.records import COLUMNS, FOLDED_COLUMNS, FoldedRecord, RecordedEvent
from infra.postgres.database import Row
from infra.postgres.statements import Call, call_of
from projections.query.page import fitting_sql

BEFORE_ALL = -(2**63)
"""A position below all others, even below those of events that somebody inserted before position 1."""
STREAM_ROWS = 5000
"""How many rows a server-side cursor fetches at once."""
HISTORY_ROWS = 100
"""How many rows a server-side cursor of a request fetches at once. The number is small, because a process handles
several requests at the same time."""

_record = args_row(RecordedEvent)
_folded = args_row(FoldedRecord)


class Life(NamedTuple):
    """What is known of an aggregate without its state: its first event's name and time, and its last version."""

    name: str
    began_at: datetime
    version: int


SELECT_HISTORY = f"SELECT {COLUMNS} FROM events WHERE org_id = %s AND originator_id = %s ORDER BY originator_version"
LAST_VERSION = "(SELECT max(originator_version) AS version FROM events WHERE org_id = %s AND originator_id = %s)"
"""A table for other statements: the last version of an aggregate, or null if there is no event of it."""
LAST_POSITION = "(SELECT max(e.position) FROM events e WHERE e.org_id = l.org_id)"
"""An SQL expression for a query on logs `l`: the position of the last event."""
SELECT_HISTORIES = f"""
SELECT {COLUMNS} FROM events WHERE org_id = %s AND originator_id = ANY(%s) AND position <= %s
ORDER BY originator_id, originator_version
"""
SELECT_KINDS = f"""
SELECT {COLUMNS} FROM events WHERE org_id = %s AND name LIKE ANY(%s) AND position <= %s
ORDER BY originator_id, originator_version
"""
SELECT_KIND = f"""
SELECT {FOLDED_COLUMNS} FROM events WHERE org_id = %s AND name LIKE %s AND position <= %s
AND originator_id >= %s AND (%s::text IS NULL OR originator_id < %s)
ORDER BY originator_id, originator_version
"""
SELECT_HISTORIES_TO = f"""
SELECT {", ".join(f"e.{name}" for name in COLUMNS.split(", "))}
FROM unnest(%s::text[], %s::bigint[]) AS wanted (id, version)
JOIN events e ON e.org_id = %s AND e.originator_id = wanted.id AND e.originator_version <= wanted.version
ORDER BY e.originator_id, e.originator_version
"""
SELECT_NAMED = f"""
SELECT {COLUMNS} FROM events WHERE org_id = %s AND originator_id = ANY(%s) AND name = ANY(%s)
ORDER BY originator_id, originator_version
"""
SELECT_PAGE = f"SELECT {COLUMNS} FROM events WHERE org_id = %s AND position > %s ORDER BY position LIMIT %s"
SELECT_EVENTS_NOT_SUMMED = f"""
SELECT {COLUMNS} FROM events WHERE org_id = %(org)s AND position > coalesce(
    (SELECT p.position FROM {{checkpoints}} p WHERE p.org_id = %(org)s), 0
) ORDER BY position LIMIT %(limit)s
"""
FIRST_POSITIONS = "(SELECT org_id, originator_id, position FROM events WHERE originator_version = 1)"
"""The position of each aggregate's first event, as a table of a query that names the organizations and aggregates."""
SELECT_LIFE = """
SELECT name, recorded_at, (
    SELECT max(originator_version) FROM events WHERE org_id = %(org)s AND originator_id = %(id)s
) FROM events WHERE org_id = %(org)s AND originator_id = %(id)s ORDER BY originator_version LIMIT 1
"""
SELECT_NAME = "SELECT name FROM events WHERE org_id = %s AND position = %s"
SELECT_ORGANIZATIONS_OF = "SELECT DISTINCT org_id FROM events WHERE originator_id = %s AND org_id = ANY(%s)"
SELECT_CREATED = "SELECT originator_id FROM events WHERE org_id = %s AND originator_version = 1 AND name LIKE %s"
SELECT_SAMPLE = """
SELECT originator_id FROM events WHERE org_id = %s AND position = ANY(%s) AND name LIKE %s ORDER BY originator_id
"""
SELECT_CHANGED = """
SELECT DISTINCT originator_id FROM events WHERE org_id = %s AND position > %s AND position <= %s AND name LIKE %s
"""
SELECT_CHANGED_IN_FIELDS = """
SELECT DISTINCT originator_id FROM events WHERE org_id = %s AND originator_id = ANY(%s) AND originator_version > 1
AND name = ANY(%s) AND state ~ %s
"""
DELETE_WITHOUT_ORGANIZATION = """
DELETE FROM events WHERE org_id = %(org)s AND position IN (
    SELECT position FROM events WHERE org_id = %(org)s ORDER BY position LIMIT %(limit)s
) AND NOT EXISTS (SELECT FROM organizations WHERE org_id = %(org)s)
"""
"""Deletes events of an organization that does not exist: an import has stored them, and has not ended."""
COUNT_KIND = "SELECT count(*) FROM events WHERE name LIKE %s AND (%s::text IS NULL OR org_id = %s)"


def select_history(conn: Connection[Row], org_id: str, id: str) -> Cursor[RecordedEvent]:
    """Query an aggregate's events by version."""
    return _select(conn, SELECT_HISTORY, (org_id, id))


def list_histories(conn: Connection[Row], org_id: str, ids: list[str], upto: int) -> list[RecordedEvent]:
    """Return the events of these aggregates up to a position, ordered by aggregate and version."""
    return _select(conn, SELECT_HISTORIES, (org_id, ids, upto)).fetchall()


def stream_kinds(conn: Connection[Row], org_id: str, kinds: Iterable[str], upto: int) -> Iterator[RecordedEvent]:
    """Yield the events of all aggregates of these kinds up to a position, ordered by aggregate and version.

    Call it in a transaction: it reads through a server-side cursor.
    """
    with conn.cursor(name="log", binary=True, row_factory=_record) as cursor:
        cursor.itersize = STREAM_ROWS
        cursor.execute(SELECT_KINDS, (org_id, [_pattern(kind) for kind in kinds], upto))
        yield from cursor


def stream_kind(
    conn: Connection[Row], org_id: str, kind: str, upto: int, first_id: str = "", before_id: str | None = None
) -> Iterator[FoldedRecord]:
    """Yield what is folded of the events of a kind up to a position, ordered by aggregate and version.

    Only the aggregates with ids from `first_id` on and before `before_id` are read; None means all from `first_id` on.
    Call it in a transaction: it reads through a server-side cursor.
    """
    with conn.cursor(name="kind", binary=True, row_factory=_folded) as cursor:
        cursor.execute(SELECT_KIND, (org_id, _pattern(kind), upto, first_id, before_id, before_id))
        while rows := cursor.fetchmany(STREAM_ROWS):
            yield from rows


def stream_histories(conn: Connection[Row], org_id: str, versions: Mapping[str, int]) -> Iterator[RecordedEvent]:
    """Yield the events of these aggregates, each up to its version in `versions`, ordered by aggregate and version.

    Call it in a transaction: it reads through a server-side cursor.
    """
    with conn.cursor(name="histories", binary=True, row_factory=_record) as cursor:
        cursor.itersize = HISTORY_ROWS
        cursor.execute(SELECT_HISTORIES_TO, (list(versions), list(versions.values()), org_id))
        yield from cursor


def list_named(conn: Connection[Row], org_id: str, ids: list[str], names: Collection[str]) -> list[RecordedEvent]:
    """Return the events of these aggregates that have one of these names, ordered by aggregate and version."""
    return _select(conn, SELECT_NAMED, (org_id, ids, list(names))).fetchall()


def list_page(conn: Connection[Row], org_id: str, after: int, limit: int) -> list[RecordedEvent]:
    """Return the next events of a log after a position."""
    return _select(conn, SELECT_PAGE, (org_id, after, limit)).fetchall()


def page_sql(org: str, after: str, limit: str) -> str:
    """Return the next events of a log after a position, without their contents, as a table of another statement.

    The arguments are SQL expressions.
    """
    columns = "position, name, recorded_at, chain_hash"
    return f"(SELECT {columns} FROM events WHERE org_id = {org} AND position > {after} ORDER BY position LIMIT {limit})"


def stream_log(conn: Connection[Row], org_id: str, after: int = 0, upto: int | None = None) -> Iterator[RecordedEvent]:
    """Yield a log's events after the position `after`, and up to the position `upto`, if it is not None.

    The events are read page by page. Outside of a transaction, events that are appended meanwhile are included.
    """
    while page := list_page(conn, org_id, after, STREAM_ROWS):
        for record in page:
            if upto is not None and record.position > upto:
                return
            yield record
        after = page[-1].position


def select_events_not_summed(conn: Connection[Row], checkpoints: str, org_id: str, limit: int) -> Cursor[RecordedEvent]:
    """Query the first events that are not in the sums yet.

    `checkpoints` is the name of the table with the checkpoints of these sums.
    """
    return _select(conn, SELECT_EVENTS_NOT_SUMMED.format(checkpoints=checkpoints), {"org": org_id, "limit": limit})


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
        return _select(conn, sql, values)
    return _select(conn, f"{sql} LIMIT %(limit)s", {**values, "limit": limit})


def last_place(place: str, events: str, time: str) -> str:
    """Return an SQL expression: the last place of these events that meets a condition on its time; 0 if none does.

    `place` is `position` or `originator_version`, and `events` is a condition: in these events, places are dense from 1
    on, and times increase with them. `time` is a condition on `recorded_at` that holds up to a certain event only. So
    the query halves the range in each step: it reads 13 of 5 000 events.
    """
    return f"""(
        WITH RECURSIVE search (low, high) AS (
            SELECT 0::bigint, coalesce((SELECT max({place})::bigint FROM events WHERE {events}), 0)
            UNION ALL
            SELECT CASE WHEN meets THEN middle ELSE low END, CASE WHEN meets THEN high ELSE middle - 1 END
            FROM (
                SELECT low, high, middle, coalesce(
                    (SELECT {time} FROM events WHERE {events} AND {place} = middle), false
                ) AS meets
                FROM (SELECT low, high, (low + high + 1) / 2 AS middle FROM search WHERE low < high) halved OFFSET 0
            ) looked_up
        )
        SELECT low FROM search WHERE low >= high
    )"""


def select_first_since(conn: Connection[Row], org_id: str, since: datetime) -> Cursor[int]:
    """Query the first position of a log that was recorded at or after a time; behind the last one if there is none."""
    return conn.cursor(row_factory=scalar_row).execute(SELECT_FIRST_SINCE, {"org": org_id, "since": since})


def select_life(conn: Connection[Row], org_id: str, id: str) -> Cursor[Life]:
    """Query the life of an aggregate. There is no row if the log has no event of it."""
    return conn.cursor(binary=True, row_factory=args_row(Life)).execute(SELECT_LIFE, {"org": org_id, "id": id})


def select_until(
    conn: Connection[Row], org_id: str, id: str, version: int | None, as_of: datetime | None
) -> Cursor[RecordedEvent]:
    """Query an aggregate's events up to a version, or up to a time. Later events are not read."""
    sql = SELECT_UNTIL_TIME if version is None else SELECT_UNTIL_VERSION
    return _select(conn, sql, {"org": org_id, "id": id, "version": version, "as_of": as_of})


def select_fitting(conditions: Sequence[str], values: Sequence[Any], order_by: str, limit: int) -> Call:
    """Return the query for the events that meet all conditions. Conditions are SQL expressions with `%s` for a value.

    The `state` and `metadata` of an event are None if with them the page would be too large.
    """
    source = f"events WHERE {' AND '.join(conditions)}"
    sql = fitting_sql(COLUMNS.split(", "), ("state", "metadata"), source, order_by, "%s")
    return call_of(sql, (*values, limit))


def get_name(conn: Connection[Row], org_id: str, position: int) -> str | None:
    """Return the name of the event at a position; None when the log has no such position."""
    return _select_scalars(conn, SELECT_NAME, (org_id, position)).fetchone()


def list_organizations_of(conn: Connection[Row], id: str, orgs: list[str]) -> list[str]:
    """Return the ids of the organizations, among `orgs`, whose log has events of the aggregate."""
    return _select_scalars(conn, SELECT_ORGANIZATIONS_OF, (id, orgs)).fetchall()


def list_created(conn: Connection[Row], org_id: str, kind: str) -> list[str]:
    """Return the ids of all aggregates of a kind."""
    return _select_scalars(conn, SELECT_CREATED, (org_id, _pattern(kind))).fetchall()


def sample_ids(conn: Connection[Row], org_id: str, kind: str, upto: int, count: int) -> list[str]:
    """Return the aggregates of the events at `count` positions, evenly spread up to a position, in the order of ids.

    Only aggregates of a kind are returned, an aggregate once for each of its events.
    """
    positions = [upto * number // count for number in range(1, count + 1)]
    return _select_scalars(conn, SELECT_SAMPLE, (org_id, positions, _pattern(kind))).fetchall()


def list_changed(conn: Connection[Row], org_id: str, kind: str, after: int, upto: int) -> list[str]:
    """Return the ids of the aggregates of a kind that have an event after position `after`, up to position `upto`."""
    return _select_scalars(conn, SELECT_CHANGED, (org_id, after, upto, _pattern(kind))).fetchall()


def list_changed_in_fields(
    conn: Connection[Row], org_id: str, ids: list[str], names: Collection[str], fields: Iterable[str]
) -> list[str]:
    """Return the ids of the aggregates, among `ids`, in which one of `fields` was changed after the first event.

    Only events with one of `names` are searched.
    """
    pattern = f'"({"|".join(fields)})":'
    return _select_scalars(conn, SELECT_CHANGED_IN_FIELDS, (org_id, ids, list(names), pattern)).fetchall()


def count_kind(conn: Connection[Row], kind: str, org_id: str | None = None) -> int:
    """Return the number of events of a kind, of one organization or of all."""
    return _select_scalars(conn, COUNT_KIND, (_pattern(kind), org_id, org_id)).fetchone() or 0


def _select(conn: Connection[Row], sql: str, args: Sequence[Any] | Mapping[str, Any]) -> Cursor[RecordedEvent]:
    return conn.cursor(binary=True, row_factory=_record).execute(sql, args)


def _select_scalars(conn: Connection[Row], sql: str, args: Sequence[Any]) -> Cursor[Any]:
    return conn.cursor(row_factory=scalar_row).execute(sql, args)


SELECT_FIRST_SINCE = f"SELECT 1 + {last_place('position', 'org_id = %(org)s', 'recorded_at < %(since)s::timestamptz')}"
_OF_OBJECT = "org_id = %(org)s AND originator_id = %(id)s"
_VERSION_AT = last_place("originator_version", _OF_OBJECT, "recorded_at <= %(as_of)s::timestamptz")
SELECT_UNTIL_VERSION, SELECT_UNTIL_TIME = (
    f"SELECT {COLUMNS} FROM events WHERE {_OF_OBJECT} AND originator_version <= {until} ORDER BY originator_version"
    for until in ("%(version)s::bigint", _VERSION_AT)
)


def _pattern(kind: str) -> str:
    """Return the LIKE pattern for the names of a kind's events."""
    return f"{kind}.%"
