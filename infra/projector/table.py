"""Rebuilding a whole read table from the log while the service goes on.

The table is folded into a shadow of itself, made by the migrations' own DDL: filled by COPY in as many processes as
there are cores (two at most), indexed after the load, brought up to date organization by organization, and put in the
served table's place (infra/swap.py).
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from multiprocessing import active_children, get_context, parent_process
from typing import Any, NamedTuple

import psycopg
from psycopg import Connection, sql

from infra.log.heads import get_position, get_positions
from infra.log.mapper import MAPPER
from infra.postgres.database import DatabaseUnreachable, Row, connect_owner
from infra.postgres.ddl import ddl
from infra.projector.rows import Progress, Rebuilt, copy_rows, read_log, skips
from infra.projector.swap import catch_up, swap
from projections.projection import RowProjection
from projections.rebuild import UnreadableEvent, fold_log

LOCK = 0x5D_4E_B0
_LOCK_PATIENCE = 3.0
"""Seconds in which the server notices that a rebuild was killed."""
_NEARLY = 200
"""Events behind the log at which the gate is shut."""


class AnotherRebuild(Exception):
    """Only one rebuild runs at a time."""


class Loaded(NamedTuple):
    """What became of one organization's part of a rebuild."""

    org_id: str
    position: int
    events: int
    rows: int
    failure: str | None = None


def rebuild_table(
    conninfo: str,
    projection: RowProjection[Any],
    on_progress: Progress = lambda events: None,
    processes: int | None = None,
) -> Rebuilt:
    """Rebuild a whole read table under live traffic.

    Raises AnotherRebuild and TableLocked. Ended early, by an error or by Ctrl-C, it leaves nothing behind; killed at
    any moment it leaves the served table as it was, and the next one clears up.
    """
    try:
        with connect_owner(conninfo) as conn, _alone(conn):
            rebuilt = _rebuild(conninfo, conn, projection, on_progress, processes or min(2, os.cpu_count() or 1))
            conn.execute(sql.SQL("ANALYZE public.{}").format(sql.Identifier(projection.table)))
            return rebuilt
    except AnotherRebuild:
        raise
    except BaseException:
        _clear_up(conninfo)
        raise


def _rebuild(
    conninfo: str, conn: Connection[Row], projection: RowProjection[Any], on_progress: Progress, processes: int
) -> Rebuilt:
    _make_shadow(conn, projection)
    loaded = _load(conninfo, conn, projection, on_progress, processes)
    conn.execute(sql.SQL(ddl(projection.name, "after the load")))
    positions = {part.org_id: part.position for part in loaded}
    failed = {part.org_id: part.failure for part in loaded if part.failure}
    behind = catch_up(conn, projection, positions, failed, on_progress)
    # As long as it comes nearer: beside writers who are faster than it, the gate ends the race.
    while behind > _NEARLY:
        before, behind = behind, catch_up(conn, projection, positions, failed, on_progress)
        if behind >= before:
            break
    swap(conn, projection, positions, failed, on_progress)
    _drop_shadow(conn)
    return Rebuilt(sum(part.events for part in loaded), sum(part.rows for part in loaded), list(failed.values()))


def _clear_up(conninfo: str) -> None:
    """On a connection of its own: what was interrupted may have left the other in the midst of a statement."""
    with suppress(psycopg.Error, DatabaseUnreachable, AnotherRebuild), connect_owner(conninfo) as conn, _alone(conn):
        _drop_shadow(conn)


@contextmanager
def _alone(conn: Connection[Row]) -> Iterator[None]:
    with suppress(psycopg.errors.InvalidParameterValue):  # where the server's system cannot tell
        conn.execute("SET client_connection_check_interval = '500ms'")  # a killed rebuild is not finished for nobody
    deadline = time.monotonic() + _LOCK_PATIENCE
    while conn.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone() != (True,):
        if time.monotonic() > deadline:
            raise AnotherRebuild("Another rebuild is running; wait for its end, or stop it.")
        time.sleep(0.1)
    yield
    conn.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))  # after a failure it goes with the connection


def _make_shadow(conn: Connection[Row], projection: RowProjection[Any]) -> None:
    _drop_shadow(conn)
    conn.execute("CREATE SCHEMA shadow")
    conn.execute("SET search_path TO shadow, public")
    conn.execute(sql.SQL(ddl(projection.name, "table")))


def _drop_shadow(conn: Connection[Row]) -> None:
    conn.execute("SET search_path TO public")
    conn.execute("DROP SCHEMA IF EXISTS shadow CASCADE")


def _load(
    conninfo: str, conn: Connection[Row], projection: RowProjection[Any], on_progress: Progress, processes: int
) -> list[Loaded]:
    orgs = list(get_positions(conn))
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
            for process in active_children():  # what they fold is wanted no more
                process.terminate()
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
        position = get_position(conn, org_id)
        skipped = skips(conn, org_id, projection)
        try:
            with connect_owner(conninfo) as reader, reader.transaction(), conn.transaction():
                conn.execute(f"LOCK TABLE shadow.{projection.table} IN ROW EXCLUSIVE MODE")
                if _shadow_of(conn, projection) != shadow:
                    raise RuntimeError("The shadow is another rebuild's; this one has ended.")
                log = read_log(reader, projection, org_id, position)
                folded = fold_log(org_id, projection, log, MAPPER.event, skipped)
                counts = copy_rows(conn, projection, f"shadow.{projection.table}", org_id, folded)
        except UnreadableEvent as unreadable:
            return Loaded(org_id, position, 0, 0, str(unreadable))
    return Loaded(org_id, position, *counts)
