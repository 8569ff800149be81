"""The log as it is read: pages of events, and objects as they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from domain.calendar import Timestamp, instant
from domain.registry import AGGREGATES, EVENTS, kind_of
from projections.stored_event import StoredEvent

WINDOW = 5000
"""Positions that one page looks through at most, so that a rare type never costs the whole log."""

READ_SCOPES: Mapping[str, str] = {
    kind: aggregate.read_scope for kind, aggregate in AGGREGATES.items() if aggregate.read_scope is not None
}
"""The kinds of object whose events the API shows, and the scope that a key needs for each."""

_encode = msgspec.json.Encoder().encode


class InTheFuture(Exception):
    """The moment that was asked for has not come."""


class Moment(NamedTuple):
    """An instant, or a version; one of the two."""

    as_of: datetime | None = None
    version: int | None = None


class EventsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which events, from where on, in which order."""

    names: tuple[str, ...]
    limit: int
    descending: bool = False
    start: int | None = None
    """Ascending: positions after this one; descending: positions before it. None begins at the end of the log."""
    originator_id: str | None = None


class EventsPage(NamedTuple):
    """Events as JSON, and where to go on."""

    items: list[bytes]
    next_start: int
    has_more: bool


class ShownEvent(msgspec.Struct, rename="camel"):
    """An event as it leaves the API; `data` holds the changed fields, named as in the resource."""

    id: str
    position: int
    type: str
    resource_type: str
    resource_id: str
    version: int
    occurred_at: Timestamp
    actor: dict[str, Any]
    request_id: str
    data: msgspec.Raw


def shown_names(scopes: Iterable[str], wanted: Iterable[str] = (), kind: str | None = None) -> tuple[str, ...]:
    """The names of the events that these scopes show: those that are wanted (none: all), and of one kind if given."""
    granted, wanted = set(scopes), set(wanted)
    kinds = [shown for shown, scope in READ_SCOPES.items() if scope in granted and kind in (None, shown)]
    return tuple(name for name in EVENTS if kind_of(name) in kinds and (not wanted or name in wanted))


def public_names() -> tuple[str, ...]:
    """The names of all events that can be shown to anyone."""
    return shown_names(READ_SCOPES.values())


def shown(record: StoredEvent, state: str | bytes) -> bytes:
    """The event as JSON; `state` is its state in the present shape of that event."""
    metadata = msgspec.json.decode(record.metadata, type=dict[str, Any])
    data = state.encode() if isinstance(state, str) else state
    return _encode(
        ShownEvent(
            id=f"evt_{record.chain_hash.hex()[:24]}",
            position=record.position,
            type=record.name,
            resource_type=kind_of(record.name),
            resource_id=record.originator_id,
            version=record.originator_version,
            occurred_at=instant(record.recorded_at),
            actor=metadata["actor"],
            request_id=metadata["requestId"],
            data=msgspec.Raw(data),
        )
    )
