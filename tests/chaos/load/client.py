"""A client that writes and reads objects of its own, and remembers what was answered."""

from __future__ import annotations

import json
import random
from collections import deque
from threading import Event
from typing import Any

from tests.chaos.load.acts import Act, beginning, following
from tests.chaos.load.record import ABSENT, STORED, ClientRecord, Write
from tests.chaos.load.sender import Sender
from tests.chaos.load.wire import Answer

MAX_OPEN, MAX_DONE = 12, 100
"""How many objects a client works on at once, and how many that are done it still reads."""
RETRY_SECONDS = 0.1
KEYED, REPLAYED = 0.8, 0.03
"""The shares of writes with an Idempotency-Key, and of acknowledged ones that are sent once more."""


class Client(Sender):
    """A client of one organization. Nobody else writes to its objects, so it knows what each of them must be."""

    def __init__(
        self, url: str, record: ClientRecord, session: str | None, stop: Event, writes: float, pause: float
    ) -> None:
        """`writes` is the share of writes, and `pause` the seconds after each response."""
        super().__init__(url, record)
        self._stop, self._writes, self._pause = stop, writes, pause
        self._chance = random.Random(record.name)
        self._cookie = f"Cookie: smartdhandha_session={session}\r\n" if session else None
        self._open: list[tuple[str, dict[str, Any]]] = []
        self._done: deque[tuple[str, str, int]] = deque(maxlen=MAX_DONE)

    def run(self) -> None:
        """Write and read until `stop` is set."""
        while not self._stop.wait(self._pause):
            if self._chance.random() < self._writes:
                self._write()
            else:
                self._read()
        self.close()

    def _write(self) -> None:
        if (len(self._open) < MAX_OPEN and self._chance.random() < 0.4) or not self._open:
            self._begin()
        else:
            self._go_on(self._chance.randrange(len(self._open)))

    def _begin(self) -> None:
        act = beginning(self._mark(), self._chance)
        made = self._perform(act)
        if made is not None:
            self._open.append((act.path.rpartition("/")[2], made))

    def _go_on(self, index: int) -> None:
        collection, it = self._open[index]
        act = following(collection, it, self._mark(), self._chance)
        if act is None:
            self._open.pop(index)
            self._done.append((collection, it["id"], it["version"]))
        elif act.status is not None:
            self._perform(act)
        elif (answered := self._perform(act)) is not None:
            self._open[index] = (collection, answered)
        else:
            self._open.pop(index)  # nobody knows now what it is

    def _mark(self) -> str:
        """Return the text by which the checker finds the next write in the data of its event."""
        return f"{self.record.name}.{len(self.record.writes)}"

    def _perform(self, act: Act) -> dict[str, Any] | None:
        """Send a write until it is answered, if it has an Idempotency-Key. Return the object if it was acknowledged."""
        mark, number = self._mark(), len(self.record.writes)
        self.record.writes.append(Write(act.event))
        key = f"Idempotency-Key: {mark}\r\n" if self._chance.random() < KEYED else ""
        attempt = 0
        while (answer := self._attempt(act, f"{mark}.{attempt}", key)) is None or answer.status == 503:
            attempt += 1
            if not key or self._stop.wait(RETRY_SECONDS):
                return None
        expected = act.status or (201 if act.method == "POST" else 200)
        if answer.status != expected:
            self.complain(act.method, act.path, answer, expected)
            return None
        if act.status is not None:
            self.record.writes[number] = Write(act.event, ABSENT)
            return None
        data = answer.data
        self.record.writes[number] = Write(act.event, STORED, data["id"], data["version"])
        self.record.replayed += answer.is_replayed
        if key and self._chance.random() < REPLAYED:
            self._replay(act, f"{mark}.{attempt + 1}", key, answer)
        return dict(data)

    def _replay(self, act: Act, request_id: str, key: str, first: Answer) -> None:
        again = self._attempt(act, request_id, key)
        if again is None or again.status == 503:
            return
        if not again.is_replayed or (again.status, json.loads(again.body)) != (first.status, json.loads(first.body)):
            self.complain(act.method, act.path, again, "the same answer once more")

    def _attempt(self, act: Act, request_id: str, key: str) -> Answer | None:
        headers = f"{self.auth}{key}{act.headers}X-Request-Id: {request_id}\r\n"
        return self.ask(act.method, act.path, headers, act.body)

    def _read(self) -> None:
        kind = self._chance.random()
        if kind < 0.35:
            self._expect(200, "/api/v1/me", self.auth)
        elif kind < 0.75:
            self._read_own()
        elif kind < 0.88:
            self._expect(200, f"/api/v1/{self._chance.choice(('invoices', 'bills', 'leaves'))}?limit=10", self.auth)
        elif kind < 0.94:
            self._expect(200, "/api/v1/usage", self.auth)
        elif kind < 0.98:
            self._expect(200, "/api/v1/events?limit=20&order=desc", self.auth)
        elif self._cookie:
            self._expect(200, "/settings/developer", self._cookie)

    def _read_own(self) -> None:
        """Read an object, which must have the version of its last answer. Half of the reads are conditional."""
        choices = [(c, it["id"], it["version"]) for c, it in self._open[:3]] + list(self._done)[-5:]
        if not choices:
            return
        collection, id, version = self._chance.choice(choices)
        is_conditional = self._chance.random() < 0.5
        condition = f'If-None-Match: "{version}"\r\n' if is_conditional else ""
        answer = self._expect(304 if is_conditional else 200, f"/api/v1/{collection}/{id}", self.auth + condition)
        if answer is not None and answer.version != version:
            self.complain("GET", f"/api/v1/{collection}/{id}", answer, f"version {version}")

    def _expect(self, status: int, path: str, headers: str) -> Answer | None:
        answer = self.ask("GET", path, headers)
        if answer is None or answer.status == 503:
            self._stop.wait(RETRY_SECONDS)
            return None
        if answer.status != status:
            self.complain("GET", path, answer, status)
            return None
        return answer
