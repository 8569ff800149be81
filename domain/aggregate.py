"""The base of every aggregate and event: the one place in the domain that knows the event sourcing library.

Events are msgspec Structs (docs/decisions/0002-events-are-structs.md): they build, decode and encode several times
faster than dataclasses, and name their fields in the log as the API names them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar, Self, cast

import msgspec
from eventsourcing.domain import BaseAggregate, CanMutateAggregate
from msgspec import UNSET


class Event(msgspec.Struct, CanMutateAggregate[str], frozen=True, kw_only=True, rename="camel"):
    """A fact about one aggregate. Subclasses add the fields that changed.

    The three fields here have columns of their own in the log and are left out of the stored state.
    """

    topic: ClassVar[str] = ""
    """The stable stored name (`invoice.sent`); renaming a class never renames history."""
    schema_version: ClassVar[int] = 1
    """Counts the shapes this event has had; older ones are lifted by an upcaster when they are read."""
    phrase: ClassVar[str] = ""
    """What the actor did, for people: `recorded that {object} is overdue`. `{fields}` is replaced by the fields that
    changed, `{payment}` by the amount of the payment. Without a phrase, pages show the stored name."""
    derived_fields: ClassVar[frozenset[str]] = frozenset()
    """Fields of the event that follow from its other fields; a phrase does not list them."""

    originator_id: str = cast("str", UNSET)
    originator_version: int = cast("int", UNSET)
    timestamp: datetime = cast("datetime", UNSET)

    def changes(self) -> dict[str, Any]:
        """The fields that this event sets, without those that it leaves alone."""
        return {
            name: value
            for name in self.__struct_fields__
            if name not in _IN_COLUMNS and (value := getattr(self, name)) is not UNSET
        }

    def apply(self, aggregate: Any) -> None:
        """Assign what changed. It runs again at every load, so it never refuses."""
        for name, value in self.changes().items():
            setattr(aggregate, name, value)


_IN_COLUMNS = frozenset(Event.__struct_fields__)


AnyEvent = Event
_NEVER = datetime.min.replace(tzinfo=UTC)


class Aggregate(BaseAggregate[str]):
    """A consistency boundary with a string id, rebuilt from its events.

    Guards stand in the public methods and run once, when something is decided; a tightened guard therefore never
    makes a stored aggregate unloadable.
    """

    kind: ClassVar[str] = ""
    """The first half of its events' names, and its resource type in the API."""
    noun: ClassVar[str] = ""
    """What people call one of them; the kind unless it says otherwise."""
    read_scope: ClassVar[str | None] = None
    """The scope that a key needs to read it and its events; None for what the API never shows."""
    write_scope: ClassVar[str | None] = None
    """The scope that a key needs to create or change it."""

    Event = Event

    def __init_subclass__(cls, **options: Any) -> None:
        # The library would otherwise derive another base event for every aggregate, and its events with it.
        cls.Event = AnyEvent
        cls.noun = vars(cls).get("noun", cls.kind)
        super().__init_subclass__(**options)

    @classmethod
    def begin(cls, id: str, event_class: type[AnyEvent], at: datetime, **fields: Any) -> Self:
        """A new aggregate whose first event has just happened and waits to be saved."""
        aggregate = cls.empty(id)
        aggregate.record(event_class, at, **fields)
        return aggregate

    @classmethod
    def empty(cls, id: str) -> Self:
        """An aggregate to which nothing has happened yet (version 0)."""
        aggregate = cls.__new__(cls)
        aggregate.__base_init__(id, 0, _NEVER)
        return aggregate

    @classmethod
    def event_classes(cls) -> dict[str, type[AnyEvent]]:
        """This aggregate's events by their stored names."""
        nested = [value for value in vars(cls).values() if isinstance(value, type) and issubclass(value, Event)]
        return {event.topic: event for event in nested if event.topic}

    def record(self, event_class: type[AnyEvent], at: datetime, **fields: Any) -> None:
        """Let the event happen: it changes this aggregate and waits to be saved."""
        self.trigger_event(event_class, timestamp=at, **fields)
