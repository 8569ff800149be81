"""Rebuilding read tables from the log while the service goes on.

A whole table is folded into a shadow of itself, made by the migrations' own DDL: filled by COPY in as many processes as
there are cores (two at most), indexed after the load, brought up to date organization by organization, and put in the
served table's place behind a gate that is shut for some milliseconds. One organization's rows are folded in place.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from multiprocessing import get_context, parent_process
from typing import Any, NamedTuple

import psycopg
from psycopg import Connection, sql

from infra.database import Row, connect_owner
from infra.ddl import ddl
from infra.mapper import MAPPER
from infra.records import COLUMNS, RecordedEvent, records
from projections.projection import RowProjection
from projections.rebuild import Folded, Undigested, fold_log
from projections.verify import compared_columns

LOCK = 0x5D_4E_B0
PAGE = 200
"""Aggregates that are folded again in one transaction, under the organization's head lock."""
_LOCK_PATIENCE = 3.0
"""Seconds in which the server notices that a rebuild was killed."""
_GATE_TIMEOUT = "200ms"
_GATE_TRIES = 300
_NEARLY = 200
"""Events behind the log at which the gate is shut."""

_HEADS = "SELECT org_id, position FROM org_log ORDER BY org_id"
_OF_KIND = f"""
SELECT {COLUMNS} FROM events WHERE org_id = %s AND name LIKE %s AND position <= %s
ORDER BY originator_id, originator_version
"""
_OF_AGGREGATES = f"""
SELECT {COLUMNS} FROM events WHERE org_id = %s AND originator_id = ANY(%s) AND position <= %s
ORDER BY originator_id, originator_version
"""
_TOUCHED = """
SELECT DISTINCT originator_id FROM events WHERE org_id = %s AND position > %s AND position <= %s AND name LIKE %s
"""
_SKIPS = "SELECT position FROM projection_skips WHERE org_id = %s AND projection = %s"

Progress = Callable[[int], None]
"""Is told how many more events have been folded."""


class AnotherRebuild(Exception):
    """Only one rebuild runs at a time."""


class GateStuck(Exception):
    """The served table could not be locked for the moment that the swap takes."""


class Loaded(NamedTuple):
    """What became of one organization's part of a rebuild."""

    org_id: str
    position: int
    events: int
    rows: int
    failure: str | None = None


class Rebuilt(NamedTuple):
    """What a rebuild has done; `failures` name the organizations whose rows were left as they were, and why."""

    events: int
    rows: int
    failures: list[str]


def rebuild_table(
    conninfo: str,
    projection: RowProjection[Any],
    on_progress: Progress = lambda events: None,
    processes: int | None = None,
) -> Rebuilt:
    """Rebuild a whole read table under live traffic.

    Raises AnotherRebuild. Killed at any moment it leaves the served table as it was; the next one clears up.
    """
    with connect_owner(conninfo) as conn, _alone(conn):
        _make_shadow(conn, projection)
        try:
            loaded = _load(conninfo, conn, projection, on_progress, processes or min(2, os.cpu_count() or 1))
            conn.execute(sql.SQL(ddl(projection.name, "after the load")))
            positions = {part.org_id: part.position for part in loaded}
            failed = {part.org_id: part.failure for part in loaded if part.failure}
            behind = _catch_up(conn, projection, positions, failed, on_progress)
            # As long as it comes nearer: beside writers who are faster than it, the gate ends the race.
            while behind > _NEARLY:
                before, behind = behind, _catch_up(conn, projection, positions, failed, on_progress)
                if behind >= before:
                    break
            _swap(conn, projection, positions, failed, on_progress)
        finally:
            conn.execute("SET search_path TO public")
            _drop_shadow(conn)
        conn.execute(sql.SQL("ANALYZE public.{}").format(sql.Identifier(projection.table)))
    failures = [failure for failure in failed.values() if failure]
    return Rebuilt(sum(part.events for part in loaded), sum(part.rows for part in loaded), failures)


def rebuild_organization(
    conn: Connection[Row],
    projection: RowProjection[Any],
    org_id: str,
    on_progress: Progress = lambda events: None,
    only_older: bool = False,
) -> Rebuilt:
    """Fold one organization's rows again in place, and remove rows of which the log knows nothing.

    Raises Undigested; what was folded before it stays. With `only_older`, only rows of an older version are touched.
    """
    try:
        return _rebuild_pages(conn, projection, org_id, on_progress, only_older)
    except (psycopg.errors.UniqueViolation, psycopg.errors.ExclusionViolation):
        if projection.in_place:
            raise
        return _rebuild_at_once(conn, projection, org_id)


def _rebuild_at_once(conn: Connection[Row], projection: RowProjection[Any], org_id: str) -> Rebuilt:
    """All rows in one transaction: damaged ones may hold each other's numbers, and then none can be mended alone."""
    skipped = _skips(conn, org_id, projection)
    with conn.transaction():
        head = conn.execute("SELECT position FROM org_log WHERE org_id = %s FOR UPDATE", (org_id,)).fetchone()
        log = read_log(conn, projection, org_id, head[0] if head else 0)
        folded = list(fold_log(org_id, projection, log, MAPPER.event, skipped))
        conn.execute(f"DELETE FROM {projection.table} WHERE org_id = %s", (org_id,))
        return Rebuilt(*copy_rows(conn, projection, projection.table, org_id, folded), [])


def _rebuild_pages(
    conn: Connection[Row], projection: RowProjection[Any], org_id: str, on_progress: Progress, only_older: bool
) -> Rebuilt:
    skipped = _skips(conn, org_id, projection)
    events = rows = 0
    for ids in _pages(conn, projection, org_id, only_older):
        with conn.transaction():
            head = conn.execute("SELECT position FROM org_log WHERE org_id = %s FOR UPDATE", (org_id,)).fetchone()
            upto = head[0] if head else 0
            found = records(conn.execute(_OF_AGGREGATES, (org_id, ids, upto), binary=True).fetchall())
            of_kind = [record for record in found if record.name.startswith(f"{projection.kind}.")]
            folded = list(fold_log(org_id, projection, of_kind, MAPPER.event, skipped))
            _replace(conn, projection, org_id, ids, folded)
        events, rows = events + len(of_kind), rows + len(folded)
        on_progress(len(of_kind))
    return Rebuilt(events, rows, [])


def skip(conn: Connection[Row], projection: RowProjection[Any], org_id: str, position: int, by: str) -> None:
    """Record that a projection leaves out an event. Raises LookupError when there is no such event of its kind."""
    row = conn.execute(
        "SELECT name FROM events WHERE org_id = %s AND position = %s AND name LIKE %s",
        (org_id, position, f"{projection.kind}.%"),
    ).fetchone()
    if row is None:
        raise LookupError(f"{org_id} has no event of the projection {projection.name} at position {position}.")
    conn.execute(
        "INSERT INTO projection_skips (org_id, projection, position, reason, skipped_by) VALUES (%s, %s, %s, %s, %s) "
        "ON CONFLICT DO NOTHING",
        (org_id, projection.name, position, f"skipped by command: {row[0]}", by),
    )


def read_log(conn: Connection[Row], projection: RowProjection[Any], org_id: str, upto: int) -> Iterator[RecordedEvent]:
    """The organization's events of the projection's kind, by aggregate and version; call it in a transaction."""
    with conn.cursor(name="log", binary=True) as cursor:
        cursor.itersize = 5000
        cursor.execute(_OF_KIND, (org_id, f"{projection.kind}.%", upto))
        while page := cursor.fetchmany(5000):
            yield from records(page)


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


@contextmanager
def _alone(conn: Connection[Row]) -> Iterator[None]:
    with suppress(psycopg.errors.InvalidParameterValue):  # where the server's system cannot tell
        conn.execute("SET client_connection_check_interval = '500ms'")  # a killed rebuild is not finished for nobody
    deadline = time.monotonic() + _LOCK_PATIENCE
    while conn.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone() != (True,):
        if time.monotonic() > deadline:
            raise AnotherRebuild("Another rebuild is running; wait for its end, or stop it.")
        time.sleep(0.1)
    try:
        yield
    finally:
        if not conn.closed:
            conn.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))


def _make_shadow(conn: Connection[Row], projection: RowProjection[Any]) -> None:
    _drop_shadow(conn)
    conn.execute("CREATE SCHEMA shadow")
    conn.execute("SET search_path TO shadow, public")
    conn.execute(sql.SQL(ddl(projection.name, "table")))


def _drop_shadow(conn: Connection[Row]) -> None:
    conn.execute("DROP SCHEMA IF EXISTS shadow CASCADE")


def _load(
    conninfo: str, conn: Connection[Row], projection: RowProjection[Any], on_progress: Progress, processes: int
) -> list[Loaded]:
    orgs = [row[0] for row in conn.execute(_HEADS)]
    shadow = _shadow_of(conn, projection)
    loaded = []
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_end_with_parent) as executor:
        try:
            parts = [executor.submit(load_organization, conninfo, projection.kind, org, shadow) for org in orgs]
            for future in as_completed(parts):
                loaded.append(future.result())
                on_progress(loaded[-1].events)
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise
    return loaded


def _end_with_parent() -> None:
    """A process of the pool would otherwise wait for ever when its parent is killed, and fill what is not its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which ends the pool
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _shadow_of(conn: Connection[Row], projection: RowProjection[Any]) -> int:
    row = conn.execute("SELECT to_regclass(%s)::oid", (f"shadow.{projection.table}",)).fetchone()
    return (row and row[0]) or 0


def load_organization(conninfo: str, kind: str, org_id: str, shadow: int) -> Loaded:
    """Fold one organization's log into this shadow; runs in a process of its own."""
    from projections.registry import ROWS  # noqa: PLC0415 -- imported where the work is done

    projection = ROWS[kind]
    with connect_owner(conninfo) as conn:
        row = conn.execute("SELECT position FROM org_log WHERE org_id = %s", (org_id,)).fetchone()
        position = row[0] if row else 0
        skipped = _skips(conn, org_id, projection)
        try:
            with connect_owner(conninfo) as reader, reader.transaction(), conn.transaction():
                conn.execute(f"LOCK TABLE shadow.{projection.table} IN ROW EXCLUSIVE MODE")
                if _shadow_of(conn, projection) != shadow:
                    raise RuntimeError("The shadow is another rebuild's; this one has ended.")
                log = read_log(reader, projection, org_id, position)
                folded = fold_log(org_id, projection, log, MAPPER.event, skipped)
                counts = copy_rows(conn, projection, f"shadow.{projection.table}", org_id, folded)
        except Undigested as undigested:
            return Loaded(org_id, position, 0, 0, str(undigested))
    return Loaded(org_id, position, *counts)


def _catch_up(
    conn: Connection[Row],
    projection: RowProjection[Any],
    positions: dict[str, int],
    failed: dict[str, str],
    on_progress: Progress,
) -> int:
    """Fold again in the shadow what has changed since `positions`; answers with the number of events behind."""
    behind = 0
    for org_id, head in conn.execute(_HEADS).fetchall():
        since = positions.get(org_id, 0)
        if head == since or org_id in failed:
            continue
        behind += head - since
        touched = (org_id, since, head, f"{projection.kind}.%")
        ids = [row[0] for row in conn.execute(_TOUCHED, touched)]
        try:
            _fold_into_shadow(conn, projection, org_id, ids, head)
        except Undigested as undigested:
            failed[org_id] = str(undigested)
        positions[org_id] = head
        on_progress(head - since)
    return behind


def _fold_into_shadow(
    conn: Connection[Row], projection: RowProjection[Any], org_id: str, ids: list[str], upto: int
) -> None:
    """All of these rows at once and as they were at that position, or one might hold the number that another had."""
    if not ids:
        return
    skipped = _skips(conn, org_id, projection)
    table = sql.Identifier("shadow", projection.table)
    with conn.transaction():
        conn.execute(sql.SQL("DELETE FROM {} WHERE org_id = %s AND id = ANY(%s)").format(table), (org_id, ids))
        for start in range(0, len(ids), PAGE):
            page = ids[start : start + PAGE]
            found = records(conn.execute(_OF_AGGREGATES, (org_id, page, upto), binary=True).fetchall())
            folded = list(fold_log(org_id, projection, found, MAPPER.event, skipped))
            copy_rows(conn, projection, f"shadow.{projection.table}", org_id, folded)


def _swap(
    conn: Connection[Row],
    projection: RowProjection[Any],
    positions: dict[str, int],
    failed: dict[str, str],
    on_progress: Progress,
) -> None:
    """Shut the gate, take in the rest of the committed log, and let the shadow take the table's place.

    The gate locks the view before the table, as readers do, and never the head of a log: a writer that has appended and
    waits at the gate writes its row to the new table.
    """
    for _ in range(_GATE_TRIES):
        try:
            with conn.transaction():
                conn.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(_GATE_TIMEOUT))
                conn.execute(
                    sql.SQL("LOCK TABLE public.{}, public.{} IN ACCESS EXCLUSIVE MODE").format(
                        sql.Identifier(projection.view), sql.Identifier(projection.table)
                    )
                )
                # Of copies: when the gate does not hold, the shadow goes back, and so must what is known of it.
                late = dict(failed)
                _catch_up(conn, projection, dict(positions), late, on_progress)
                _carry_over(conn, projection, list(late))
                conn.execute(sql.SQL(ddl(projection.name, "view")))
                conn.execute(sql.SQL("DROP TABLE public.{}").format(sql.Identifier(projection.table)))
                conn.execute(
                    sql.SQL("ALTER TABLE shadow.{} SET SCHEMA public").format(sql.Identifier(projection.table))
                )
            failed.update(late)
            return
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            _catch_up(conn, projection, positions, failed, on_progress)
            time.sleep(0.05)
    raise GateStuck(f"The table {projection.table} stayed in use; nothing was changed. Run the rebuild again later.")


def _carry_over(conn: Connection[Row], projection: RowProjection[Any], orgs: list[str]) -> None:
    """The rows of organizations whose log could not be folded stay as they are served."""
    columns = sql.SQL(", ").join(map(sql.Identifier, compared_columns(projection)))
    names = {"new": sql.Identifier("shadow", projection.table), "old": sql.Identifier("public", projection.table)}
    conn.execute(sql.SQL("DELETE FROM {new} WHERE org_id = ANY(%s)").format(**names), (orgs,))
    copy = "INSERT INTO {new} ({columns}) SELECT {columns} FROM {old} WHERE org_id = ANY(%s)"
    conn.execute(sql.SQL(copy).format(columns=columns, **names), (orgs,))


def _pages(conn: Connection[Row], projection: RowProjection[Any], org_id: str, only_older: bool) -> Iterator[list[str]]:
    if only_older:
        found = conn.execute(
            f"SELECT id FROM {projection.table} WHERE org_id = %s AND projection_version < %s ORDER BY id",
            (org_id, projection.version),
        )
    else:
        found = conn.execute(
            "SELECT originator_id FROM events WHERE org_id = %s AND originator_version = 1 AND name LIKE %s "
            f"UNION SELECT id FROM {projection.table} WHERE org_id = %s ORDER BY 1",
            (org_id, f"{projection.kind}.%", org_id),
        )
    ids = [row[0] for row in found.fetchall()]
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


def _skips(conn: Connection[Row], org_id: str, projection: RowProjection[Any]) -> Collection[int]:
    return {row[0] for row in conn.execute(_SKIPS, (org_id, projection.name))}
