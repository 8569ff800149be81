"""The items of an EventSumProjection: the objects that it sums, each folded from its events."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby, islice
from typing import Any, NamedTuple, TypeVar

import msgspec
from psycopg import Connection

from infra.log.mapper import MAPPER
from infra.log.reading.kinds import stream_kinds
from infra.log.records import RecordedEvent
from infra.postgres.database import Row
from infra.projector.skips import read_skips
from projections.folding.stored_event import UnreadableEvent
from projections.sums import EventSumProjection

I = TypeVar("I", bound=msgspec.Struct)  # noqa: E741 -- the item
K = TypeVar("K", bound=tuple[Any, ...])

_PAGE_OBJECTS = 2000
"""How many objects `sum_log` yields at a time."""


class SummedObject(NamedTuple):
    """An object's id, its item after all of its events, and the number of these events."""

    id: str
    item: Any
    events: int


def sum_log(
    conn: Connection[Row],
    projection: EventSumProjection[Any, Any],
    org_id: str,
    upto: int,
    first_id: str = "",
    before_id: str | None = None,
) -> Iterator[list[SummedObject]]:
    """Yield the objects of a log in pages. Each object is folded from its events up to the position `upto`.

    Only objects with ids from `first_id` on and before `before_id` are read. Call it in a transaction. Raises
    UnreadableEvent.
    """
    skipped = read_skips(conn, org_id)
    log = stream_kinds(conn, org_id, projection.kinds, upto, first_id, before_id)
    summed = _sum_objects(projection, org_id, log, skipped)
    while page := list(islice(summed, _PAGE_OBJECTS)):
        yield page


def fold_onto(
    projection: EventSumProjection[I, K], org_id: str, before: Mapping[str, I], events: Iterable[RecordedEvent]
) -> dict[str, I]:
    """Fold events onto the items `before`; return the changed items by the object's id. Raises UnreadableEvent."""
    after: dict[str, I] = {}
    for event in events:
        id = event.originator_id
        try:
            after[id] = projection.fold(after.get(id, before.get(id)), MAPPER.event(event))
        except Exception as error:
            raise UnreadableEvent(org_id, event, error) from error
    return after


def copy_items(
    conn: Connection[Row],
    projection: EventSumProjection[Any, Any],
    table: str,
    org_id: str,
    objects: Iterable[SummedObject],
) -> None:
    """Insert the items of these objects into a table by COPY."""
    columns = ", ".join(("org_id", "id", *projection.item_columns))
    with conn.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for summed in objects:
            copy.write_row((org_id, summed.id, *fields(summed.item)))


def fields(item: msgspec.Struct) -> tuple[Any, ...]:
    """Return the item's values in the order of its columns."""
    return msgspec.structs.astuple(item)


def _sum_objects(
    projection: EventSumProjection[Any, Any], org_id: str, log: Iterable[RecordedEvent], skipped: Collection[int]
) -> Iterator[SummedObject]:
    for id, history in groupby(log, key=lambda event: event.originator_id):
        events = [event for event in history if event.position not in skipped]
        if events:
            yield SummedObject(id, fold_onto(projection, org_id, {}, events)[id], len(events))
