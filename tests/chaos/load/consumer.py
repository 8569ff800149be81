"""A consumer that follows /events, and begins anew from its bookmark now and then."""

from __future__ import annotations

import json
import random
import time
from enum import Enum, auto
from threading import Event

from tests.chaos.load.record import ConsumerRecord
from tests.chaos.load.wire import NoAnswer, Wire, request_bytes

PAUSE_SECONDS, RESTART = 0.2, 0.01
"""The pause at the end of the log and after a failure, and the share of pages after which the consumer begins anew."""
PATIENCE_SECONDS = 20.0


class Page(Enum):
    """What a read of a page found: more pages after it, none, or no page at all."""

    MORE = auto()
    LAST = auto()
    FAILED = auto()


class Consumer:
    """Reads the log of one organization. After `stop` is set, it reads on to the end.

    If it gets no page for PATIENCE_SECONDS then, it gives up, and the checker finds the events that are missing.
    """

    def __init__(self, url: str, record: ConsumerRecord, stop: Event) -> None:
        self._url, self._record, self._stop = url, record, stop
        self._chance = random.Random(record.credits.key)
        self._wire, self._after = Wire(url), 0

    def run(self) -> None:
        is_last = False
        while not is_last:
            is_last = self._stop.is_set()
            failing_since = time.monotonic()
            while (page := self._read_page()) is not Page.LAST:
                if page is Page.MORE:
                    failing_since = time.monotonic()
                elif self._stop.is_set() and time.monotonic() - failing_since > PATIENCE_SECONDS:
                    break
                else:
                    time.sleep(PAUSE_SECONDS)
            self._stop.wait(PAUSE_SECONDS)
        self._wire.close()

    def _read_page(self) -> Page:
        """Read a page, and say whether there is another one now."""
        if self._chance.random() < RESTART:
            self._wire.close()
            self._wire, self._record.restarts = Wire(self._url), self._record.restarts + 1
        credits = self._record.credits
        headers = f"Authorization: Bearer {credits.key}\r\n"
        credits.sent += 1
        try:
            answer = self._wire.ask(request_bytes("GET", f"/api/v1/events?limit=100&after={self._after}", headers))
        except NoAnswer:
            return Page.FAILED
        if answer.status == 503:
            return Page.FAILED
        credits.count_answer()
        if answer.status != 200:
            self._record.wrong.append(f"/events?after={self._after}: {answer.status} {answer.body[:200]!r}")
            return Page.FAILED
        page = json.loads(answer.body)
        for event in page["data"]:
            self._record.add(event["position"], event["id"])
        self._after = page["pagination"]["nextAfter"]
        return Page.MORE if page["pagination"]["hasMore"] else Page.LAST
