"""The independent checker: what has arrived at the receiver, compared with the log as a consumer of /events reads it.

It uses none of the service's own modules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tests.chaos.checks.finding import Finding
from tests.chaos.checks.log import read_events
from tests.chaos.webhooks.receiver import TAKEN, Arrival
from tests.support.client import Api

LOST, GHOSTS = "events that never arrived, or were never taken", "deliveries that are no event of the webhook's types"
RENAMED = "deliveries whose webhook-id is not the id of their event"
EARLY = "deliveries to ordered webhooks before all earlier events were taken"


class Hook(NamedTuple):
    """A webhook of the run. Its path is different from those of all others."""

    path: str
    id: str
    org_id: str
    key: str
    types: tuple[str, ...] | None
    ordered: bool

    def wants(self, type: str) -> bool:
        return self.types is None or type in self.types or f"{type.partition('.')[0]}.*" in self.types


class Event(NamedTuple):
    """An event of a log."""

    id: str
    type: str
    position: int


def read_log(url: str, key: str) -> list[Event]:
    """Return the events of the key's organization, in order."""
    with Api(url, key) as api:
        return [Event(it["id"], it["type"], it["position"]) for it in read_events(api)]


def check_arrivals(
    hooks: Iterable[Hook], logs: Mapping[str, Sequence[Event]], arrivals: Sequence[Arrival]
) -> list[Finding]:
    """Return a finding for each promise. `logs` are the events of each organization, by its id."""
    by_path: dict[str, list[Arrival]] = {}
    for arrival in arrivals:
        by_path.setdefault(arrival.path, []).append(arrival)
    lost, ghosts, early = list[str](), list[str](), list[str]()
    count = ordered = 0
    for hook in hooks:
        wanted = [event for event in logs[hook.org_id] if hook.wants(event.type)]
        arrived = by_path.pop(hook.path, [])
        count += len(wanted)
        taken = {it.position for it in arrived if it.answer == TAKEN}
        lost += [f"{hook.path} {event.position}" for event in wanted if event.position not in taken]
        known = set(wanted)
        ghosts += [f"{hook.path} {it.position} {it.type}" for it in arrived if _event_of(it) not in known]
        if hook.ordered:
            ordered += len(arrived)
            early += [f"{hook.path} {it.position}" for it in _early(wanted, arrived)]
    ghosts += list(by_path)
    renamed = [f"{it.path} {it.position} {it.id}" for it in arrivals if it.id != it.data_id]
    return [
        Finding(LOST, lost, count),
        Finding(GHOSTS, ghosts, len(arrivals)),
        Finding(RENAMED, renamed, len(arrivals)),
        Finding(EARLY, early, ordered),
    ]


def _event_of(arrival: Arrival) -> Event:
    return Event(arrival.data_id, arrival.type, arrival.position)


def _early(wanted: Sequence[Event], arrived: Iterable[Arrival]) -> Iterator[Arrival]:
    """Yield what arrived before every earlier event had been taken."""
    places = {event.position: place for place, event in enumerate(wanted)}
    taken = 0
    for arrival in arrived:
        place = places.get(arrival.position, 0)
        if place > taken:
            yield arrival
        elif place == taken and arrival.answer == TAKEN:
            taken += 1
