"""A background worker in a process of its own is stopped (SIGSTOP) while it leads, and is killed at last.

Fails when a worker tries to lead only once (`_wait_for_lock` without its loop): nobody runs the tasks afterwards.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psutil

from infra.postgres.database import connect_as_table_owner
from infra.worker.leader import LOCK
from tests.chaos.report import Report
from tests.chaos.stage import Stage, quiet_service
from tests.chaos.under_load import Place, checked_load, on_database
from tests.support.command_line import COMMAND
from tests.support.fork_server import start_process
from tests.support.waiting import wait_until

WHAT = "the leading background worker is stopped"
STOPPED_SECONDS, MAX_SECONDS = 6.0, 10.0

_LEADER = """
SELECT pid FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND objid = %s AND granted AND datname = current_database()
"""
_TRIES = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND query LIKE '%%pg_try_advisory_lock%%' AND pid NOT IN (%s, pg_backend_pid())
"""
"""How many sessions have tried to lead, other than the one that leads."""
_RUNS = "SELECT count(*) FROM worker_runs WHERE finished_at > clock_timestamp() - %s * interval '1 second'"


def measure(stage: Stage, report: Report) -> None:
    conninfo = stage.new_database()
    with quiet_service(conninfo, "--no-worker") as service:
        run(report, on_database(service.url, conninfo), conninfo, STOPPED_SECONDS)


def run(report: Report, place: Place, conninfo: str, seconds: float) -> None:
    """Stop the leader for so long, then kill it, and wait until the other worker has run the tasks."""
    with ExitStack() as running:
        first = running.enter_context(worker(place.env))
        lead = wait_until(lambda: _leader(conninfo))
        running.enter_context(worker(place.env))
        wait_until(lambda: _count(conninfo, _TRIES, lead))
        with checked_load(report, WHAT, place) as load:
            before = load.statuses
            first.suspend()
            time.sleep(seconds)
            first.kill()
            killed = time.monotonic()
            wait_until(lambda: _leader(conninfo) not in (None, lead))
            wait_until(lambda: _count(conninfo, _RUNS, time.monotonic() - killed))
            took = time.monotonic() - killed
            load.go_on()
        refused = load.statuses[503] - before[503] + load.statuses[0] - before[0]
    report.none(f"{WHAT}: requests without a result", ["503 or no answer"] * refused, load.answers)
    report.at_most(f"{WHAT}, then killed: the other one has run a task", took, MAX_SECONDS)


@contextmanager
def worker(env: dict[str, str]) -> Iterator[psutil.Process]:
    """Run `smartdhandha worker` until the end of the block."""
    process = start_process([*COMMAND, "worker"], env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield psutil.Process(process.pid)
    finally:
        process.kill()
        process.wait()


def _leader(conninfo: str) -> int | None:
    """Return the id of the PostgreSQL process whose client leads; None without one."""
    with connect_as_table_owner(conninfo) as owner:
        row = owner.execute(_LEADER, (LOCK,)).fetchone()
    return int(row[0]) if row else None


def _count(conninfo: str, query: str, value: float) -> int:
    """Return the number that a query of this file counts."""
    with connect_as_table_owner(conninfo) as owner:
        row = owner.execute(query, (value,)).fetchone()
    assert row is not None
    return int(row[0])
