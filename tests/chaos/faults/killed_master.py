"""The master process is killed, and `serve` is started again as a supervisor would do it."""

from __future__ import annotations

import time
from contextlib import ExitStack

import httpx

from tests.chaos.bundled_stage import QUIET, clients, report_losses
from tests.chaos.report import Report
from tests.chaos.stage import Stage
from tests.support.bundled import Bundled
from tests.support.postgres import folder_for_servers
from tests.support.service import free_address
from tests.support.waiting import wait_until

ROUNDS = 3
MAX_SECONDS = 5.0


def measure(stage: Stage, report: Report) -> None:
    options = ("--bind", free_address(), "--workers", "2")
    what = "the master is killed"
    with folder_for_servers() as folder, ExitStack() as running:
        bundled = Bundled(folder, *options, **QUIET)
        service = running.enter_context(bundled.service)
        with clients(bundled) as writing:
            took = []
            for _ in range(ROUNDS):
                writing.writers.go_on()
                service.process.kill()
                killed = time.monotonic()
                service = bundled.start_again(*options, **QUIET)
                running.push(service)
                wait_until(lambda: httpx.get(f"{bundled.service.url}/readyz", timeout=5).status_code == 200)
                took.append(time.monotonic() - killed)
            writing.writers.go_on()
        report.at_most(f"{what}: a new `serve` is ready, longest of {ROUNDS}", max(took), MAX_SECONDS)
        report_losses(report, what, bundled, writing)
