"""PostgreSQL hangs: all its processes are stopped for seconds, and then go on.

Fails when the deadline of a request is a minute (`ANSWER_SECONDS = 60`): answers come late.
"""

from __future__ import annotations

import time
from contextlib import ExitStack

from infra.postgres.database import connect_as_table_owner
from tests.chaos.probe import HEALTH, LIST, READY, Answer, Probe, Request, first_success, longest
from tests.chaos.report import Report
from tests.chaos.stage import Stage
from tests.support.console import SESSION, new_user, open_session
from tests.support.postgres import stopped_processes
from tests.support.scenarios import invoice_body

HANG_SECONDS = {"TCP": 40.0, "a socket": 8.0}
"""How long PostgreSQL is stopped, by the way in which the service connects to it."""
MAX_ANSWER_SECONDS, MAX_HEALTH_SECONDS, MAX_RETURN_SECONDS = 2.0, 0.1, 1.0

_WARM_UP_SECONDS, _AFTER_SECONDS = 2.0, 4.0


def measure(stage: Stage, report: Report) -> None:
    """Measure with connections over TCP, and over the socket."""
    for via, conninfo in {"TCP": stage.over_tcp, "a socket": stage.over_socket}.items():
        _measure(stage, report, via, conninfo)


def _measure(stage: Stage, report: Report, via: str, conninfo: str) -> None:
    with stage.service(conninfo) as service, ExitStack() as running:
        health = running.enter_context(Probe(service.url, HEALTH, is_new_each_time=True))
        probes = {
            name: running.enter_context(Probe(service.url, request, pause=0.05))
            for name, request in _requests(stage).items()
        }
        time.sleep(_WARM_UP_SECONDS)
        with stopped_processes(stage.postgres.pid):
            stopped = time.monotonic()
            time.sleep(HANG_SECONDS[via])
            resumed = time.monotonic()
        time.sleep(_AFTER_SECONDS)
    what = f"PostgreSQL stopped for {HANG_SECONDS[via]:.0f} s, over {via}"
    meanwhile = {name: _answers_between(probe, stopped, resumed) for name, probe in probes.items()}
    report.none(
        f"{what}: answers other than 503",
        [
            f"{name} {answer.status}"
            for name, answers in meanwhile.items()
            for answer in answers
            if answer.status != 503
        ],
        sum(map(len, meanwhile.values())),
    )
    slowest = max(meanwhile, key=lambda name: longest(meanwhile[name]))
    report.at_most(f"{what}: the longest answer", longest(meanwhile[slowest]), MAX_ANSWER_SECONDS, slowest)
    healthy = health.since(stopped, resumed)
    report.none(
        f"{what}: /healthz other than 200", [str(it.status) for it in healthy if it.status != 200], len(healthy)
    )
    report.at_most(f"{what}: /healthz, longest", longest(healthy), MAX_HEALTH_SECONDS)
    returned = {name: first_success(probe.answers, resumed) for name, probe in probes.items()}
    last = max(returned, key=lambda name: returned[name])
    report.at_most(f"{what}: first success of every kind after it goes on", returned[last], MAX_RETURN_SECONDS, last)


def _answers_between(probe: Probe, stopped: float, resumed: float) -> list[Answer]:
    """Return the answers that could not be successes: they were due before PostgreSQL went on."""
    return probe.since(stopped, resumed - MAX_ANSWER_SECONDS)


def _requests(stage: Stage) -> dict[str, Request]:
    key = stage.key(0)
    invoice = f"/api/v1/invoices/{stage.seeded.invoices[key.org_id][0]}"
    with connect_as_table_owner(stage.over_tcp) as owner:
        session = open_session(owner, new_user(owner, key.org_id).user.id)
    with_key = {
        "list": LIST,
        "get": Request("GET", invoice),
        "create": Request("POST", "/api/v1/invoices", invoice_body()),
        "patch": Request("PATCH", invoice, {"notes": "Thank you"}),
        "/me": Request("GET", "/api/v1/me"),
        "/usage": Request("GET", "/api/v1/usage"),
        "/events": Request("GET", "/api/v1/events"),
        "past of an object": Request("GET", f"{invoice}?version=1"),
    }
    console = Request("GET", "/settings/developer", headers={"Cookie": f"{SESSION}={session}"})
    return {name: request.of(key.raw) for name, request in with_key.items()} | {"/readyz": READY, "a page": console}
