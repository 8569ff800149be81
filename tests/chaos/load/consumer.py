"""A consumer that follows /events, and begins anew from its bookmark now and then."""

from __future__ import annotations

import json
import random
from threading import Event

from tests.chaos.load.record import ConsumerRecord
from tests.chaos.load.wire import NoAnswer, Wire, request_bytes

PAUSE_SECONDS, RESTART = 0.2, 0.01
"""The pause at the end of the log, and the share of pages after which the consumer begins anew."""


class Consumer:
    """Reads the log of one organization. After `stop` is set, it reads on to the end."""

    def __init__(self, url: str, record: ConsumerRecord, stop: Event) -> None:
        self._url, self._record, self._stop = url, record, stop
        self._chance = random.Random(record.credits.key)
        self._wire, self._after = Wire(url), 0

    def run(self) -> None:
        is_last = False
        while not is_last:
            is_last = self._stop.is_set()
            while self._has_more():
                pass
            self._stop.wait(PAUSE_SECONDS)
        self._wire.close()

    def _has_more(self) -> bool:
        """Read a page; return whether there is another one now."""
        if self._chance.random() < RESTART:
            self._wire.close()
            self._wire, self._record.restarts = Wire(self._url), self._record.restarts + 1
        credits = self._record.credits
        headers = f"Authorization: Bearer {credits.key}\r\n"
        credits.sent += 1
        try:
            answer = self._wire.ask(request_bytes("GET", f"/api/v1/events?limit=100&after={self._after}", headers))
        except NoAnswer:
            return not self._stop.wait(PAUSE_SECONDS)
        if answer.status == 503:
            return not self._stop.wait(PAUSE_SECONDS)
        credits.count_answer()
        if answer.status != 200:
            self._record.wrong.append(f"/events?after={self._after}: {answer.status} {answer.body[:200]!r}")
            return not self._stop.wait(PAUSE_SECONDS)
        page = json.loads(answer.body)
        for event in page["data"]:
            self._record.add(event["position"], event["id"])
        self._after = page["pagination"]["nextAfter"]
        return bool(page["pagination"]["hasMore"])
