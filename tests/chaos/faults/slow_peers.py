"""Peers that are silent, slow or do not read: what others notice, and whether the service can be stopped.

Fails when a connection gets a thread before its request has arrived (gunicorn's own `gthread`): nobody is answered.
The checker: fails when the response for an Idempotency-Key is not kept (`commit` stores none): a write is doubled.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import ExitStack
from typing import NamedTuple

from tests.chaos.probe import HEALTH, LIST, Probe, Request, longest, typical
from tests.chaos.report import Report, duration
from tests.chaos.stage import Stage, quiet_service
from tests.chaos.under_load import checked_load, on_database
from tests.support.peers import Peers
from tests.support.ports import free_address
from tests.support.service import Service

KINDS = (
    "silent",
    "one byte",
    "dripping head",
    "stalled body",
    "dripping body",
    "not reading",
    "not closing",
    "half closing",
    "endless chunk extensions",
)
SECONDS = {16: 1.0, 64: 1.0, 500: 2.0}
"""How long so many peers stay, one number after the other."""
LONG_SECONDS = {"silent": 12.0, "not reading": 12.0}
"""For these kinds, the most peers stay until the time for a head is over, so that all of them connect again."""
MAX_HEALTH_SECONDS, MAX_LIST_RATIO, MAX_STOP_SECONDS = 0.1, 2.0, 5.0
GOAL = f"≤ {MAX_HEALTH_SECONDS:g} s, ≤ {MAX_LIST_RATIO:g} ×, ≤ {MAX_STOP_SECONDS:g} s"

DOCUMENT = Request("GET", "/api/v1/openapi.json")

_WARM_UP_SECONDS, _QUIET_SECONDS, _PAUSE_SECONDS = 0.3, 0.6, 0.05


def measure(stage: Stage, report: Report) -> None:
    plan = {kind: SECONDS | {max(SECONDS): LONG_SECONDS.get(kind, SECONDS[max(SECONDS)])} for kind in KINDS}
    run(report, stage.over_tcp, stage.key(0).raw, plan)


def run(report: Report, conninfo: str, key: str | None, plan: Mapping[str, Mapping[int, float]]) -> None:
    """Measure each kind of peers alone: how many of them, and for how long. The service is stopped beside the most.

    `key` reads the list that is measured; without one, it is that of a new organization. A load goes on all the time,
    over the stops, too.
    """
    options = ("--bind", free_address())
    with ExitStack() as running:

        def start() -> Service:
            return running.enter_context(quiet_service(conninfo, *options))

        service = start()
        place = on_database(service.url, conninfo)
        lists = LIST.of(key or place.new_key())
        with checked_load(report, "slow peers", place, organizations=1, clients=1, pause=_PAUSE_SECONDS):
            for kind, seconds in plan.items():
                _measure_kind(report, service, kind, lists, seconds)
                service = start()


def _measure_kind(report: Report, service: Service, kind: str, lists: Request, plan: Mapping[int, float]) -> None:
    # The first request for the document builds it, in each process.
    with Probe(service.url, lists), Probe(service.url, DOCUMENT, True, pause=0):
        time.sleep(_WARM_UP_SECONDS)
    with Probe(service.url, lists) as probe:
        time.sleep(_QUIET_SECONDS)
    quiet = typical(probe.answers)
    for count, seconds in plan.items():
        with Peers(service.url, kind, count):
            with Probe(service.url, HEALTH, is_new_each_time=True) as healths, Probe(service.url, lists) as beside:
                time.sleep(seconds)
            stop_seconds = _stop(service) if count == max(plan) else None
        failed = sum(not answer.is_success for answer in healths.answers + beside.answers)
        result = _Result(
            longest(healths.answers), typical(beside.answers), longest(beside.answers), quiet, stop_seconds, failed
        )
        report.add(f"{count} peers, {kind}", str(result), GOAL, reached=result.is_reached, is_timed=not failed)


def _stop(service: Service) -> float:
    stopped = time.monotonic()
    service.process.terminate()
    service.process.wait(60)
    return time.monotonic() - stopped


class _Result(NamedTuple):
    """What others noticed of the peers: times in seconds, and how many requests were not answered with 200."""

    health: float
    typical_list: float
    longest_list: float
    quiet_list: float
    stop: float | None
    failed: int

    @property
    def is_reached(self) -> bool:
        return (
            self.health <= MAX_HEALTH_SECONDS
            and self.typical_list <= MAX_LIST_RATIO * self.quiet_list
            and (self.stop or 0.0) <= MAX_STOP_SECONDS
            and not self.failed
        )

    def __str__(self) -> str:
        ratio = f"{self.typical_list / self.quiet_list:.1f} × quiet, longest {duration(self.longest_list)}"
        stop = "" if self.stop is None else f", stop {duration(self.stop)}"
        failed = f", {self.failed} failed" if self.failed else ""
        return f"/healthz {duration(self.health)}, list {duration(self.typical_list)} ({ratio}){stop}{failed}"
