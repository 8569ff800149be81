"""Queries on the events of all objects of a kind, for whole projections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from psycopg import Connection

from infra.log.reading.cursors import STREAM_ROWS, folded_row, record_row, select_scalars
from infra.log.records import COLUMNS, FOLDED_COLUMNS, FoldedRecord, RecordedEvent
from infra.postgres.database import Row

_OF_KINDS = """
FROM events WHERE org_id = %s AND name LIKE ANY(%s) AND position <= %s
AND originator_id >= %s AND (%s::text IS NULL OR originator_id < %s) ORDER BY originator_id, originator_version
"""
SELECT_KINDS = f"SELECT {COLUMNS} {_OF_KINDS}"
SELECT_KIND = f"SELECT {FOLDED_COLUMNS} {_OF_KINDS}"
SELECT_CREATED = "SELECT originator_id FROM events WHERE org_id = %s AND originator_version = 1 AND name LIKE %s"
SELECT_SAMPLE = """
SELECT originator_id FROM events WHERE org_id = %s AND position = ANY(%s) AND name LIKE ANY(%s) ORDER BY originator_id
"""
SELECT_CHANGED = """
SELECT DISTINCT originator_id FROM events
WHERE org_id = %s AND position > %s AND position <= %s AND name LIKE ANY(%s)
"""
COUNT_KIND = "SELECT count(*) FROM events WHERE name LIKE %s AND (%s::text IS NULL OR org_id = %s)"


def stream_kinds(
    conn: Connection[Row],
    org_id: str,
    kinds: Iterable[str],
    upto: int,
    first_id: str = "",
    before_id: str | None = None,
) -> Iterator[RecordedEvent]:
    """Yield the events of all aggregates of these kinds up to a position, ordered by aggregate and version.

    Only the aggregates with ids from `first_id` on and before `before_id` are read; None means all from `first_id` on.
    Call it in a transaction: it reads through a server-side cursor.
    """
    with conn.cursor(name="log", binary=True, row_factory=record_row) as cursor:
        cursor.itersize = STREAM_ROWS
        cursor.execute(SELECT_KINDS, (org_id, _patterns(kinds), upto, first_id, before_id, before_id))
        yield from cursor


def stream_kind(
    conn: Connection[Row], org_id: str, kind: str, upto: int, first_id: str = "", before_id: str | None = None
) -> Iterator[FoldedRecord]:
    """Yield what is folded of the events of one kind, like `stream_kinds`."""
    with conn.cursor(name="kind", binary=True, row_factory=folded_row) as cursor:
        cursor.execute(SELECT_KIND, (org_id, _patterns([kind]), upto, first_id, before_id, before_id))
        while rows := cursor.fetchmany(STREAM_ROWS):
            yield from rows


def list_created(conn: Connection[Row], org_id: str, kind: str) -> list[str]:
    """Return the ids of all aggregates of a kind."""
    return select_scalars(conn, SELECT_CREATED, (org_id, _pattern(kind))).fetchall()


def sample_ids(conn: Connection[Row], org_id: str, kinds: Iterable[str], upto: int, count: int) -> list[str]:
    """Return the aggregates of the events at `count` positions, evenly spread up to a position, in the order of ids.

    Only aggregates of these kinds are returned, an aggregate once for each of its events.
    """
    positions = [upto * number // count for number in range(1, count + 1)]
    return select_scalars(conn, SELECT_SAMPLE, (org_id, positions, _patterns(kinds))).fetchall()


def list_changed(conn: Connection[Row], org_id: str, kinds: Iterable[str], after: int, upto: int) -> list[str]:
    """Return the ids of the aggregates of these kinds that have an event after position `after`, up to `upto`."""
    return select_scalars(conn, SELECT_CHANGED, (org_id, after, upto, _patterns(kinds))).fetchall()


def count_kind(conn: Connection[Row], kind: str, org_id: str | None = None) -> int:
    """Return the number of events of a kind, of one organization or of all."""
    return select_scalars(conn, COUNT_KIND, (_pattern(kind), org_id, org_id)).fetchone() or 0


def _pattern(kind: str) -> str:
    """Return the LIKE pattern for the names of a kind's events."""
    return f"{kind}.%"


def _patterns(kinds: Iterable[str]) -> list[str]:
    return [_pattern(kind) for kind in kinds]
