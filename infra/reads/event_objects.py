"""Computes the object as it was after each event of a page. The history of an object is folded only once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from domain.registry import kind_of
from infra.log.mapper import MAPPER
from infra.log.records import RecordedEvent
from projections.query.page import MAX_PAGE_BYTES
from projections.registry import ROWS


def latest_versions(events: Iterable[RecordedEvent]) -> Mapping[str, int]:
    """Return the latest version of each object among these events, by the object's id."""
    versions: dict[str, int] = {}
    for event in events:
        versions[event.originator_id] = max(event.originator_version, versions.get(event.originator_id, 0))
    return versions


def fold_objects(
    page: Sequence[RecordedEvent], sizes: Sequence[int], histories: Iterable[RecordedEvent]
) -> list[bytes]:
    """Return the JSON of the object as it was after each event of the page.

    The result ends with the last event that fits on the page together with its object. The first event always fits.
    `sizes` are the sizes of the events without their objects, in bytes. `histories` are all events of these objects,
    ordered by object and version.
    """
    places = {(event.originator_id, event.originator_version): place for place, event in enumerate(page)}
    objects = _FittingObjects(sizes)
    for id, history in groupby(histories, key=lambda event: event.originator_id):
        row: Any = None
        for event in history:
            projection = ROWS[kind_of(event.name)]
            row = projection.fold(row, MAPPER.event(event))
            place = places.get((id, event.originator_version))
            if place is not None and place < objects.end:
                objects.add(place, projection.to_json(row))
    return objects.in_order()


class _FittingObjects:
    """Collects the objects of a page, which are added in any order. Only objects that fit on the page are kept."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self._sizes, self._objects, self._bytes = sizes, dict[int, bytes](), 0
        self.end = len(sizes)
        """The place of the first event that does not fit."""

    def add(self, place: int, resource: bytes) -> None:
        self._objects[place] = resource
        self._bytes += self._sizes[place] + len(resource)
        # If the objects do not fit together, drop the one that is last in the page's order.
        while self._bytes > MAX_PAGE_BYTES and len(self._objects) > 1:
            self.end = max(self._objects)
            self._bytes -= self._sizes[self.end] + len(self._objects.pop(self.end))

    def in_order(self) -> list[bytes]:
        return [self._objects[place] for place in sorted(self._objects)]
