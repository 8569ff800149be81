"""The base of every aggregate and event: the one place in the domain that knows the event sourcing library.

Events are msgspec Structs (docs/decisions/0002-events-are-structs.md). Structs are created, decoded and encoded several
times faster than dataclasses. Their fields have the same names in the log as in the API.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Self, cast

import msgspec
from eventsourcing.domain import BaseAggregate, CanMutateAggregate
from msgspec import UNSET


class Event(msgspec.Struct, CanMutateAggregate[str], frozen=True, kw_only=True, rename="camel"):
    """A fact about one aggregate. Subclasses add the fields that changed.

    The three fields of this class have their own columns in the log. They are not part of the stored state.
    """

    topic: ClassVar[str] = ""
    """The stored name (`invoice.sent`). It stays the same when the class is renamed."""
    schema_version: ClassVar[int] = 1
    """The version of this event's fields; an upcaster converts events of older versions when they are read."""
    phrase: ClassVar[str] = ""
    """What the actor did, for people: `recorded that {object} is overdue`. `{fields}` is replaced by the fields that
    changed, `{payment}` by the amount of the payment. Without a phrase, pages show the stored name."""
    derived_fields: ClassVar[frozenset[str]] = frozenset()
    """Fields of the event that follow from its other fields; a phrase does not list them."""

    originator_id: str = cast("str", UNSET)
    originator_version: int = cast("int", UNSET)
    timestamp: datetime = cast("datetime", UNSET)

    def changes(self) -> dict[str, Any]:
        """Return the fields that this event sets; those that it does not change are absent."""
        return {
            name: value
            for name in self.__struct_fields__
            if name not in _IN_COLUMNS and (value := getattr(self, name)) is not UNSET
        }

    def apply(self, aggregate: Any) -> None:
        """Assign the changed fields to the aggregate. This runs at every load, so it must never raise a refusal."""
        for name, value in self.changes().items():
            setattr(aggregate, name, value)


_IN_COLUMNS = frozenset(Event.__struct_fields__)


AnyEvent = Event
_NEVER = datetime.min.replace(tzinfo=UTC)


class Aggregate(BaseAggregate[str]):
    """A consistency boundary with a string id, rebuilt from its events.

    Rules are checked in the public methods, once, before an event is recorded. Applying an event checks nothing, so a
    stricter rule never makes a stored aggregate unloadable.
    """

    kind: ClassVar[str] = ""
    """The first part of its events' stored names, and its resource type in the API."""
    id_prefix: ClassVar[str]
    """What its ids begin with: `inv` for `inv_01K…`."""
    noun: ClassVar[str] = ""
    """What people call it; the kind, unless a subclass says otherwise."""
    read_scope: ClassVar[str | None] = None
    """The scope that a key needs to read it and its events; None when the API never shows it."""
    write_scope: ClassVar[str | None] = None
    """The scope that a key needs to create or change it."""

    Event = Event

    def __init_subclass__(cls, **options: Any) -> None:
        # Without this, the library would make a new base class of events for each aggregate.
        cls.Event = AnyEvent
        cls.noun = vars(cls).get("noun", cls.kind)
        super().__init_subclass__(**options)

    @classmethod
    def begin(cls, id: str, event_class: type[AnyEvent], at: datetime, **fields: Any) -> Self:
        """Return a new aggregate with its first event, which is not yet saved."""
        aggregate = cls.empty(id)
        aggregate.record(event_class, at, **fields)
        return aggregate

    @classmethod
    def empty(cls, id: str) -> Self:
        """Return an aggregate without events (version 0)."""
        aggregate = cls.__new__(cls)
        aggregate.__base_init__(id, 0, _NEVER)
        return aggregate

    @classmethod
    def transitions(cls) -> Mapping[str, tuple[str, ...]]:
        """Return, for each status, the statuses that a request can set from it; empty when requests set no status."""
        return {}

    @classmethod
    def actions(cls, status: str) -> tuple[str, ...]:
        """Return what can be done in this status: the resource's `availableActions`."""
        return ()

    @classmethod
    def all_actions(cls) -> tuple[str, ...]:
        """Return every action of every status, each once."""
        return tuple(dict.fromkeys(action for status in cls.transitions() for action in cls.actions(status)))

    @classmethod
    def event_classes(cls) -> dict[str, type[AnyEvent]]:
        """Return this aggregate's event classes by their stored names."""
        nested = [value for value in vars(cls).values() if isinstance(value, type) and issubclass(value, Event)]
        return {event.topic: event for event in nested if event.topic}

    def record(self, event_class: type[AnyEvent], at: datetime, **fields: Any) -> None:
        """Apply a new event to this aggregate; it is stored when the aggregate is saved."""
        self.trigger_event(event_class, timestamp=at, **fields)
