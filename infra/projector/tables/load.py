"""The first step of the rebuild of a table: several processes fold all logs into the new table."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from multiprocessing import active_children, get_context, parent_process
from typing import NamedTuple

from psycopg import Connection

from infra.log.heads import get_position
from infra.log.mapper import MAPPER
from infra.log.reading.kinds import stream_kind
from infra.log.reading.parts import Part
from infra.postgres.database import Row, connect_as_table_owner
from infra.projector.rows import copy_rows
from infra.projector.skips import read_skips
from infra.projector.tables.shadow import ShadowTable
from projections.folding.stored_event import UnreadableEvent
from projections.registry import ROWS


class LoadedPart(NamedTuple):
    """The result of loading a part of a log up to a position. If it has a `failure`, no row was loaded.

    `events` were folded. `planned` is how many events the part has, roughly, with those of other kinds.
    """

    org_id: str
    position: int
    planned: int
    events: int
    rows: int
    failure: str | None = None


def load_parts(conninfo: str, kind: str, parts: Iterable[Part], shadow: int, processes: int) -> Iterator[LoadedPart]:
    """Load the rows of these parts in several processes. Yield the result of each part when it is loaded.

    `kind` is the kind of the objects in the table, and `shadow` is the OID of the shadow table.
    """
    context = get_context("forkserver")  # imports the code once, and the processes share its memory
    context.set_forkserver_preload([__name__])
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_begin) as executor:
        try:
            futures = [executor.submit(load_part, conninfo, kind, part, shadow) for part in parts]
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            for process in active_children():  # after an error, the results of these processes are not needed
                process.terminate()
            raise


def load_part(conninfo: str, kind: str, part: Part, shadow: int) -> LoadedPart:
    """Fold a part into the shadow table with the OID `shadow`. This runs in a process of its own."""
    projection = ROWS[kind]
    conn, reader = _connections(conninfo)
    org_id = part.org_id
    position = get_position(conn, org_id) if part.position is None else part.position
    skipped = read_skips(conn, org_id, projection.name)
    try:
        with reader.transaction(), conn.transaction():
            table = ShadowTable(conn, projection)
            table.lock_for_load()
            if table.oid() != shadow:
                raise RuntimeError("The shadow table belongs to another rebuild; this rebuild has ended.")
            log = stream_kind(reader, org_id, projection.kind, position, part.first_id, part.before_id)
            rows = projection.fold_log(org_id, log, MAPPER.event, skipped, MAPPER.state)
            counts = copy_rows(conn, projection, table.name, org_id, rows)
    except UnreadableEvent as unreadable:
        return LoadedPart(org_id, position, part.events, 0, 0, str(unreadable))
    return LoadedPart(org_id, position, part.events, *counts)


@cache
def _connections(conninfo: str) -> tuple[Connection[Row], Connection[Row]]:
    """Return the connections of this process: one writes rows, while the other one reads the log.

    Nobody waits until rows are on the disk: the commit of the swap also writes all earlier commits. For a part of a
    large log, PostgreSQL would start workers that read the whole table of events; without them, it uses the index.
    """
    writer, reader = connect_as_table_owner(conninfo), connect_as_table_owner(conninfo)
    writer.execute("SET synchronous_commit = off")
    reader.execute("SET max_parallel_workers_per_gather = 0")
    return writer, reader


def _begin() -> None:
    """Prepare this process, and end it when its parent is killed.

    Without this, the process could wait for ever, or write into the shadow table of another rebuild.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Ctrl-C, the parent ends the processes of the pool
    gc.freeze()  # the objects of the code are never garbage, and events are no cycles, so there is little to collect
    gc.set_threshold(50_000, 20, 50)
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
