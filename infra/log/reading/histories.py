"""Queries on the events of single objects, in the order of their versions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from psycopg import Connection, Cursor

from infra.log.reading.cursors import folded_row, record_row, select_records
from infra.log.records import COLUMNS, FOLDED_COLUMNS, FoldedRecord, RecordedEvent
from infra.postgres.database import Row

HISTORY_ROWS = 100
"""How many rows a server-side cursor of a request fetches at once. The number is small, because a process handles
several requests at the same time."""
VERSION_ROWS = 1000
"""How many events one statement of `stream_versions` reads."""
SELECT_HISTORY = f"SELECT {COLUMNS} FROM events WHERE org_id = %s AND originator_id = %s ORDER BY originator_version"
SELECT_HISTORIES = f"""
SELECT {COLUMNS} FROM events WHERE org_id = %s AND originator_id = ANY(%s) AND position <= %s
ORDER BY originator_id, originator_version
"""
SELECT_HISTORIES_TO = f"""
SELECT {", ".join(f"e.{name}" for name in COLUMNS.split(", "))}
FROM unnest(%s::text[], %s::bigint[]) AS wanted (id, version)
JOIN events e ON e.org_id = %s AND e.originator_id = wanted.id AND e.originator_version <= wanted.version
ORDER BY e.originator_id, e.originator_version
"""
SELECT_VERSIONS = f"""
SELECT {", ".join(f"e.{name}" for name in FOLDED_COLUMNS.split(", "))}
FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS wanted (id, first, last)
JOIN events e ON e.org_id = %s AND e.originator_id = wanted.id
    AND e.originator_version BETWEEN wanted.first AND wanted.last
ORDER BY e.originator_id, e.originator_version
"""
_BEFORE = """
org_id = %(org)s AND originator_id = %(id)s AND (%(before)s::bigint IS NULL OR originator_version < %(before)s)
"""
SELECT_LAST = f"SELECT {COLUMNS} FROM events WHERE {_BEFORE} ORDER BY originator_version DESC LIMIT %(limit)s"
SELECT_EARLIER = f"""
SELECT {FOLDED_COLUMNS} FROM events WHERE org_id = %(org)s AND originator_id = %(id)s AND originator_version < (
    SELECT originator_version FROM events WHERE {_BEFORE} ORDER BY originator_version DESC OFFSET %(limit)s - 1 LIMIT 1
) ORDER BY originator_version
"""
SELECT_NAMED = f"""
SELECT {COLUMNS} FROM events WHERE org_id = %s AND originator_id = ANY(%s) AND name = ANY(%s)
ORDER BY originator_id, originator_version
"""


def select_history(conn: Connection[Row], org_id: str, id: str) -> Cursor[RecordedEvent]:
    """Query an aggregate's events by version."""
    return select_records(conn, SELECT_HISTORY, (org_id, id))


def select_last(conn: Connection[Row], org_id: str, id: str, before: int | None, limit: int) -> Cursor[RecordedEvent]:
    """Query the last `limit` events of an aggregate, the newest first. With `before`, only those below this version."""
    return select_records(conn, SELECT_LAST, {"org": org_id, "id": id, "before": before, "limit": limit})


def select_earlier(conn: Connection[Row], org_id: str, id: str, before: int | None, limit: int) -> Cursor[FoldedRecord]:
    """Query by version what is folded of the events before those of `select_last`."""
    values = {"org": org_id, "id": id, "before": before, "limit": limit}
    return conn.cursor(binary=True, row_factory=folded_row).execute(SELECT_EARLIER, values)


def list_histories(conn: Connection[Row], org_id: str, ids: list[str], upto: int) -> list[RecordedEvent]:
    """Return the events of these aggregates up to a position, ordered by aggregate and version."""
    return select_records(conn, SELECT_HISTORIES, (org_id, ids, upto)).fetchall()


def stream_histories(conn: Connection[Row], org_id: str, versions: Mapping[str, int]) -> Iterator[RecordedEvent]:
    """Yield the events of these aggregates, each up to its version in `versions`, ordered by aggregate and version.

    Call it in a transaction: it reads through a server-side cursor.
    """
    with conn.cursor(name="histories", binary=True, row_factory=record_row) as cursor:
        cursor.itersize = HISTORY_ROWS
        cursor.execute(SELECT_HISTORIES_TO, (list(versions), list(versions.values()), org_id))
        yield from cursor


def stream_versions(conn: Connection[Row], org_id: str, versions: Mapping[str, int]) -> Iterator[FoldedRecord]:
    """Yield what is folded of the events of these aggregates, each up to its version, ordered by aggregate and version.

    Each statement reads at most VERSION_ROWS events, so it needs no transaction.
    """
    for ranges in _ranges(sorted(versions.items()), VERSION_ROWS):
        ids, firsts, lasts = zip(*ranges, strict=True)
        values = (list(ids), list(firsts), list(lasts), org_id)
        yield from conn.cursor(binary=True, row_factory=folded_row).execute(SELECT_VERSIONS, values).fetchall()


def _ranges(versions: Iterable[tuple[str, int]], most: int) -> Iterator[list[tuple[str, int, int]]]:
    """Yield lists of ids with their first and last versions. The ranges of a list have at most `most` versions."""
    ranges, free = list[tuple[str, int, int]](), most
    for id, last in versions:
        first = 1
        while first <= last:
            upto = min(last, first + free - 1)
            ranges.append((id, first, upto))
            free -= upto - first + 1
            first = upto + 1
            if not free:
                yield ranges
                ranges, free = [], most
    if ranges:
        yield ranges


def list_named(conn: Connection[Row], org_id: str, ids: list[str], names: Collection[str]) -> list[RecordedEvent]:
    """Return the events of these aggregates that have one of these names, ordered by aggregate and version."""
    return select_records(conn, SELECT_NAMED, (org_id, ids, list(names))).fetchall()
