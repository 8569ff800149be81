"""The log of one organization is locked, while its clients go on writing.

Fails when an organization may use all threads (`Turns._most_of` returns `threads`): the others get 503.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from itertools import chain

from infra.postgres.database import connect_as_table_owner
from tests.chaos.probe import HEALTH, LIST, Answer, Probe, Request, longest, p99
from tests.chaos.report import Report, duration
from tests.chaos.stage import ORGANIZATIONS, Stage
from tests.support.scenarios import invoice_body

WRITERS = 16
HELD_SECONDS = 30.0
MAX_RATIO, MAX_HEALTH_SECONDS, MAX_ANSWER_SECONDS = 3.0, 0.1, 2.0
CREATE = Request("POST", "/api/v1/invoices", invoice_body())
HOLD = "SELECT 1 FROM org_log WHERE org_id = %s FOR UPDATE"

_WARM_UP_SECONDS, _QUIET_SECONDS = 2.0, 8.0


def measure(stage: Stage, report: Report) -> None:
    with stage.service() as service, ExitStack() as running:

        def start(request: Request, number: int | None = None, pause: float = 0.02) -> Probe:
            sent = request if number is None else request.of(stage.key(number).raw)
            return running.enter_context(Probe(service.url, sent, number is None, pause=pause))

        others = [start(request, number) for number in range(1, ORGANIZATIONS) for request in (LIST, CREATE)]
        health = start(HEALTH)
        time.sleep(_WARM_UP_SECONDS)
        quiet = time.monotonic()
        time.sleep(_QUIET_SECONDS)
        with connect_as_table_owner(stage.over_tcp) as owner, owner.transaction():
            owner.execute(HOLD, (stage.seeded.organizations[0],))
            held = time.monotonic()
            writers = [start(CREATE, 0, pause=0) for _ in range(WRITERS)]
            time.sleep(HELD_SECONDS)
            ended = time.monotonic()
    _report(report, [_between(others, quiet, held), _between(others, held, ended)], health.since(held, ended))
    late = _between(writers, held, ended - MAX_ANSWER_SECONDS)
    what = f"one log held for {HELD_SECONDS:.0f} s, its own {WRITERS} writers"
    report.none(f"{what}: answers other than 503", [str(it.status) for it in late if it.status != 503], len(late))
    report.at_most(f"{what}: the longest answer", longest(late), MAX_ANSWER_SECONDS)


def _report(report: Report, others: list[list[Answer]], health: list[Answer]) -> None:
    what = f"one log held for {HELD_SECONDS:.0f} s"
    before, meanwhile = others
    failed = [str(answer.status) for answer in meanwhile if not answer.is_success]
    report.none(f"{what}, other organizations: answers that are no success", failed, len(meanwhile))
    report.add(
        f"{what}, other organizations: p99",
        f"{duration(p99(meanwhile))}, {p99(meanwhile) / p99(before):.1f} × quiet ({duration(p99(before))})",
        f"≤ {MAX_RATIO:g} × quiet",
        reached=p99(meanwhile) <= MAX_RATIO * p99(before),
    )
    report.at_most(f"{what}: /healthz, longest", longest(health), MAX_HEALTH_SECONDS)


def _between(probes: list[Probe], begin: float, end: float) -> list[Answer]:
    return list(chain.from_iterable(probe.since(begin, end) for probe in probes))
