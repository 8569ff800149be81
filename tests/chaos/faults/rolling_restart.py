"""Two services on one database behind a load balancer are replaced, one after the other: no request fails.

Fails when a process that stops does not wait for its open requests (`PollWorker._stop` with `longest = monotonic()`):
the load balancer gets no answer to them.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

import httpx

from tests.chaos.balancer import Balancer
from tests.chaos.report import Report
from tests.chaos.stage import Stage
from tests.chaos.under_load import checked_load, on_database
from tests.support.service import Service
from tests.support.waiting import wait_until

WHAT = "two services are replaced in turn"
ROUNDS = 2

NewService = Callable[[], Service]


def measure(stage: Stage, report: Report) -> None:
    conninfo = stage.new_database()
    run(report, conninfo, lambda: stage.service(conninfo), ROUNDS)


def run(report: Report, conninfo: str, new_service: NewService, rounds: int) -> None:
    """Replace both services so many times. The balancer is told first, but requests are still in flight then."""
    with ExitStack() as running:
        services = [running.enter_context(new_service()) for _ in range(2)]
        place = on_database(services[0].url, conninfo)
        balancer = running.enter_context(Balancer([service.url for service in services]))
        with checked_load(report, WHAT, place._replace(url=balancer.url)) as load:
            for _ in range(rounds):
                for old in list(services):
                    services.remove(old)
                    balancer.use([service.url for service in services])
                    old.process.terminate()
                    old.process.wait(40)
                    services.append(running.enter_context(new_service()))
                    wait_until(lambda: httpx.get(f"{services[-1].url}/readyz", timeout=5).status_code == 200)
                    balancer.use([service.url for service in services])
                    load.go_on()
    failed = [str(status) for status, count in load.statuses.items() if status in (0, 502, 503) for _ in range(count)]
    report.none(f"{WHAT}, {2 * rounds} times: requests that failed", failed + balancer.failed, load.answers)
