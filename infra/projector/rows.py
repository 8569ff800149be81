"""Folding one organization's rows again in place, and what every rebuild has in common.

A whole table is rebuilt beside the served one: see infra/shadow.py.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, NamedTuple

import psycopg
from psycopg import Connection

from infra.log.heads import lock_position
from infra.log.mapper import MAPPER
from infra.log.reader import get_name, list_created, list_histories, stream_kinds
from infra.log.records import RecordedEvent
from infra.postgres.database import Row
from projections.projection import RowProjection
from projections.rebuild import Folded, fold_log
from projections.verify import compared_columns

PAGE = 200
"""Aggregates that are folded again in one transaction, under the organization's head lock."""

_SKIPS = "SELECT position FROM projection_skips WHERE org_id = %s AND projection = %s"

Progress = Callable[[int], None]
"""Is told how many more events have been folded."""


class Rebuilt(NamedTuple):
    """What a rebuild has done; `failures` name the organizations whose rows were left as they were, and why."""

    events: int
    rows: int
    failures: list[str]


def rebuild_organization(
    conn: Connection[Row],
    projection: RowProjection[Any],
    org_id: str,
    on_progress: Progress = lambda events: None,
    only_older: bool = False,
) -> Rebuilt:
    """Fold one organization's rows again in place, and remove rows of which the log knows nothing.

    Raises UnreadableEvent; what was folded before it stays. With `only_older`, only rows of an older version are
    touched.
    """
    try:
        return _rebuild_pages(conn, projection, org_id, on_progress, only_older)
    except (psycopg.errors.UniqueViolation, psycopg.errors.ExclusionViolation):
        if projection.in_place:
            raise
        return _rebuild_at_once(conn, projection, org_id)


def skip(conn: Connection[Row], projection: RowProjection[Any], org_id: str, position: int, by: str) -> None:
    """Record that a projection leaves out an event. Raises LookupError when there is no such event of its kind."""
    name = get_name(conn, org_id, position)
    if name is None or name.partition(".")[0] != projection.kind:
        raise LookupError(f"{org_id} has no event of the projection {projection.name} at position {position}.")
    conn.execute(
        "INSERT INTO projection_skips (org_id, projection, position, reason, skipped_by) VALUES (%s, %s, %s, %s, %s) "
        "ON CONFLICT DO NOTHING",
        (org_id, projection.name, position, f"skipped by command: {name}", by),
    )


def read_log(conn: Connection[Row], projection: RowProjection[Any], org_id: str, upto: int) -> Iterator[RecordedEvent]:
    """The organization's events of the projection's kind, by aggregate and version; call it in a transaction."""
    return stream_kinds(conn, org_id, [projection.kind], upto)


def copy_rows(
    conn: Connection[Row], projection: RowProjection[Any], table: str, org_id: str, folded: Iterable[Folded]
) -> tuple[int, int]:
    """Fill a table with these rows by COPY; answers with the number of events and rows."""
    columns = ", ".join(compared_columns(projection))
    events = rows = 0
    with conn.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for id, row, count in folded:
            copy.write_row((org_id, id, projection.version, *projection.values(row)))
            events, rows = events + count, rows + 1
    return events, rows


def skips(conn: Connection[Row], org_id: str, projection: RowProjection[Any]) -> Collection[int]:
    """The positions that this projection leaves out, since someone has said so."""
    return {row[0] for row in conn.execute(_SKIPS, (org_id, projection.name))}


def _rebuild_at_once(conn: Connection[Row], projection: RowProjection[Any], org_id: str) -> Rebuilt:
    """All rows in one transaction: damaged ones may hold each other's numbers, and then none can be mended alone."""
    skipped = skips(conn, org_id, projection)
    with conn.transaction():
        log = read_log(conn, projection, org_id, lock_position(conn, org_id))
        folded = list(fold_log(org_id, projection, log, MAPPER.event, skipped))
        conn.execute(f"DELETE FROM {projection.table} WHERE org_id = %s", (org_id,))
        return Rebuilt(*copy_rows(conn, projection, projection.table, org_id, folded), [])


def _rebuild_pages(
    conn: Connection[Row], projection: RowProjection[Any], org_id: str, on_progress: Progress, only_older: bool
) -> Rebuilt:
    skipped = skips(conn, org_id, projection)
    events = rows = 0
    for ids in _pages(conn, projection, org_id, only_older):
        with conn.transaction():
            found = list_histories(conn, org_id, ids, lock_position(conn, org_id))
            of_kind = [record for record in found if record.name.startswith(f"{projection.kind}.")]
            folded = list(fold_log(org_id, projection, of_kind, MAPPER.event, skipped))
            _replace(conn, projection, org_id, ids, folded)
        events, rows = events + len(of_kind), rows + len(folded)
        on_progress(len(of_kind))
    return Rebuilt(events, rows, [])


def _pages(conn: Connection[Row], projection: RowProjection[Any], org_id: str, only_older: bool) -> Iterator[list[str]]:
    if only_older:
        older = f"SELECT id FROM {projection.table} WHERE org_id = %s AND projection_version < %s ORDER BY id"
        ids = [row[0] for row in conn.execute(older, (org_id, projection.version))]
    else:
        stored = conn.execute(f"SELECT id FROM {projection.table} WHERE org_id = %s", (org_id,))
        ids = sorted({*list_created(conn, org_id, projection.kind), *(row[0] for row in stored)})
    for start in range(0, len(ids), PAGE):
        yield ids[start : start + PAGE]


def _replace(
    conn: Connection[Row], projection: RowProjection[Any], org_id: str, ids: list[str], folded: list[Folded]
) -> None:
    """Update rows that are there rather than delete them: whoever waits for such a row goes on with it."""
    there = f"SELECT id FROM {projection.table} WHERE org_id = %s AND id = ANY(%s)"
    present = {row[0] for row in conn.execute(there, (org_id, ids))}
    gone = list(present - {id for id, _, _ in folded})
    conn.execute(f"DELETE FROM {projection.table} WHERE org_id = %s AND id = ANY(%s)", (org_id, gone))
    with conn.pipeline():
        for id, row, _ in folded:
            for statement, values in projection.statements(org_id, id, row, id not in present):
                conn.execute(statement, values)
