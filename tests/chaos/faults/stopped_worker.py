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
from tests.chaos.faults.stopped_process import find_leader
from tests.chaos.report import Report
from tests.chaos.stage import Stage, quiet_service
from tests.chaos.under_load import Place, checked_load, on_database
from tests.support.command_line import COMMAND
from tests.support.waiting import wait_until

WHAT = "the leading background worker is stopped"
STOPPED_SECONDS, MAX_SECONDS = 6.0, 10.0

_RUNS = "SELECT count(*) FROM worker_runs WHERE finished_at > clock_timestamp() - %s * interval '1 second'"


def measure(stage: Stage, report: Report) -> None:
    conninfo = stage.new_database()
    with quiet_service(conninfo, "--no-worker") as service:
        run(report, on_database(service.url, conninfo), conninfo, STOPPED_SECONDS)


def run(report: Report, place: Place, conninfo: str, seconds: float) -> None:
    """Stop the leader for so long, then kill it, and wait until the other worker has run the tasks."""
    with ExitStack() as running:
        workers = [running.enter_context(worker(place.env)) for _ in range(2)]
        leader = find_leader(conninfo, lambda: workers)
        with checked_load(report, WHAT, place) as load:
            first = wait_until(leader)
            before = load.statuses
            first.suspend()
            time.sleep(seconds)
            first.kill()
            killed = time.monotonic()
            wait_until(lambda: (it := leader()) is not None and it.pid != first.pid)
            wait_until(lambda: _runs(conninfo, time.monotonic() - killed))
            took = time.monotonic() - killed
            load.go_on()
        refused = load.statuses[503] - before[503] + load.statuses[0] - before[0]
    report.none(f"{WHAT}: requests without a result", ["503 or no answer"] * refused, load.answers)
    report.at_most(f"{WHAT}, then killed: the other one has run a task", took, MAX_SECONDS)


@contextmanager
def worker(env: dict[str, str]) -> Iterator[psutil.Process]:
    """Run `smartdhandha worker` until the end of the block."""
    process = subprocess.Popen([*COMMAND, "worker"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield psutil.Process(process.pid)
    finally:
        process.kill()
        process.wait()


def _runs(conninfo: str, seconds: float) -> int:
    """Return how many tasks have ended in the last seconds."""
    with connect_as_table_owner(conninfo) as owner:
        row = owner.execute(_RUNS, (seconds,)).fetchone()
    assert row is not None
    return int(row[0])
