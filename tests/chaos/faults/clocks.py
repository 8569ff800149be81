"""Clocks are wrong: the service's host is a day ahead; the database's clock is set back, and ahead by a day and back.

The host: fails when the worker takes its own time for what is old: it forgets an Idempotency-Key.
The database: fails when an event gets the clock's time even if an earlier event has a later one: the order breaks.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import timedelta

import httpx

from infra.postgres.database import connect_as_table_owner
from tests.chaos.report import Report
from tests.chaos.stage import Stage, quiet_service
from tests.chaos.under_load import checked_load, on_database
from tests.support.client import Api
from tests.support.clock import LIBRARY, DatabaseClock, ahead_command, run_ahead
from tests.support.postgres import stoppable_server
from tests.support.scenarios import invoice_body

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
        with checked_load(report, what, place), Api(service.url, place.new_key()) as api:
            first = _create(api)
            run_ahead(AHEAD, "worker", "--once", env=place.env)
            again = _create(api)
            time.sleep(seconds)
    forgotten = [] if again.json() == first.json() and "Idempotent-Replayed" in again.headers else [again.text]
    report.none(f"{what}: retries that made a second invoice", forgotten, 1)


def _create(api: Api) -> httpx.Response:
    return api.post("invoices", json=invoice_body(), headers={"Idempotency-Key": "once"})


def measure_database(stage: Stage, report: Report) -> None:
    run_database(report, STEPS, STEP_SECONDS)


def run_database(report: Report, steps: Sequence[str], seconds: float) -> None:
    """Set the clock of a database of its own to each of these, for so many seconds."""
    if LIBRARY is None:
        report.leave_out("The database's clock was not set, only the times in it: libfaketime is not installed.")
    what = f"the database's clock is set to {', '.join(steps)}"
    with stoppable_server() as server:
        set_clock = _move_times(server.conninfo)
        if LIBRARY is not None:
            server.stop("fast")
            set_clock = DatabaseClock(server.data).set
        with (
            quiet_service(server.conninfo) as service,
            checked_load(report, what, on_database(service.url, server.conninfo), with_pages=False) as load,
        ):
            for step in steps:
                set_clock(step)
                time.sleep(seconds)
                load.go_on()


def _move_times(conninfo: str) -> Callable[[str], None]:
    """Return what stands for setting the clock ahead and back without the library: logs that end in the future."""

    def move(step: str) -> None:
        if step.startswith("+") and step != "+0":
            with connect_as_table_owner(conninfo) as owner:
                owner.execute("UPDATE org_log SET recorded_at = clock_timestamp() + interval '25 hours'")

    return move
