"""PostgreSQL hangs: all its processes are stopped for seconds, and then go on.

Fails when the deadline of a request is a minute (`ANSWER_SECONDS = 60`): answers come late.
The checker: fails when a passed deadline is no outage (`_failure` leaves a DeadlinePassed as it is): answers 500.
"""

from __future__ import annotations

import math
import time
from contextlib import ExitStack, suppress

from tests.chaos.probe import HEALTH, LIST, READY, Answer, Probe, Request, first_success, longest, wait_for_answers
from tests.chaos.report import Report
from tests.chaos.stage import Stage, quiet_service
from tests.chaos.under_load import CREATE, Place, checked_load, on_database
from tests.support.client import Api
from tests.support.console import SESSION, new_user, open_session
from tests.support.organization import Organization
from tests.support.postgres import stopped_server
from tests.support.scenarios import draft_invoice
from tests.support.waiting import wait_until

HANG_SECONDS = {"TCP": 40.0, "a socket": 6.0}
"""How long PostgreSQL is stopped, by the way in which the service connects to it."""
MAX_ANSWER_SECONDS, MAX_HEALTH_SECONDS, MAX_RETURN_SECONDS = 2.0, 0.1, 1.0

_WARM_UP_SECONDS, _PAUSE_SECONDS = 1.0, 0.05


def measure(stage: Stage, report: Report) -> None:
    """Measure with connections over TCP, and over the socket."""
    over_tcp = stage.new_database()
    for via, conninfo in {"TCP": over_tcp, "a socket": stage.over_socket(over_tcp)}.items():
        run(report, via, conninfo, HANG_SECONDS[via])


def run(report: Report, via: str, conninfo: str, seconds: float) -> None:
    """Stop the server of a database for so long. `via` says how the service connects to it."""
    what = f"PostgreSQL stopped for {seconds:g} s, over {via}"
    with quiet_service(conninfo) as service:
        place = on_database(service.url, conninfo)
        with (
            checked_load(report, what, place, organizations=1, clients=1, pause=_PAUSE_SECONDS),
            ExitStack() as running,
        ):
            requests = {**_requests(place), "/readyz": READY}
            probes = {
                name: running.enter_context(Probe(place.url, request, pause=_PAUSE_SECONDS))
                for name, request in requests.items()
            }
            health = running.enter_context(Probe(place.url, HEALTH, is_new_each_time=True))
            time.sleep(_WARM_UP_SECONDS)
            with stopped_server(conninfo):
                stopped = time.monotonic()
                time.sleep(seconds)
                wait_for_answers([*probes.values(), health], stopped)
                resumed = time.monotonic()
            with suppress(AssertionError):
                wait_until(lambda: math.isfinite(max(_returned(probes, resumed).values())))
    _report(report, what, {name: _answers_between(probe, stopped, resumed) for name, probe in probes.items()})
    healthy = health.since(stopped, resumed)
    report.none(
        f"{what}: /healthz other than 200", [str(it.status) for it in healthy if it.status != 200], len(healthy)
    )
    report.at_most(f"{what}: /healthz, longest", longest(healthy), MAX_HEALTH_SECONDS)
    returned = _returned(probes, resumed)
    last = max(returned, key=lambda name: returned[name])
    report.at_most(f"{what}: first success of every kind after it goes on", returned[last], MAX_RETURN_SECONDS, last)


def _report(report: Report, what: str, meanwhile: dict[str, list[Answer]]) -> None:
    wrong = [f"{name} {it.status}" for name, answers in meanwhile.items() for it in answers if it.status != 503]
    report.none(f"{what}: answers other than 503", wrong, sum(map(len, meanwhile.values())))
    slowest = max(meanwhile, key=lambda name: longest(meanwhile[name]))
    report.at_most(f"{what}: the longest answer", longest(meanwhile[slowest]), MAX_ANSWER_SECONDS, slowest)


def _returned(probes: dict[str, Probe], resumed: float) -> dict[str, float]:
    """Return how long after PostgreSQL went on each kind of request has succeeded; infinity if it has not."""
    return {name: first_success(probe.answers, resumed) for name, probe in probes.items()}


def _answers_between(probe: Probe, stopped: float, resumed: float) -> list[Answer]:
    """Return the answers that could not be successes: they came, or had to come, before PostgreSQL went on."""
    return probe.due(stopped, resumed, MAX_ANSWER_SECONDS)


def _requests(place: Place) -> dict[str, Request]:
    """Return the requests of a new organization, by their names."""
    with place.open_owner() as owner:
        organization = Organization(place.url, owner)
        key = organization.new_key().raw
        session = open_session(owner, new_user(owner, organization.id).user.id)
    with Api(place.url, key) as api:
        invoice = f"/api/v1/invoices/{draft_invoice(api)['id']}"
    with_key = {
        "list": LIST,
        "get": Request("GET", invoice),
        "create": CREATE,
        "patch": Request("PATCH", invoice, {"notes": "Thank you"}),
        "/me": Request("GET", "/api/v1/me"),
        "/usage": Request("GET", "/api/v1/usage"),
        "/events": Request("GET", "/api/v1/events"),
        "past of an object": Request("GET", f"{invoice}?version=1"),
    }
    console = Request("GET", "/settings/developer", headers={"Cookie": f"{SESSION}={session}"})
    return {name: request.of(key) for name, request in with_key.items()} | {"a page": console}
