"""The master process is killed, alone or with all others, and `serve` is started again as a supervisor would do it.

The master: fails when PollWorker does not notice that its parent has ended: the address stays taken.
All: fails when PostgreSQL runs with `synchronous_commit = off`: what was acknowledged is lost.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack

import httpx
import psutil

from tests.chaos.bundled_stage import QUIET
from tests.chaos.kills import kill
from tests.chaos.report import Report
from tests.chaos.stage import Stage
from tests.chaos.under_load import checked_load, on_bundled
from tests.support.bundled import Bundled, has_ended
from tests.support.ports import free_address
from tests.support.postgres import folder_for_servers
from tests.support.service import Service
from tests.support.waiting import wait_until

ROUNDS = 3
MAX_SECONDS, MAX_SECONDS_OF_ALL = 5.0, 10.0


def measure(stage: Stage, report: Report) -> None:
    run(report, "the master is killed", kill_master, ROUNDS, MAX_SECONDS)


def measure_all(stage: Stage, report: Report) -> None:
    run(report, "all processes are killed at once", kill_all, ROUNDS, MAX_SECONDS_OF_ALL)


def kill_master(bundled: Bundled, service: Service) -> None:
    service.process.kill()


def kill_all(bundled: Bundled, service: Service) -> None:
    """Kill the service and PostgreSQL. The new service starts PostgreSQL, too."""
    postmaster = bundled.postmaster()
    service.kill()
    kill(postmaster)


def run(report: Report, what: str, end: Callable[[Bundled, Service], None], rounds: int, max_seconds: float) -> None:
    """Kill so many times, and start a new service each time."""
    options = ("--bind", free_address(), "--workers", "2")
    with folder_for_servers() as folder, ExitStack() as running:
        bundled = Bundled(folder, *options, **QUIET)
        service, took, left = running.enter_context(bundled.service), list[float](), list[psutil.Process]()
        with checked_load(report, what, on_bundled(bundled)) as load:
            for _ in range(rounds):
                killed = time.monotonic()
                load.crashed(killed)
                left += service.children()
                end(bundled, service)
                service = bundled.start_again(*options, **QUIET)
                running.push(service)
                wait_until(lambda: httpx.get(f"{bundled.service.url}/readyz", timeout=5).status_code == 200)
                took.append(time.monotonic() - killed)
                load.go_on()
        running_still = [str(process.pid) for process in left if not has_ended(process)]
        report.none(f"{what}: server processes that are left behind", running_still, len(left))
    report.at_most(f"{what}: a new `serve` is ready, longest of {rounds}", max(took), max_seconds)
