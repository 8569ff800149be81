"""Events as the API shows them, pages of events, and the moment for which a past state is requested."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from domain.accounts.mode import is_live
from domain.calendar import Timestamp, instant
from domain.errors.messages import shorten
from domain.registry import AGGREGATES, EVENTS, kind_of
from projections.folding.stored_event import StoredEvent
from projections.projection import join_details

MAX_POSITIONS_SEARCHED = 5000
"""The number of positions of the log that one page may search. Without this limit, a filter by a rare type would read
the whole log."""

POSITION_BEYOND_LOG = "position_beyond_log"

READ_SCOPES: Mapping[str, str] = {
    kind: aggregate.read_scope for kind, aggregate in AGGREGATES.items() if aggregate.read_scope is not None
}
"""For each kind of object, the scope that a key needs to see its events. The API shows no events of other kinds."""

_encode = msgspec.json.Encoder().encode


class InTheFuture(Exception):
    """The requested moment is in the future."""


class PositionBeyondLog(Exception):
    """A request named a position that the log has not reached. `head` is the last position of the log."""

    def __init__(self, after: int, head: int) -> None:
        self.after, self.head = after, head
        super().__init__(
            f"There is no position {shorten(str(after))} in this log; its last position is {head}. If you received "
            "your position from this log, the log was later restored from a backup. Read it again from an older "
            "position, or from 0."
        )


class Moment(NamedTuple):
    """The moment for which a past state is requested: an instant (`as_of`) or a version. The other one is None."""

    as_of: datetime | None = None
    version: int | None = None


class EventsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """A request for a page of events: the names of the events, where the page begins, and the order."""

    names: tuple[str, ...]
    limit: int
    descending: bool = False
    start: int | None = None
    """The position where the page begins. An ascending page holds events after this position, a descending page events
    before it. None means the end of the log."""
    originator_id: str | None = None
    """The id of the object whose events are requested; None requests the events of all objects."""
    with_objects: bool = False
    """Whether each event is shown together with the state of the object after the event."""


class EventsPage(NamedTuple):
    """A page of events as JSON. `next_start` is the position where the next page begins."""

    items: list[bytes]
    next_start: int
    has_more: bool


class ShownEvent(msgspec.Struct, rename="camel"):
    """An event as the API shows it; `data` holds the changed fields, named as in the resource."""

    id: str
    position: int
    livemode: bool
    """Whether the event is of live data, and not of test data."""
    type: str
    resource_type: str
    resource_id: str
    version: int
    occurred_at: Timestamp
    actor: dict[str, Any]
    request_id: str
    data: msgspec.Raw


class EventObject(msgspec.Struct):
    """The field that `include=object` adds to an event."""

    object: msgspec.Raw
    """The resource after the event, as `GET` with `version` returns it."""


def visible_names(scopes: Iterable[str], names: Iterable[str] = (), kind: str | None = None) -> tuple[str, ...]:
    """Return the names of the events that a key with these scopes can see.

    If `names` is not empty, the result holds only names from it. If `kind` is not None, the result holds only names of
    events of this kind.
    """
    key_scopes, chosen_names = set(scopes), set(names)
    kinds = [each for each, scope in READ_SCOPES.items() if scope in key_scopes and kind in (None, each)]
    return tuple(name for name in EVENTS if kind_of(name) in kinds and (not chosen_names or name in chosen_names))


def public_names() -> tuple[str, ...]:
    """Return the names of all events that the API can show."""
    return visible_names(READ_SCOPES.values())


EVENT_ID_SQL = "'evt_' || left(encode(chain_hash, 'hex'), 24)"
"""The same as `event_id`, in a statement on events."""


def event_id(chain_hash: bytes) -> str:
    """Return the id of the event that has this hash in the chain of its log."""
    return f"evt_{chain_hash.hex()[:24]}"


def render_event(org_id: str, record: StoredEvent, state: str | bytes) -> bytes:
    """Return an event of the organization as JSON.

    `state` is the JSON of the event's own fields, in their latest schema version.
    """
    metadata = msgspec.json.decode(record.metadata, type=dict[str, Any])
    data = state.encode() if isinstance(state, str) else state
    return _encode(
        ShownEvent(
            id=event_id(record.chain_hash),
            position=record.position,
            livemode=is_live(org_id),
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


def add_object(event: bytes, resource: bytes) -> bytes:
    """Add the state of the object after the event to the JSON of the event, and return the result."""
    return join_details(event, _encode(EventObject(msgspec.Raw(resource))))
