"""The disk under PostgreSQL is full: first its tables cannot grow, then its log cannot, and it ends.

Fails when `Keeper` gives up after its first attempt to start PostgreSQL: there is no write after room was made.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from psutil import Process

from infra.postgres.database import DatabaseUnreachable, connect_as_table_owner
from infra.postgres.embedded.binaries import programs
from infra.postgres.embedded.cluster import Cluster
from infra.postgres.embedded.os_user import find_os_user
from tests.chaos.bundled_stage import QUIET
from tests.chaos.load.load import Load
from tests.chaos.probe import LIST, READY, Probe, first_success, longest
from tests.chaos.report import Report
from tests.chaos.stage import Stage
from tests.chaos.under_load import Place, checked_load, on_bundled
from tests.support.bundled import Bundled
from tests.support.postgres import end_servers, folder_for_servers
from tests.support.waiting import wait_until

SIZE = "500m"
ROOM_BYTES = 4 * 1024 * 1024
"""Too little for a segment of PostgreSQL's log, and enough for the files that it writes for a new connection. Without
them it would refuse connections after its first crash, and would stay."""
FULL_SECONDS, ENDED_SECONDS = 12.0, 8.0
MAX_ANSWER_SECONDS, MAX_READY_SECONDS, MAX_RETURN_SECONDS = 2.0, 6.0, 5.0

_SETTLE_SECONDS, _AFTER_SECONDS, _MAX_LOG_SECONDS = 1.0, 6.0, 60.0


def measure(stage: Stage, report: Report) -> None:
    if os.geteuid() != 0:
        report.leave_out("A full disk was not tried: only root can mount a small one.")
        return
    with small_disk() as disk:
        bundled = Bundled(disk, "--workers", "2", log=disk.parent / "serve.log", **QUIET)
        with bundled.service:
            place = on_bundled(bundled)
            with checked_load(report, "the disk is full", place, clients=2) as load, place.probe() as probe:
                _fill_tables(report, bundled, place, probe)
                load.go_on()
                _fill_log(report, bundled, load, probe)


def _fill_tables(report: Report, bundled: Bundled, place: Place, probe: Probe) -> None:
    what = "the disk is full"
    with (
        place.probe(LIST) as lists,
        Probe(place.url, READY, is_new_each_time=True, pause=0.05) as ready,
        filled(bundled.data),
    ):
        full = time.monotonic()
        time.sleep(FULL_SECONDS)
        room = time.monotonic()
    time.sleep(_AFTER_SECONDS)
    writes = probe.due(full + _SETTLE_SECONDS, room, MAX_ANSWER_SECONDS)
    report.none(f"{what}: writes other than 503", [str(it.status) for it in writes if it.status != 503], len(writes))
    report.at_most(f"{what}: the longest answer", longest(writes + lists.answers), MAX_ANSWER_SECONDS)
    reads = lists.answers
    answered = sum(answer.is_success for answer in reads)
    report.add(
        f"{what}: reads that are answered", f"{answered} of {len(reads)}", "none: each stores a credit", reached=True
    )
    late = ready.since(full + MAX_READY_SECONDS, room)
    report.none(
        f"{what}: /readyz other than 503 after {MAX_READY_SECONDS:.0f} s",
        [str(it.status) for it in late if it.status != 503],
        len(late),
    )
    states = {str(line.get("sqlstate")) for line in bundled.lines("smartdhandha.database")}
    report.add(f"{what}: SQLSTATEs in the log", ", ".join(sorted(states)), "53100", reached="53100" in states)
    report.at_most(f"{what}: a write after room was made", first_success(probe.answers, room), MAX_RETURN_SECONDS)


def _fill_log(report: Report, bundled: Bundled, load: Load, probe: Probe) -> None:
    what = "the disk is full and PostgreSQL's log cannot grow"
    postmaster, os_user = bundled.postmaster(), find_os_user()
    conninfo = Cluster(bundled.data, os_user, programs(os_user)).conninfo()
    with connect_as_table_owner(conninfo) as owner:
        # Else the server would use old segments of its log again whenever it recovers, and might never end.
        owner.execute("SELECT pg_create_physical_replication_slot('keeps_segments', true)")
    with filled(bundled.data, room=ROOM_BYTES):
        alive = _use_up_log(conninfo, postmaster)
        ended = time.monotonic()
        load.crashed(alive, ended)
        time.sleep(ENDED_SECONDS)
        room = time.monotonic()
    time.sleep(_AFTER_SECONDS)
    writes = probe.due(ended, room, MAX_ANSWER_SECONDS)
    report.none(f"{what}: writes other than 503", [str(it.status) for it in writes if it.status != 503], len(writes))
    report.at_most(f"{what}: the longest answer", longest(writes), MAX_ANSWER_SECONDS)
    report.at_most(f"{what}: a write after room was made", first_success(probe.answers, room), MAX_RETURN_SECONDS)


def _use_up_log(conninfo: str, postmaster: Process) -> float:
    """Use up PostgreSQL's log until its main process has ended.

    Return when the server stored the last record before its first crash, of time.monotonic. It may crash several times.
    """
    alive = _begin_segments(conninfo)

    def has_ended() -> bool:
        if postmaster.is_running():
            _begin_segments(conninfo)
        return not postmaster.is_running()

    wait_until(has_ended, _MAX_LOG_SECONDS)
    return alive


def _begin_segments(conninfo: str) -> float:
    """Begin new segments of PostgreSQL's log until it refuses. Return when it stored the last record, or else now."""
    alive = time.monotonic()
    # If other clients have filled the rest of the log meanwhile, the server has already ended.
    with suppress(psycopg.Error, DatabaseUnreachable), connect_as_table_owner(conninfo) as owner:
        while True:
            owner.execute("SELECT pg_logical_emit_message(true, 'chaos', 'a record')")
            owner.execute("SELECT pg_switch_wal()")
            alive = time.monotonic()
    return alive


@contextmanager
def filled(folder: Path, room: int = 0) -> Iterator[None]:
    """Fill the disk of a folder, but for `room` bytes, until the end of the block."""
    ballast = folder.parent / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(64 * 1024))
    os.truncate(ballast, max(0, ballast.stat().st_size - room))
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def small_disk() -> Iterator[Path]:
    """Mount a small disk; unmount it after the block."""
    with folder_for_servers() as parent:
        disk = parent / "disk"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0711", "tmpfs", disk], check=True)
        try:
            yield disk
        finally:
            end_servers(parent)
            subprocess.run(["umount", disk], check=True)
