"""Merges the fields of an object's events as raw JSON, so that values are decoded once per object, not once per event.

This works because the fields of an event have the same names and the same JSON as the fields of the row. The result is
the same as that of folding the events one by one; events for which this is not certain are not merged.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec
from msgspec.structs import FieldInfo

from domain.aggregate import Event
from domain.calendar import instant
from projections.folding.stored_event import FoldedEvent

R = TypeVar("R", bound=msgspec.Struct)
Fields = dict[str, Any]
"""Values of a row by the names that they have in JSON. A `Raw` is a value that is not decoded."""
ReadState = Callable[[Any], str | bytes]
"""Returns the own fields of a stored event as JSON in their present form. It may raise any exception."""

_encode = msgspec.json.Encoder().encode
_decode_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_COMMON = frozenset(field.encode_name for field in msgspec.structs.fields(Event))
_SET_BY_FOLD = frozenset(("id", "createdAt", "updatedAt", "version", "availableActions"))
"""The fields of a row that no event holds."""


class Merged(NamedTuple):
    """The last value of each field, and all values of the field that is collected, in the order of the events."""

    fields: Fields
    collected: list[msgspec.Raw]


class _Shape(NamedTuple):
    """The fields that an event of one class must have, and those that it can have."""

    required: frozenset[str]
    known: frozenset[str]
    creates: bool
    """Whether such an event sets every field of a new row."""


class FieldMerge(Generic[R]):
    """Merges the events of one kind of object into a row of one type."""

    def __init__(
        self,
        row_type: type[R],
        events: Mapping[str, type[Event]],
        beside: Collection[str] = (),
        collected: str = "",
        together: tuple[str, str] | None = None,
    ) -> None:
        """`events` are the event classes by stored name.

        `beside` are fields of events that are no fields of the row. `collected` is the field of which all values are
        kept. An event with the first field of `together`, but without the second, has an older form; it is not merged.
        """
        self._collected, self._together = collected, together
        fields = msgspec.structs.fields(row_type)
        needed = _names(field for field in fields if field.required) - _SET_BY_FOLD
        mergeable = _names(fields) - _SET_BY_FOLD | {*beside} | ({collected} if collected else set())
        shapes = {name: _shape(event, needed) for name, event in events.items()}
        self._shapes = {name: shape for name, shape in shapes.items() if shape.known <= mergeable}
        self._decode = msgspec.json.Decoder(row_type).decode

    def merge(self, events: Sequence[FoldedEvent], read_state: ReadState) -> Merged | None:
        """Return the merged fields; None if the events must be folded one by one.

        This is so if the events do not begin with one that creates the object, or if an event has missing, unknown or
        older fields. Raises MsgspecError, and what `read_state` raises.
        """
        fields: Fields = {}
        collected: list[msgspec.Raw] = []
        for event in events:
            changes = _decode_fields(read_state(event))
            shape = self._shapes.get(event.name)
            if shape is None or not shape.required <= changes.keys() <= shape.known or shape.creates == bool(fields):
                return None
            if self._together is not None and self._together[0] in changes and self._together[1] not in changes:
                return None
            fields.update(changes)
            if self._collected in changes:
                collected.append(fields.pop(self._collected))
        return Merged(fields, collected)

    def row(self, fields: Fields, events: Sequence[FoldedEvent]) -> R:
        """Return the row with these fields after these events, without the actions that are available.

        Raises MsgspecError if a value has a wrong type.
        """
        first, last = events[0], events[-1]
        fields["id"] = first.originator_id
        fields["createdAt"], fields["updatedAt"] = instant(first.recorded_at), instant(last.recorded_at)
        fields["version"], fields["availableActions"] = last.originator_version, ()
        return self._decode(_encode(fields))


def _shape(event: type[Event], needed: frozenset[str]) -> _Shape:
    fields = [field for field in msgspec.structs.fields(event) if field.encode_name not in _COMMON]
    known = _names(fields)
    return _Shape(_names(field for field in fields if field.required), known, creates=needed <= known)


def _names(fields: Iterable[FieldInfo]) -> frozenset[str]:
    return frozenset(field.encode_name for field in fields)
