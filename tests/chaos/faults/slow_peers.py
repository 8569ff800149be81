"""Peers that are silent, slow or do not read: what others notice, and whether the service can be stopped."""

from __future__ import annotations

import time
from typing import NamedTuple

from tests.chaos.probe import HEALTH, LIST, Probe, Request, longest, typical
from tests.chaos.report import Report, duration
from tests.chaos.stage import Stage
from tests.support.peers import Peers
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
SECONDS = {16: 3.0, 64: 3.0, 500: 12.0}
"""How long so many peers stay. The most stay until the time for a head is over, so that all of them connect again."""
MAX_HEALTH_SECONDS, MAX_LIST_RATIO, MAX_STOP_SECONDS = 0.1, 2.0, 5.0
GOAL = f"≤ {MAX_HEALTH_SECONDS:g} s, ≤ {MAX_LIST_RATIO:g} ×, ≤ {MAX_STOP_SECONDS:g} s"

DOCUMENT = Request("GET", "/api/v1/openapi.json")

_WARM_UP_SECONDS, _QUIET_SECONDS = 0.5, 1.5


def measure(stage: Stage, report: Report) -> None:
    """Measure each kind of peers alone, in each number."""
    for kind in KINDS:
        for count in SECONDS:
            with stage.service() as service:
                _measure(stage, report, service, kind, count)


def _measure(stage: Stage, report: Report, service: Service, kind: str, count: int) -> None:
    health, lists = (HEALTH, True), (LIST.of(stage.key(0).raw), False)
    # The first request for the document builds it, in each process.
    with Probe(service.url, *lists), Probe(service.url, DOCUMENT, True, pause=0):
        time.sleep(_WARM_UP_SECONDS)
    with Probe(service.url, *lists) as probe:
        time.sleep(_QUIET_SECONDS)
    quiet = typical(probe.answers)
    with Peers(service.url, kind, count):
        with Probe(service.url, *health) as healths, Probe(service.url, *lists) as beside:
            time.sleep(SECONDS[count])
        stopped = time.monotonic()
        service.process.terminate()
        service.process.wait(60)
        stop_seconds = time.monotonic() - stopped
    failed = sum(not answer.is_success for answer in healths.answers + beside.answers)
    result = _Result(
        longest(healths.answers), typical(beside.answers), longest(beside.answers), quiet, stop_seconds, failed
    )
    report.add(f"{count} peers, {kind}", str(result), GOAL, reached=result.is_reached)


class _Result(NamedTuple):
    """What others noticed of the peers: times in seconds, and how many requests were not answered with 200."""

    health: float
    typical_list: float
    longest_list: float
    quiet_list: float
    stop: float
    failed: int

    @property
    def is_reached(self) -> bool:
        return (
            self.health <= MAX_HEALTH_SECONDS
            and self.typical_list <= MAX_LIST_RATIO * self.quiet_list
            and self.stop <= MAX_STOP_SECONDS
            and not self.failed
        )

    def __str__(self) -> str:
        ratio = f"{self.typical_list / self.quiet_list:.1f} × quiet, longest {duration(self.longest_list)}"
        stop = f"stop {duration(self.stop)}" + (f", {self.failed} failed" if self.failed else "")
        return f"/healthz {duration(self.health)}, list {duration(self.typical_list)} ({ratio}), {stop}"
