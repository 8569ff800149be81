"""Backends of PostgreSQL are killed: it ends all its connections and recovers from its log.

Fails when PostgreSQL runs with `synchronous_commit = off`: acknowledged writes are lost.
"""

from __future__ import annotations

import random
import time

from tests.chaos.bundled_stage import bundled_service
from tests.chaos.kills import kill_backend
from tests.chaos.probe import longest
from tests.chaos.report import Report
from tests.chaos.stage import Stage
from tests.chaos.under_load import Place, checked_load, seconds_to_success
from tests.support.bundled import Bundled

WHAT = "a backend of PostgreSQL is killed"
ROUNDS = 3
MAX_SECONDS, MAX_ANSWER_SECONDS = 5.0, 2.0


def measure(stage: Stage, report: Report) -> None:
    with bundled_service() as (bundled, place):
        run(report, bundled, place, ROUNDS)


def run(report: Report, bundled: Bundled, place: Place, rounds: int) -> None:
    """Kill so many backends, one after the other."""
    chance, took = random.Random(0), list[float]()
    with checked_load(report, WHAT, place) as load, place.probe() as probe:
        for _ in range(rounds):
            killed = time.monotonic()
            load.crashed(killed)
            kill_backend(bundled.postmaster(), chance)
            took.append(seconds_to_success(probe, killed))
            load.go_on()
    report.at_most(f"{WHAT}: a write succeeds, longest of {rounds}", max(took), MAX_SECONDS)
    report.at_most(f"{WHAT}: the longest answer", longest(probe.answers), MAX_ANSWER_SECONDS)
