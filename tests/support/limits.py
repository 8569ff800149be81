"""What responses say about limits, and clients that send requests while a limit is changed."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any, NamedTuple

import httpx

from domain.accounts.window import CREDIT_WINDOW
from tests.support.waiting import wait_until

WINDOW_SECONDS = int(CREDIT_WINDOW.total_seconds())
_LEFT = re.compile(r'"([a-z0-9-]+)";r=(\d+);t=(\d+)')
_POLICIES = re.compile(r'"([a-z0-9-]+)";q=(\d+);w=(\d+)')


def by_status(answers: Iterable[httpx.Response]) -> dict[int, list[httpx.Response]]:
    found: dict[int, list[httpx.Response]] = {}
    for answer in answers:
        found.setdefault(answer.status_code, []).append(answer)
    return found


def counts(found: dict[int, list[httpx.Response]]) -> dict[int, int]:
    return {status: len(answers) for status, answers in found.items()}


def limits_of(answers: Iterable[httpx.Response]) -> Counter[tuple[str, ...]]:
    """How often each pair of rate-limit headers occurs, with what the older ones say."""
    names = ("RateLimit-Policy", "RateLimit", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
    return Counter(tuple(answer.headers[name] for name in names) for answer in answers)


def facts_of(answers: Sequence[httpx.Response]) -> tuple[dict[str, Any], set[str]]:
    """The only error of these answers, without the members that every error has, with its message and Retry-After."""
    common = ("code", "status", "details", "requestId", "docUrl")
    errors = [answer.json()["error"] for answer in answers]
    facts = [{name: value for name, value in error.items() if name not in common} for error in errors]
    assert all(each == facts[0] for each in facts) and {error["code"] for error in errors} == {"rate_limited"}
    return facts[0], {answer.headers["Retry-After"] for answer in answers}


def window(
    limit: int, remaining: int, seconds: int = WINDOW_SECONDS, more_policies: str = "", more_states: str = ""
) -> tuple[str, ...]:
    """The rate-limit headers of a response."""
    return (
        f'"rolling-30d";q={limit};w={WINDOW_SECONDS}{more_policies}',
        f'"rolling-30d";r={remaining};t={seconds}{more_states}',
        str(limit),
        str(remaining),
        str(seconds),
    )


def used_of(answer: httpx.Response, policy: str = "rolling-30d") -> int:
    """How many requests count in a window after this response, by its headers."""
    left = {name: int(remaining) for name, remaining, _ in _LEFT.findall(answer.headers["RateLimit"])}
    limits = {name: int(limit) for name, limit, _ in _POLICIES.findall(answer.headers["RateLimit-Policy"])}
    return limits[policy] - left[policy]


class Sent(NamedTuple):
    """A request of a racer, with the times at which it began and ended."""

    began: float
    ended: float
    answer: httpx.Response


class Change(NamedTuple):
    """The responses to requests before, during and after a change that was made while the racers sent requests."""

    before: list[httpx.Response]
    during: list[httpx.Response]
    after: list[httpx.Response]

    @property
    def all(self) -> list[httpx.Response]:
        return [*self.before, *self.during, *self.after]


def change_meanwhile(send: Sequence[Callable[[], httpx.Response]], change: Callable[[], Any]) -> Change:
    """Let each racer send requests one after the other, and make the change meanwhile.

    Each has sent one request before the change, and sends two that begin after it.
    """
    sent: list[list[Sent]] = [[] for _ in send]
    stopped = Event()

    def race(number: int) -> None:
        while not stopped.is_set():
            began = time.monotonic()
            answer = send[number]()
            sent[number].append(Sent(began, time.monotonic(), answer))

    with ThreadPoolExecutor(len(send)) as executor:
        racers = [executor.submit(race, number) for number in range(len(send))]
        try:
            wait_until(lambda: all(sent))
            begins = time.monotonic()
            change()
            ended = time.monotonic()
            wait_until(lambda: all(sum(each.began > ended for each in own) >= 2 for own in sent))
        finally:
            stopped.set()
        for racer in racers:
            racer.result()
    requests = [each for own in sent for each in own]
    return Change(
        [each.answer for each in requests if each.ended < begins],
        [each.answer for each in requests if each.ended >= begins and each.began <= ended],
        [each.answer for each in requests if each.began > ended],
    )
