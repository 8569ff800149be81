"""The log of one organization is locked, while its clients go on writing.

The keys of its clients are new to the service. Fails when an organization may use all threads (`Turns._most_of_one` is
`threads`), and when the organizations of new keys are not looked up (`Exchanges._find_organization` returns False): the
others get 503.
The checker: fails when a command does not lock the log that it reads (`LOCK_LOG` without FOR UPDATE): answers 500.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import chain

from tests.chaos.checker import check_over_http, report_findings
from tests.chaos.load.load import Load, new_tenants
from tests.chaos.probe import HEALTH, LIST, Answer, Probe, due, longest, p99
from tests.chaos.report import Report, duration
from tests.chaos.stage import ORGANIZATIONS, Stage
from tests.chaos.under_load import CREATE, Place, checked_load, on_database
from tests.support.waiting import wait_until

WRITERS = 16
HELD_SECONDS, QUIET_SECONDS = 60.0, 6.0
MAX_RATIO, MAX_HEALTH_SECONDS, MAX_ANSWER_SECONDS = 3.0, 0.1, 2.0
HOLD = "SELECT 1 FROM org_log WHERE org_id = %s FOR UPDATE"

_WARM_UP_SECONDS, _PAUSE_SECONDS = 2.0, 0.05


def measure(stage: Stage, report: Report) -> None:
    with stage.service() as service:
        keys = [stage.key(number).raw for number in range(1, ORGANIZATIONS)]
        run(report, on_database(service.url, stage.over_tcp), keys, HELD_SECONDS, QUIET_SECONDS)


def run(report: Report, place: Place, keys: Sequence[str], seconds: float, quiet_seconds: float) -> None:
    """Lock the log of a new organization for so long. The keys are those of others, which are measured before, too."""
    what = f"one log held for {seconds:g} s"
    with place.open_owner() as owner:
        (held,) = new_tenants(place.url, owner, 1, WRITERS, with_session=False)
    for record in held.clients:
        record.noted = []
    with (
        checked_load(report, f"{what}, others", place, organizations=1, clients=1, pause=_PAUSE_SECONDS),
        ExitStack() as running,
    ):
        probes = [Probe(place.url, request.of(key)) for key in keys for request in (LIST, CREATE)]
        others = [running.enter_context(probe) for probe in probes]
        health = running.enter_context(Probe(place.url, HEALTH, is_new_each_time=True))
        time.sleep(_WARM_UP_SECONDS)
        quiet = time.monotonic()
        time.sleep(quiet_seconds)
        with place.open_owner() as owner, owner.transaction():
            owner.execute(HOLD, (held.org_id,))
            began = time.monotonic()
            writers = running.enter_context(Load(place.url, [held], writes=1.0))
            time.sleep(seconds)
            wait_until(lambda: all(record.noted for record in held.clients))
            ended = time.monotonic()
        writers.go_on()
    _report_others(report, what, [_between(others, quiet, began), _between(others, began, ended)])
    report.at_most(f"{what}: /healthz, longest", longest(health.since(began, ended)), MAX_HEALTH_SECONDS)
    report.count(writers)
    noted = chain.from_iterable(record.noted or [] for record in held.clients)
    refused = due(noted, began, ended, MAX_ANSWER_SECONDS)
    what = f"{what}, its own {WRITERS} writers"
    report.none(f"{what}: answers other than 503", [str(it.status) for it in refused if it.status != 503], len(refused))
    report.at_most(f"{what}: the longest answer", longest(refused), MAX_ANSWER_SECONDS)
    report_findings(report, what, check_over_http(place.url, [held]))


def _report_others(report: Report, what: str, others: list[list[Answer]]) -> None:
    before, meanwhile = others
    failed = [str(answer.status) for answer in meanwhile if not answer.is_success]
    report.none(f"{what}, other organizations: answers that are no success", failed, len(meanwhile))
    report.add(
        f"{what}, other organizations: p99",
        f"{duration(p99(meanwhile))}, {p99(meanwhile) / p99(before):.1f} × quiet ({duration(p99(before))})",
        f"≤ {MAX_RATIO:g} × quiet",
        reached=p99(meanwhile) <= MAX_RATIO * p99(before),
        is_timed=True,
    )


def _between(probes: list[Probe], begin: float, end: float) -> list[Answer]:
    return list(chain.from_iterable(probe.since(begin, end) for probe in probes))
