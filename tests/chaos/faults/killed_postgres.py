"""The main process of the bundled PostgreSQL gets a signal that ends it."""

from __future__ import annotations

import math
import signal
import time
from contextlib import suppress

from tests.chaos.bundled_stage import QUIET, Clients, clients, report_losses
from tests.chaos.probe import Answer, first_success, longest
from tests.chaos.report import Report
from tests.chaos.stage import Stage
from tests.support.bundled import Bundled, has_ended
from tests.support.postgres import folder_for_servers
from tests.support.waiting import wait_until

SIGNALS = (signal.SIGKILL, signal.SIGQUIT, signal.SIGINT, signal.SIGTERM)
MAX_SECONDS, MAX_ANSWER_SECONDS = 5.0, 2.0

_PATIENCE_SECONDS = 20.0


def measure(stage: Stage, report: Report) -> None:
    with folder_for_servers() as folder:
        bundled = Bundled(folder, "--workers", "2", **QUIET)
        with bundled.service:
            with clients(bundled) as writing:
                for number in SIGNALS:
                    _measure(report, bundled, writing, number)
            report_losses(report, "the bundled PostgreSQL is ended", bundled, writing)


def _measure(report: Report, bundled: Bundled, writing: Clients, number: signal.Signals) -> None:
    writing.writers.go_on()
    sent, seconds = time.monotonic(), math.inf
    with suppress(AssertionError):
        seconds = _end(bundled, writing, number)
    if math.isinf(seconds):
        bundled.end(signal.SIGQUIT)
    writing.writers.go_on()
    what = f"the bundled PostgreSQL gets {number.name}"
    report.at_most(f"{what}: a new one writes", seconds, MAX_SECONDS)
    meanwhile = writing.probe.since(sent)
    wrong = [str(answer.status) for answer in meanwhile if answer.status not in (201, 503)]
    report.none(f"{what}: answers other than 201 and 503", wrong, len(meanwhile))
    report.at_most(f"{what}: the longest answer", longest(meanwhile), MAX_ANSWER_SECONDS)


def _end(bundled: Bundled, writing: Clients, number: signal.Signals) -> float:
    """Send the signal; return the seconds until a write succeeded that was sent after the end of the server."""
    postmaster, sent = bundled.postmaster(), time.monotonic()
    postmaster.send_signal(number)
    wait_until(lambda: has_ended(postmaster), _PATIENCE_SECONDS)
    ended = time.monotonic()

    def after() -> list[Answer]:
        return [answer for answer in writing.probe.since(ended) if answer.is_success]

    wait_until(after, _PATIENCE_SECONDS)
    return first_success(after(), sent)
