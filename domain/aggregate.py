"""The base classes of aggregates and events. No other module of `domain/` uses the event sourcing library.

Events are msgspec Structs (docs/decisions/0002-events-are-structs.md). Structs are created, decoded and encoded several
times faster than dataclasses. Their fields have the same names in the log as in the API.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import Any, ClassVar, Self, cast

import msgspec
from eventsourcing.domain import BaseAggregate, CanMutateAggregate
from msgspec import UNSET, UnsetType


class Event(msgspec.Struct, CanMutateAggregate[str], frozen=True, kw_only=True, rename="camel"):
    """A fact about one aggregate. Subclasses add the fields that changed.

    Three fields of this class have their own columns in the log, and `erased` is known from what is missing. They are
    not part of the stored state.
    """

    topic: ClassVar[str] = ""
    """The stored name (`invoice.sent`). It stays the same when the class is renamed."""
    schema_version: ClassVar[int] = 1
    """The version of this event's fields; an upcaster converts events of older versions when they are read."""
    phrase: ClassVar[str] = ""
    """The words that tell people what the actor did: `recorded that {object} is overdue`. Pages replace `{object}` by
    the name of the object, `{fields}` (which stands behind it) by the fields that changed, `{payment}` by the
    amount of the payment, `{threshold}` by a part of a limit, and `{user}` and `{role}` by a person and a role. If the
    phrase is empty, pages show the stored name of the event."""
    derived_fields: ClassVar[frozenset[str]] = frozenset()
    """Fields that are computed from the event's other fields. Pages leave them out of the list of changed fields."""

    originator_id: str = cast("str", UNSET)
    originator_version: int = cast("int", UNSET)
    timestamp: datetime = cast("datetime", UNSET)
    erased: bool | UnsetType = UNSET
    """True when the personal values of the event were erased: they are None. Otherwise it is absent."""

    def changes(self) -> dict[str, Any]:
        """Return the fields that this event sets, by attribute name. Fields that it does not change are absent."""
        names, values = _own_fields(type(self))
        return {name: value for name, value in zip(names, values(self), strict=True) if value is not UNSET}

    def apply(self, aggregate: Any) -> None:
        """Assign the changed fields to the aggregate.

        This method runs whenever the aggregate is loaded, so it must never refuse an event.
        """
        vars(aggregate).update(self.changes())


@cache
def _own_fields(event: type[Event]) -> tuple[tuple[str, ...], Callable[[Event], tuple[Any, ...]]]:
    """Return the fields of an event that have no columns of their own in the log: their names, and what reads them."""
    names = tuple(name for name in event.__struct_fields__ if name not in Event.__struct_fields__)
    return names, attrgetter(*names) if len(names) > 1 else lambda each: tuple(getattr(each, name) for name in names)


AnyEvent = Event
_AFTER_PREFIX = re.compile("[0-9A-Z]{26}")
"""The part of an id behind its prefix. Letters that no id has are allowed, so that a mistyped id is no other text."""
_NEVER = datetime.min.replace(tzinfo=UTC)


class Aggregate(BaseAggregate[str]):
    """An object with a string id whose state is rebuilt from its events. Each command changes one aggregate.

    The public methods check the rules once, before they record an event. Applying an event checks no rule, so stored
    aggregates can still be loaded after a rule has become stricter.
    """

    kind: ClassVar[str] = ""
    """The stored name of this type of object, such as `invoice`. The stored names of its events begin with the kind.
    The API shows the kind as `resourceType`."""
    id_prefix: ClassVar[str]
    """The beginning of every id: `inv` for `inv_01K…`."""
    noun: ClassVar[str] = ""
    """The word for the object in messages to people. It is the kind, unless a subclass declares another word."""
    read_scope: ClassVar[str | None] = None
    """The scope that a key needs to read the object and its events; None when the API never shows the object."""
    write_scope: ClassVar[str | None] = None
    """The scope that a key needs to create or change the object; None when the API never changes the object."""

    Event = Event

    def __init_subclass__(cls, **options: Any) -> None:
        # Without this line, the library would make a new base class of events for each aggregate.
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
    def restored(cls, id: str, version: int, at: datetime, state: Mapping[str, Any]) -> Self:
        """Return the aggregate that its events have led to, without the events.

        `version` and `at` are those of the last event. `state` holds the attributes that the events have set, by name.
        """
        aggregate = cls.empty(id)
        aggregate.version, aggregate.modified_on = version, at
        vars(aggregate).update(state)
        return aggregate

    @classmethod
    def transitions(cls) -> Mapping[str, tuple[str, ...]]:
        """Return, for each status, the statuses that a request can set next. Empty if no request sets a status."""
        return {}

    @classmethod
    def payment_transitions(cls) -> Mapping[str, tuple[str, ...]]:
        """Return, for each status, the statuses to which a payment or a reversal can lead. Empty without payments."""
        return {}

    @classmethod
    def actions(cls, status: str) -> tuple[str, ...]:
        """Return the names of the actions that are possible in this status: the resource's `availableActions`."""
        return ()

    @classmethod
    def all_actions(cls) -> tuple[str, ...]:
        """Return the names of all actions that are possible in some status. Each name occurs once."""
        return tuple(dict.fromkeys(action for status in cls.transitions() for action in cls.actions(status)))

    @classmethod
    def event_classes(cls) -> dict[str, type[AnyEvent]]:
        """Return this aggregate's event classes by their stored names."""
        nested = [value for value in vars(cls).values() if isinstance(value, type) and issubclass(value, Event)]
        return {event.topic: event for event in nested if event.topic}

    @classmethod
    def is_id(cls, text: str) -> bool:
        """Return whether a text has the form of the ids of this kind. No object need have it."""
        return (
            text.startswith(f"{cls.id_prefix}_") and _AFTER_PREFIX.fullmatch(text, len(cls.id_prefix) + 1) is not None
        )

    def is_visible_to(self, scopes: Collection[str]) -> bool:
        """Return whether a key with these scopes can see and change this object, if it has the scope of the request."""
        return True

    def record(self, event_class: type[AnyEvent], at: datetime, **fields: Any) -> None:
        """Apply a new event to this aggregate. The event is stored when the aggregate is saved."""
        self.trigger_event(event_class, timestamp=at, **fields)
