"""Server processes are killed, one after the other, while clients read and write."""

from __future__ import annotations

import math
import time
from contextlib import ExitStack
from itertools import pairwise

from tests.chaos.bundled_stage import CREATE
from tests.chaos.probe import HEALTH, LIST, Probe, longest
from tests.chaos.report import Report
from tests.chaos.stage import ORGANIZATIONS, Stage
from tests.support.bundled import has_ended
from tests.support.service import Service
from tests.support.waiting import wait_until

ROUNDS = 5
MAX_GAP_SECONDS, MAX_HEALTH_SECONDS, MAX_SECONDS = 0.5, 0.5, 5.0

_PAUSE_SECONDS = 2.0


def measure(stage: Stage, report: Report) -> None:
    with stage.service() as service, ExitStack() as running:
        sent = [request.of(stage.key(number).raw) for number in range(ORGANIZATIONS) for request in (LIST, CREATE)]
        probes = [running.enter_context(Probe(service.url, request, pause=0)) for request in sent * 2]
        health = running.enter_context(Probe(service.url, HEALTH, is_new_each_time=True))
        took = []
        began = time.monotonic()
        for _ in range(ROUNDS):
            time.sleep(_PAUSE_SECONDS)
            took.append(_kill(service))
        time.sleep(_PAUSE_SECONDS)
        ended = time.monotonic()
    what = f"a server process is killed, {ROUNDS} times"
    report.at_most(f"{what}: two processes again, longest", max(took), MAX_SECONDS)
    lost = sum(not answer.is_success for probe in probes for answer in probe.since(began, ended))
    report.add(
        f"{what}: requests without an answer, of {len(probes)} clients",
        f"{lost} of {sum(len(probe.answers) for probe in probes)}",
        f"≤ {ROUNDS * len(probes)}: one of each client at each kill",
        reached=lost <= ROUNDS * len(probes),
    )
    gap = max(_longest_gap(probe, began, ended) for probe in probes)
    report.at_most(f"{what}: a client without a success, longest", gap, MAX_GAP_SECONDS)
    healthy = health.since(began, ended)
    report.at_most(f"{what}: /healthz on new connections, longest", longest(healthy), MAX_HEALTH_SECONDS)


def _kill(service: Service) -> float:
    """Kill the server process with the most connections; return the seconds until there are two again."""
    victim = max(service.workers(), key=lambda process: len(process.net_connections("tcp")))
    victim.kill()
    killed = time.monotonic()
    wait_until(lambda: len([it for it in service.workers() if it.pid != victim.pid and not has_ended(it)]) == 2)
    return time.monotonic() - killed


def _longest_gap(probe: Probe, begin: float, end: float) -> float:
    """Return the most seconds from the end of one success to the end of the next."""
    times = [answer.end for answer in probe.since(begin, end) if answer.is_success]
    return max((later - earlier for earlier, later in pairwise(times)), default=math.inf)
