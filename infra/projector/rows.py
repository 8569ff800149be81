"""Rebuilds rows in the served table itself, one organization at a time. tables/ rebuilds a whole table beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import psycopg
from psycopg import Connection

from domain.registry import kind_of
from infra.log.heads import lock_position
from infra.log.mapper import MAPPER
from infra.log.reading.histories import list_histories
from infra.log.reading.kinds import list_created, stream_kinds
from infra.log.unkeyed import REFOLD
from infra.postgres.database import Row
from infra.projector.copy_text import copy_line
from infra.projector.dependent import list_dependent
from infra.projector.results import OnProgress, RebuildResult
from infra.projector.skips import read_skips
from projections.folding.stored_event import UnreadableEvent
from projections.projection import FoldedRow, RowProjection

PAGE_AGGREGATES = 200
"""How many aggregates one transaction folds. The transaction locks the log, so with a larger number, commands wait
longer."""
_LINES_AT_ONCE = 50
"""How many rows are given to COPY at once, some 80 kB."""


def rebuild_in_place(
    conn: Connection[Row], projection: RowProjection[Any], orgs: Iterable[str], on_progress: OnProgress
) -> RebuildResult:
    """Fold the rows of these organizations again. If an event cannot be read, continue with the next organization."""
    events, rows, failures = 0, 0, []
    for org_id in orgs:
        try:
            part = rebuild_organization(conn, projection, org_id, on_progress)
            events, rows = events + part.events, rows + part.rows
        except UnreadableEvent as unreadable:
            failures.append(str(unreadable))
    return RebuildResult(events, rows, failures)


def rebuild_organization(
    conn: Connection[Row],
    projection: RowProjection[Any],
    org_id: str,
    on_progress: OnProgress = lambda events: None,
    only_older: bool = False,
) -> RebuildResult:
    """Fold one organization's rows again, and delete rows whose aggregate is not in the log.

    With `only_older`, fold only rows of an older version. Raises UnreadableEvent; rows that were folded before the
    unreadable event stay stored.
    """
    try:
        return _rebuild_pages(conn, projection, org_id, on_progress, only_older)
    except (psycopg.errors.UniqueViolation, psycopg.errors.ExclusionViolation):
        if projection.in_place:
            raise
        return _rebuild_at_once(conn, projection, org_id)


def organizations_with_older_rows(conn: Connection[Row], projection: RowProjection[Any]) -> list[str]:
    """Return the organizations that have rows of an older version of the projection."""
    older = f"SELECT DISTINCT org_id FROM {projection.table} WHERE projection_version < %s ORDER BY org_id"
    return [org_id for (org_id,) in conn.execute(older, (projection.version,)).fetchall()]


def copy_rows(
    conn: Connection[Row], projection: RowProjection[Any], table: str, org_id: str, rows: Iterable[FoldedRow]
) -> tuple[int, int]:
    """Insert rows into a table by COPY. Return how many events were folded into the rows, and the number of rows."""
    columns = ", ".join(projection.stored_columns)
    events = count = 0
    with conn.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        lines: list[str] = []
        for row in rows:
            lines.append(copy_line((org_id, row.id, projection.version, *projection.values(row.row))))
            events, count = events + row.events, count + 1
            if count % _LINES_AT_ONCE == 0:
                copy.write("".join(lines))
                lines.clear()
        copy.write("".join(lines))
    return events, count


def _rebuild_at_once(conn: Connection[Row], projection: RowProjection[Any], org_id: str) -> RebuildResult:
    """Fold all rows of the organization in one transaction.

    Numbers are unique. If pages were committed one by one, a damaged row on a later page could still have the number of
    a row on an earlier page.
    """
    skipped = read_skips(conn, org_id, projection.name)
    with conn.transaction():
        conn.execute(REFOLD)
        log = stream_kinds(conn, org_id, [projection.kind], lock_position(conn, org_id))
        rows = list(projection.fold_log(org_id, log, MAPPER.event, skipped, MAPPER.state))
        conn.execute(f"DELETE FROM {projection.table} WHERE org_id = %s", (org_id,))
        return RebuildResult(*copy_rows(conn, projection, projection.table, org_id, rows), [])


def _rebuild_pages(
    conn: Connection[Row], projection: RowProjection[Any], org_id: str, on_progress: OnProgress, only_older: bool
) -> RebuildResult:
    skipped = read_skips(conn, org_id, projection.name)
    events = count = 0
    for ids in _pages(conn, projection, org_id, only_older):
        with conn.transaction():
            conn.execute(REFOLD)
            log = list_histories(conn, org_id, ids, lock_position(conn, org_id))
            of_kind = [event for event in log if kind_of(event.name) == projection.kind]
            rows = list(projection.fold_log(org_id, of_kind, MAPPER.event, skipped, MAPPER.state))
            _replace(conn, projection, org_id, ids, rows)
        events, count = events + len(of_kind), count + len(rows)
        on_progress(len(of_kind))
    return RebuildResult(events, count, [])


def _pages(conn: Connection[Row], projection: RowProjection[Any], org_id: str, only_older: bool) -> Iterator[list[str]]:
    stored = f"SELECT id FROM {projection.table} WHERE org_id = %s AND (NOT %s OR projection_version < %s)"
    found = {id for (id,) in conn.execute(stored, (org_id, only_older, projection.version))}
    if not only_older:
        found.update(list_created(conn, org_id, projection.kind))
        found.update(list_dependent(conn, projection, org_id))
    ids = sorted(found)
    for start in range(0, len(ids), PAGE_AGGREGATES):
        yield ids[start : start + PAGE_AGGREGATES]


def _replace(
    conn: Connection[Row], projection: RowProjection[Any], org_id: str, ids: list[str], rows: list[FoldedRow]
) -> None:
    """Write these rows. An existing row is updated: it is never deleted and inserted again.

    Another transaction may wait for the row, and must find it after this transaction.
    """
    select = f"SELECT id FROM {projection.table} WHERE org_id = %s AND id = ANY(%s)"
    present = {id for (id,) in conn.execute(select, (org_id, ids))}
    gone = list(set(ids) - {row.id for row in rows})
    conn.execute(f"DELETE FROM {projection.table} WHERE org_id = %s AND id = ANY(%s)", (org_id, gone))
    with conn.pipeline():
        for id in gone:
            for statement, values in projection.deletions(org_id, id):
                conn.execute(statement, values)
        for id, row, _ in rows:
            statements = projection.statements(org_id, id, row, id not in present)
            for statement, values in (*projection.deletions(org_id, id), *statements):
                conn.execute(statement, values)
