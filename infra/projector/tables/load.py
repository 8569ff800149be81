"""The first step of the rebuild of a table: several processes fold all logs into the new table."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import active_children, get_context, parent_process
from typing import Any, NamedTuple

from infra.log.heads import get_position
from infra.log.mapper import MAPPER
from infra.log.reader import stream_kinds
from infra.postgres.database import connect_as_table_owner
from infra.projector.rows import copy_rows
from infra.projector.skips import read_skips
from infra.projector.tables.shadow import ShadowTable
from projections.folding.stored_event import UnreadableEvent
from projections.projection import RowProjection


class LoadedLog(NamedTuple):
    """The result of loading one organization's log up to a position. If it has a `failure`, no row was loaded."""

    org_id: str
    position: int
    events: int
    rows: int
    failure: str | None = None


def load_logs(
    conninfo: str, projection: RowProjection[Any], orgs: Iterable[str], shadow: int, processes: int
) -> Iterator[LoadedLog]:
    """Load the rows of these organizations in several processes. Yield the result of each log when it is loaded.

    `shadow` is the OID of the shadow table.
    """
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_end_with_parent) as executor:
        try:
            futures = [executor.submit(load_log, conninfo, projection, org_id, shadow) for org_id in orgs]
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            for process in active_children():  # after an error, the results of these processes are not needed
                process.terminate()
            raise


def load_log(conninfo: str, projection: RowProjection[Any], org_id: str, shadow: int) -> LoadedLog:
    """Fold one organization's log into the shadow table with the OID `shadow`. This runs in a process of its own."""
    with connect_as_table_owner(conninfo) as conn:
        position = get_position(conn, org_id)
        skipped = read_skips(conn, org_id, projection.name)
        try:
            with connect_as_table_owner(conninfo) as reader, reader.transaction(), conn.transaction():
                table = ShadowTable(conn, projection)
                table.lock_for_load()
                if table.oid() != shadow:
                    raise RuntimeError("The shadow table belongs to another rebuild; this rebuild has ended.")
                log = stream_kinds(reader, org_id, [projection.kind], position)
                rows = projection.fold_log(org_id, log, MAPPER.event, skipped)
                counts = copy_rows(conn, projection, table.name, org_id, rows)
        except UnreadableEvent as unreadable:
            return LoadedLog(org_id, position, 0, 0, str(unreadable))
    return LoadedLog(org_id, position, *counts)


def _end_with_parent() -> None:
    """End this process when its parent is killed.

    Without this, the process could wait for ever, or write into the shadow table of another rebuild.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Ctrl-C, the parent ends the processes of the pool
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
