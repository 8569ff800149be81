"""Clients that ask again and again, and note when each answer came, how long it took and what it was."""

from __future__ import annotations

import http.client
import json
import math
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from statistics import median
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tests.support.threads import Threads
from tests.support.waiting import wait_until

NO_ANSWER = 0
"""The status of a request whose connection failed."""


class Request(NamedTuple):
    """A request that may be sent any number of times."""

    method: str
    path: str
    body: dict[str, Any] | None = None
    headers: Mapping[str, str] = MappingProxyType({})

    def of(self, key: str) -> Request:
        """Return the same request with an API key."""
        return self._replace(headers={**self.headers, "Authorization": f"Bearer {key}"})


HEALTH, READY = Request("GET", "/healthz"), Request("GET", "/readyz")
LIST = Request("GET", "/api/v1/invoices")


class Answer(NamedTuple):
    """What happened to one request. Times are in seconds, `at` is when it was sent, of `time.monotonic`."""

    at: float
    seconds: float
    status: int

    @property
    def end(self) -> float:
        return self.at + self.seconds

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


class Probe(Threads):
    """A client that sends one request after the other until the end of the block, with a pause after each answer.

    It keeps its connection, unless `is_new_each_time`. After `max_seconds` without an answer it gives up.
    """

    least_pause = 0.0
    """The least `pause`, whatever is asked for."""

    def __init__(
        self,
        url: str,
        request: Request,
        is_new_each_time: bool = False,
        *,
        pause: float = 0.02,
        max_seconds: float = 60,
    ) -> None:
        super().__init__(self._run)
        self.request, self.answers = request, list[Answer]()
        self._pause, self._is_new_each_time = max(pause, self.least_pause), is_new_each_time
        self._conn = http.client.HTTPConnection(urlsplit(url).netloc, timeout=max_seconds)
        self._body = None if request.body is None else json.dumps(request.body)
        self._headers = {**request.headers, **({} if request.body is None else {"Content-Type": "application/json"})}

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self._conn.close()

    def since(self, begin: float, end: float = math.inf) -> list[Answer]:
        """Return the answers to requests that were sent in this time."""
        return [answer for answer in self.answers if begin <= answer.at < end]

    def due(self, begin: float, end: float, seconds: float) -> list[Answer]:
        """Return the answers to requests that were sent from `begin` on, and were answered before `end` or had to be.

        `seconds` is the longest time that an answer may take.
        """
        return due(self.answers, begin, end, seconds)

    def _run(self) -> None:
        while not self.ended.wait(self._pause):
            self.answers.append(self._ask())
            if self._is_new_each_time or self.answers[-1].status == NO_ANSWER:
                self._conn.close()

    def _ask(self) -> Answer:
        at, status = time.monotonic(), NO_ANSWER
        with suppress(OSError, http.client.HTTPException):
            self._conn.request(self.request.method, self.request.path, self._body, self._headers)
            response = self._conn.getresponse()
            response.read()
            status = response.status
        return Answer(at, time.monotonic() - at, status)


def due(answers: Iterable[Answer], begin: float, end: float, seconds: float) -> list[Answer]:
    """Return those of the answers that `Probe.due` describes."""
    return [it for it in answers if begin <= it.at and (it.end < end or it.at < end - seconds)]


def wait_for_answers(probes: Iterable[Probe], begin: float) -> None:
    """Wait until each probe has the answer to a request that was sent from `begin` on, however busy the machine is."""
    waiting = list(probes)
    wait_until(lambda: all(probe.since(begin) for probe in waiting))


def typical(answers: Iterable[Answer]) -> float:
    """Return the median of the seconds."""
    return median(answer.seconds for answer in answers)


def longest(answers: Iterable[Answer]) -> float:
    """Return the most seconds; 0 without answers."""
    return max((answer.seconds for answer in answers), default=0.0)


def p99(answers: Sequence[Answer]) -> float:
    """Return the seconds in which 99 of 100 answers came."""
    ordered = sorted(answer.seconds for answer in answers)
    return ordered[math.ceil(len(ordered) * 0.99) - 1]


def first_success(answers: Iterable[Answer], after: float) -> float:
    """Return how many seconds after this moment the first success came; infinity if none did."""
    return min((answer.end - after for answer in answers if answer.is_success and answer.end > after), default=math.inf)
