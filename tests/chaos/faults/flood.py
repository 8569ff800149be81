"""One organization floods the service, with many clients and with four hundred at once; others go on.

Fails when an organization may use all threads (`Turns` with `_most_of_one = threads`): others wait behind the flood.
"""

from __future__ import annotations

import time

from tests.chaos.load.flood import Flood
from tests.chaos.probe import HEALTH, LIST, Answer, Probe, longest, p99
from tests.chaos.report import Report, duration
from tests.chaos.stage import Stage
from tests.chaos.under_load import Place, checked_load, on_database

CLIENTS = {16: 5.0, 64: 5.0, 400: 12.0}
"""How many clients flood, and for how many seconds. 400 flood for longer, because others then get fewer responses
in the same time: see PAUSE_SECONDS."""
ALONE_SECONDS = 5.0
MAX_RATIO, MAX_HEALTH_SECONDS, MAX_ANSWER_SECONDS = 3.0, 0.1, 2.0
PAUSE_SECONDS = 0.005
"""Between two requests of the other organization. Among 400 requests, p99 would be the fourth longest one, and tell
only of the moment in which 400 clients connect."""
ANSWERS = (201, 503)
"""What the clients that flood may get: what cannot be done in time is refused."""


def measure(stage: Stage, report: Report) -> None:
    conninfo = stage.new_database()
    with stage.service(conninfo) as service:
        run(report, on_database(service.url, conninfo), CLIENTS)


def run(report: Report, place: Place, floods: dict[int, float]) -> None:
    """Measure a quiet organization alone, and then beside each flood."""
    with checked_load(report, "one organization floods", place, organizations=1, clients=1):
        with place.probe(LIST, pause=PAUSE_SECONDS) as alone:
            time.sleep(min(ALONE_SECONDS, max(floods.values())))
        for clients, seconds in floods.items():
            _measure(report, place, clients, seconds, alone.answers)


def _measure(report: Report, place: Place, clients: int, seconds: float, alone: list[Answer]) -> None:
    what = f"{clients} clients of one organization write"
    with (
        Flood(place.url, place.new_key(), clients) as flood,
        place.probe(LIST, pause=PAUSE_SECONDS) as quiet,
        Probe(place.url, HEALTH, is_new_each_time=True) as health,
    ):
        time.sleep(seconds)
    failed = [str(answer.status) for answer in quiet.answers if not answer.is_success]
    report.none(f"{what}: failures of another one", failed, len(quiet.answers))
    beside, before = p99(quiet.answers), p99(alone)
    report.add(
        f"{what}: p99 of another one",
        f"{duration(beside)}, {beside / before:.1f} × its own ({duration(before)})",
        f"≤ {MAX_RATIO:g} ×",
        reached=beside <= MAX_RATIO * before,
        is_timed=True,
    )
    report.at_most(f"{what}: /healthz, longest", longest(health.answers), MAX_HEALTH_SECONDS)
    wrong = [f"{status}" for status in flood.statuses if status not in ANSWERS]
    report.none(f"{what}: answers other than 201 and 503", wrong, flood.statuses.total())
