"""Queries on the past: an object up to a version or a time, and the place in a log at a time."""

from __future__ import annotations

from datetime import date, datetime

from psycopg import Connection, Cursor

from infra.log.reading.cursors import select_records
from infra.log.reading.zones import PRESENT
from infra.log.records import COLUMNS, FOLDED_COLUMNS, RecordedEvent
from infra.postgres.database import Row


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


_OF_OBJECT = "org_id = %(org)s AND originator_id = %(id)s"
_VERSION_AT = last_place("originator_version", _OF_OBJECT, "recorded_at <= %(as_of)s::timestamptz")
SELECT_UNTIL_VERSION, SELECT_UNTIL_TIME = (
    f"SELECT {COLUMNS} FROM events WHERE {_OF_OBJECT} AND originator_version <= {until} ORDER BY originator_version"
    for until in ("%(version)s::bigint", _VERSION_AT)
)


def first_since(day: str) -> str:
    """Return an SQL expression: the first position of a log since the beginning of a day; behind the last one if none.

    `day` is an SQL expression of a date. The log is that of the organization `o` of the query. Its days are those of
    the zone that counts now, in which pages show times.
    """
    midnight = f"({day}::date)::timestamp AT TIME ZONE o.time_zone"
    return f"1 + {last_place('position', 'org_id = o.org_id', f'recorded_at < {midnight}')}"


FIRST_OF_DAYS, END_OF_DAYS = (
    f"SELECT {place} FROM org_log l JOIN {PRESENT} o USING (org_id) WHERE l.org_id = %(org)s"
    for place in (
        f"CASE WHEN %(first)s::date IS NULL THEN 1 ELSE {first_since('%(first)s')} END",
        "least(%(before)s::bigint, CASE WHEN %(after)s::date IS NULL THEN l.position + 1 ELSE "
        f"{first_since('%(after)s')} END)",
    )
)
"""Query the first position of the days from `first` on, and the position of the first event from the day `after` on or
from the position `before` on. A value that is null does not limit the range."""
SELECT_DAYS = f"SELECT ({FIRST_OF_DAYS}), ({END_OF_DAYS})"
SELECT_REPLACED_LATELY = f"""
WITH progress AS MATERIALIZED (
    SELECT coalesce((SELECT position FROM {{checkpoints}} WHERE org_id = %s), 0) AS position
), changed AS (
    SELECT n.originator_id AS id, min(n.originator_version) - 1 AS version FROM events n
    WHERE n.org_id = %s AND n.position > (SELECT position FROM progress)
    AND n.position <= (SELECT position FROM progress) + %s
    AND n.recorded_at > %s AND n.originator_version > 1 AND n.name LIKE %s GROUP BY n.originator_id
)
SELECT {", ".join(f"e.{name}" for name in FOLDED_COLUMNS.split(", "))} FROM changed
JOIN events l ON l.org_id = %s AND l.originator_id = changed.id AND l.originator_version = changed.version
    AND l.recorded_at <= %s
JOIN events e ON e.org_id = %s AND e.originator_id = changed.id AND e.originator_version <= changed.version
ORDER BY e.originator_id, e.originator_version
"""
"""Query the events, up to a time, of the objects whose first change after it is behind the position of a checkpoint.

The values are: organization, organization, how many events behind the checkpoint are searched, time, pattern of the
names, organization, time, organization."""


def select_days(conn: Connection[Row], org_id: str, first: date | None, after: date | None) -> Cursor[tuple[int, int]]:
    """Query the first position of the days from `first` on, and the first position from the day `after` on.

    None does not limit the range.
    """
    return conn.cursor().execute(SELECT_DAYS, {"org": org_id, "first": first, "after": after, "before": None})


def select_until(
    conn: Connection[Row], org_id: str, id: str, version: int | None, as_of: datetime | None
) -> Cursor[RecordedEvent]:
    """Query an aggregate's events up to a version, or up to a time. Later events are not read."""
    sql = SELECT_UNTIL_TIME if version is None else SELECT_UNTIL_VERSION
    return select_records(conn, sql, {"org": org_id, "id": id, "version": version, "as_of": as_of})
