"""A service gets SIGTERM under load, without a balancer that was told before, and another one takes its address.

Fails when a process that stops does not wait for its open requests (`PollWorker._stop` with `longest = monotonic()`):
the request in flight gets no answer. Fails when the last answer does not say `Connection: close` (`HttpResponse` with
`lambda: False`): the client's next request would get no answer.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager

import httpx

from tests.chaos.load.wire import Answer, NoAnswer, Wire, request_bytes
from tests.chaos.report import Report
from tests.chaos.stage import Stage, quiet_service
from tests.chaos.under_load import Place, checked_load, on_database
from tests.support.organization import Organization
from tests.support.ports import free_address
from tests.support.scenarios import invoice_body
from tests.support.service import Service
from tests.support.waiting import wait_until

WHAT = "a service gets SIGTERM"
ROUNDS = 3
MAX_STOP_SECONDS = 5.0

_WAITING = "SELECT 1 FROM pg_stat_activity WHERE %s = ANY (pg_blocking_pids(pid))"


def measure(stage: Stage, report: Report) -> None:
    run(report, stage.new_database(), ROUNDS)


def run(report: Report, conninfo: str, rounds: int) -> None:
    """Stop a service so many times while it has a request that cannot end, and start the next one."""
    options, took, wrong = ("--bind", free_address()), list[float](), list[str]()
    with ExitStack() as running:
        service = running.enter_context(quiet_service(conninfo, *options))
        place = on_database(service.url, conninfo)
        with checked_load(report, WHAT, place) as load:
            for _ in range(rounds):
                with _request_in_flight(place) as answer:
                    stopped = time.monotonic()
                    service.process.terminate()
                    wait_until(service.refuses_connections)
                wrong += _faults(service, answer)
                took.append(time.monotonic() - stopped)
                service = running.enter_context(quiet_service(conninfo, *options))
                wait_until(lambda: httpx.get(f"{place.url}/readyz", timeout=5).status_code == 200)
                load.go_on()
    report.none(f"{WHAT}: requests in flight without their answer, or exit statuses other than 0", wrong, rounds)
    report.at_most(f"{WHAT}: it has ended, longest of {rounds}", max(took), MAX_STOP_SECONDS)


@contextmanager
def _request_in_flight(place: Place) -> Iterator[Future[Answer]]:
    """Begin a write that waits for a lock until the end of the block, on a connection that was used before."""
    with place.open_owner() as owner, closing(Wire(place.url)) as wire, ThreadPoolExecutor(1) as thread:
        organization = Organization(place.url, owner)
        auth = f"Authorization: Bearer {organization.new_key().raw}\r\n"
        assert wire.ask(request_bytes("GET", "/api/v1/me", auth)).is_success
        with place.open_owner() as holder, holder.transaction():
            holder.execute("SELECT FROM org_log WHERE org_id = %s FOR UPDATE", (organization.id,))
            answer = thread.submit(wire.ask, request_bytes("POST", "/api/v1/invoices", auth, invoice_body()))
            wait_until(lambda: owner.execute(_WAITING, (holder.info.backend_pid,)).fetchall())
            yield answer


def _faults(service: Service, answer: Future[Answer]) -> list[str]:
    """Wait for the end of a service; return what was wrong with it, and with the answer to the request in flight."""
    status = service.process.wait(40)
    wrong = [f"exit status {status}"] if status else []
    try:
        got = answer.result()
    except NoAnswer as error:
        return [*wrong, f"no answer: {error}"]
    wrong += [] if got.status == 201 else [f"{got.status}"]
    return wrong + ([] if b"connection: close" in got.head.lower() else ["the last answer keeps the connection"])
