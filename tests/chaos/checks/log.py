"""An organization's log as a consumer reads it: which write caused which events, and what the objects must be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.chaos.load.record import ConsumerRecord
from tests.support.client import Api, data_of


class Stored(NamedTuple):
    """An event as the checker needs it. `attempt` is that of the request which caused it."""

    type: str
    attempt: str
    id: str
    version: int
    is_marked: bool
    """Whether the data contains the mark of the write."""


class Log:
    """The events of one organization, read from the first to the last."""

    def __init__(self, api: Api, consumer: ConsumerRecord) -> None:
        self.by_write: dict[str, list[Stored]] = {}
        """The events of each write, by its mark."""
        self.objects: dict[str, dict[str, Any]] = {}
        """The fields of each object after its last event, computed from the data of its events alone."""
        self.disorder: list[str] = []
        self.missed: list[str] = []
        """Events that the consumer did not see at their place."""
        self.beyond = list[str]()
        """Events that the consumer has seen and that are not in the log."""
        self.events = 0
        self._position, self._at = 0, ""
        for event in read_events(api):
            if not consumer.has_seen(self.events, event["position"], event["id"]):
                self.missed.append(f"event {event['position']} of the log")
            self._add(event)
        if len(consumer.positions) > self.events:
            self.beyond.append(f"{len(consumer.positions) - self.events} events that are not in the log")

    def _add(self, event: dict[str, Any]) -> None:
        self.events += 1
        id, position, at = event["resourceId"], event["position"], event["occurredAt"]
        if position <= self._position or at < self._at:
            self.disorder.append(f"position {position} of {at} after {self._position} of {self._at}")
        self._position, self._at = position, at
        known = self.objects.setdefault(id, {"version": 0})
        if event["version"] != known["version"] + 1:
            self.disorder.append(f"version {event['version']} of {id} after {known['version']}")
        mark, _, attempt = event["requestId"].rpartition(".")
        stored = Stored(event["type"], attempt, id, event["version"], mark in str(event["data"]))
        self.by_write.setdefault(mark, []).append(stored)
        _fold(known, event)


def _fold(known: dict[str, Any], event: dict[str, Any]) -> None:
    data = dict(event["data"])
    if "payments" in data:
        listed = {payment["id"]: payment for payment in (*known.get("payments", []), *data["payments"])}
        data["payments"] = list(listed.values())
    known.update(data, version=event["version"], updatedAt=event["occurredAt"])


def read_events(api: Api) -> Iterator[dict[str, Any]]:
    """Yield the events of the key's organization from the first to the last, as a consumer of /events reads them."""
    after = 0
    while True:
        answer = api.get("events", params={"after": after, "limit": 100})
        yield from data_of(answer, 200)
        page = answer.json()["pagination"]
        if not page["hasMore"]:
            return
        after = page["nextAfter"]
