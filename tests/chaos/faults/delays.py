"""A network between the service and PostgreSQL that is slow: at first a little, then slower than a request may be.

Fails when the deadline of a request is a minute (`ANSWER_SECONDS = 60`): requests are answered late, and not with 503.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import suppress

from tests.chaos.probe import LIST, Answer, first_success, longest, wait_for_answers
from tests.chaos.report import Report
from tests.chaos.stage import Stage
from tests.chaos.under_load import checked_load, on_database
from tests.support.faulty_proxy import before_postgres
from tests.support.service import Service
from tests.support.waiting import wait_until

WHAT = "PostgreSQL's network is slow"
SECONDS = 8.0
LITTLE, MUCH = (0.0, 0.4), (2.5, 3.0)
"""The seconds by which each piece is delayed that the service and PostgreSQL send each other."""
MAX_ANSWER_SECONDS, MAX_RETURN_SECONDS = 2.0, 10.0


def measure(stage: Stage, report: Report) -> None:
    run(report, stage.new_database(), stage.service, SECONDS)


def run(report: Report, conninfo: str, new_service: Callable[[str], Service], seconds: float) -> None:
    """Delay a little for so long, then much for so long."""
    proxy, through = before_postgres(conninfo)
    with proxy, new_service(through) as service:
        place = on_database(service.url, conninfo)
        with checked_load(report, WHAT, place, clients=2), place.probe(LIST) as lists, place.probe() as creates:
            wait_until(lambda: [probe for probe in (lists, creates) if probe.answers])
            proxy.delay, little = LITTLE, time.monotonic()
            time.sleep(seconds)
            wait_for_answers((lists, creates), little)
            proxy.delay, much = MUCH, time.monotonic()
            time.sleep(seconds)
            wait_for_answers((lists, creates), much)
            proxy.delay, ended = (0.0, 0.0), time.monotonic()
            with suppress(AssertionError):
                wait_until(lambda: math.isfinite(_returned(lists.answers, creates.answers, ended)))
    slow = [answer for probe in (lists, creates) for answer in probe.since(little, much)]
    done = sum(answer.is_success for answer in slow)
    report.add(f"{WHAT}, at most {LITTLE[1]:g} s: done", f"{done} of {len(slow)}", "some", reached=done > 0)
    wrong = [str(it.status) for it in slow if not it.is_success and it.status != 503]
    report.none(f"{WHAT}, at most {LITTLE[1]:g} s: answers other than successes and 503", wrong, len(slow))
    slower = [it for probe in (lists, creates) for it in probe.due(much, ended, MAX_ANSWER_SECONDS)]
    what = f"{WHAT}, at least {MUCH[0]:g} s"
    report.none(f"{what}: answers other than 503", [str(it.status) for it in slower if it.status != 503], len(slower))
    report.at_most(f"{WHAT}: the longest answer", longest(slow + slower), MAX_ANSWER_SECONDS)
    report.at_most(
        f"{WHAT}: successes afterwards", _returned(lists.answers, creates.answers, ended), MAX_RETURN_SECONDS
    )


def _returned(lists: list[Answer], creates: list[Answer], ended: float) -> float:
    return max(first_success(lists, ended), first_success(creates, ended))
