"""Clocks are wrong: the service's host is a day ahead; the database's clock is set back, and ahead by a day and back.

Fails when an event gets the clock's time even if an earlier event has a later one: the order breaks.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta

from tests.chaos.report import Report
from tests.chaos.stage import Stage, quiet_service
from tests.chaos.under_load import checked_load, on_database
from tests.support.clock import LIBRARY, DatabaseClock, ahead_command, run_ahead
from tests.support.postgres import stoppable_server

AHEAD = timedelta(hours=26)
STEPS = ("-1h", "+0", "+25h", "+0")
"""What the database's clock is set to, one after the other."""
STEP_SECONDS = 3.0


def measure_host(stage: Stage, report: Report) -> None:
    run_host(report, stage.new_database(), STEP_SECONDS)


def run_host(report: Report, conninfo: str, seconds: float) -> None:
    """Run a service and the worker's tasks on a host whose clock is ahead."""
    what = f"the host's clock is {AHEAD} ahead"
    with quiet_service(conninfo, command=ahead_command(AHEAD)) as service:
        place = on_database(service.url, conninfo)
        with checked_load(report, what, place):
            run_ahead(AHEAD, "worker", "--once", env=place.env)
            time.sleep(seconds)


def measure_database(stage: Stage, report: Report) -> None:
    run_database(report, STEPS, STEP_SECONDS)


def run_database(report: Report, steps: Sequence[str], seconds: float) -> None:
    """Set the clock of a database of its own to each of these, for so many seconds."""
    if LIBRARY is None:
        report.leave_out("The database's clock was not set: the package libfaketime is not installed.")
        return
    what = f"the database's clock is set to {', '.join(steps)}"
    with stoppable_server() as server:
        server.stop("fast")
        clock = DatabaseClock(server.data)
        with (
            quiet_service(server.conninfo) as service,
            checked_load(report, what, on_database(service.url, server.conninfo), with_pages=False) as load,
        ):
            for step in steps:
                clock.set(step)
                time.sleep(seconds)
                load.go_on()
