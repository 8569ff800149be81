"""The main process of the bundled PostgreSQL gets a signal that ends it; `serve` starts it again by itself.

Fails when `Keeper.check` does nothing: there is no write after the signal.
"""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Sequence
from contextlib import suppress

from tests.chaos.bundled_stage import bundled_service
from tests.chaos.load.load import Load
from tests.chaos.probe import Probe, first_success, longest
from tests.chaos.report import Report
from tests.chaos.stage import Stage
from tests.chaos.under_load import Place, checked_load
from tests.support.bundled import Bundled, has_ended
from tests.support.waiting import wait_until

WHAT = "the bundled PostgreSQL is ended"
SIGNALS = (signal.SIGKILL, signal.SIGQUIT, signal.SIGINT, signal.SIGTERM)
CRASHES = (signal.SIGKILL, signal.SIGQUIT)
MAX_SECONDS, MAX_ANSWER_SECONDS = 5.0, 2.0

_PATIENCE_SECONDS = 20.0


def measure(stage: Stage, report: Report) -> None:
    with bundled_service() as (bundled, place):
        run(report, bundled, place, SIGNALS)


def run(report: Report, bundled: Bundled, place: Place, signals: Sequence[signal.Signals]) -> None:
    """Send these signals, one after the other."""
    with checked_load(report, WHAT, place) as load, place.probe() as probe:
        for number in signals:
            _measure(report, bundled, load, probe, number)


def _measure(report: Report, bundled: Bundled, load: Load, probe: Probe, number: signal.Signals) -> None:
    sent, seconds = time.monotonic(), math.inf
    if number in CRASHES:
        load.crashed(sent)
    with suppress(AssertionError):
        seconds = _end(bundled, probe, number)
    if math.isinf(seconds):
        bundled.end(signal.SIGQUIT)
    load.go_on()
    what = f"the bundled PostgreSQL gets {number.name}"
    report.at_most(f"{what}: a new one writes", seconds, MAX_SECONDS)
    meanwhile = probe.since(sent)
    wrong = [str(answer.status) for answer in meanwhile if answer.status not in (201, 503)]
    report.none(f"{what}: answers other than 201 and 503", wrong, len(meanwhile))
    report.at_most(f"{what}: the longest answer", longest(meanwhile), MAX_ANSWER_SECONDS)


def _end(bundled: Bundled, probe: Probe, number: signal.Signals) -> float:
    """Send the signal; return the seconds until a write succeeded that was sent after the end of the server."""
    postmaster, sent = bundled.postmaster(), time.monotonic()
    postmaster.send_signal(number)
    wait_until(lambda: has_ended(postmaster), _PATIENCE_SECONDS)
    ended = time.monotonic()
    after = wait_until(lambda: [it for it in probe.since(ended) if it.is_success], _PATIENCE_SECONDS)
    return first_success(after, sent)
