"""Server processes are killed, one after the other, while clients read and write.

Fails when the master does not start a new process for one that has ended (`manage_workers` does nothing).
"""

from __future__ import annotations

import math
import time
from itertools import pairwise

from tests.chaos.probe import HEALTH, LIST, Probe, longest
from tests.chaos.report import Report
from tests.chaos.stage import Stage
from tests.chaos.under_load import Place, checked_load, on_database
from tests.support.bundled import has_ended
from tests.support.service import Service
from tests.support.waiting import wait_until

ROUNDS = 5
MAX_GAP_SECONDS, MAX_HEALTH_SECONDS, MAX_SECONDS = 0.5, 0.5, 5.0

_PAUSE_SECONDS = 1.0


def measure(stage: Stage, report: Report) -> None:
    conninfo = stage.new_database()
    with stage.service(conninfo) as service:
        run(report, service, on_database(service.url, conninfo), ROUNDS)


def run(report: Report, service: Service, place: Place, rounds: int) -> None:
    """Kill so many server processes, each time the one with the most connections."""
    what, took = f"a server process is killed, {rounds} times", list[float]()
    with (
        checked_load(report, what, place) as load,
        place.probe(LIST, pause=0) as lists,
        place.probe(pause=0) as creates,
        Probe(place.url, HEALTH, is_new_each_time=True) as health,
    ):
        for _ in range(rounds):
            time.sleep(_PAUSE_SECONDS)
            took.append(_kill(service))
            load.go_on()
    report.at_most(f"{what}: two processes again, longest", max(took), MAX_SECONDS)
    clients = len(load.records) + len(load.tenants)
    lost = load.statuses[0]
    report.add(
        f"{what}: requests without an answer, of {clients} clients",
        f"{lost} of {load.answers}",
        f"≤ {rounds * clients}: one of each client at each kill",
        reached=lost <= rounds * clients,
    )
    gap = max(_longest_gap(lists), _longest_gap(creates))
    report.at_most(f"{what}: a client without a success, longest", gap, MAX_GAP_SECONDS)
    report.at_most(f"{what}: /healthz on new connections, longest", longest(health.answers), MAX_HEALTH_SECONDS)


def _kill(service: Service) -> float:
    """Kill the server process with the most connections; return the seconds until there are two again."""
    victim = max(service.workers(), key=lambda process: len(process.net_connections("tcp")))
    victim.kill()
    killed = time.monotonic()
    wait_until(lambda: len([it for it in service.workers() if it.pid != victim.pid and not has_ended(it)]) == 2)
    return time.monotonic() - killed


def _longest_gap(probe: Probe) -> float:
    """Return the most seconds from the end of one success to the end of the next."""
    times = [answer.end for answer in probe.answers if answer.is_success]
    return max((later - earlier for earlier, later in pairwise(times)), default=math.inf)
