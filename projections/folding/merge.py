"""Merges the fields of an object's events as JSON, so that values are decoded once per object, not once per event.

This works because the fields of an event have the same names and the same JSON as the fields of the row. The result is
the same as that of folding the events one by one; events for which this is not certain are not merged.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec
from msgspec import UNSET, Raw
from msgspec.structs import FieldInfo

from domain.aggregate import Event
from domain.calendar import instant
from projections.folding.stored_event import FoldedEvent

R = TypeVar("R", bound=msgspec.Struct)
ReadState = Callable[[Any], str | bytes]
"""Returns the own fields of a stored event as JSON in their present form. It may raise any exception."""

_ERASED = "erased"
_COMMON = frozenset(field.encode_name for field in msgspec.structs.fields(Event)) - {_ERASED}
_SET_BY_FOLD = {"id": "", "createdAt": "", "updatedAt": "", "version": 0, "availableActions": ()}
"""The fields of a row that no event holds, with values that are replaced after the row was decoded."""
_END = f",{msgspec.json.encode(_SET_BY_FOLD)[1:].decode()}"


class Merged(NamedTuple, Generic[R]):
    """The row of an object after all of its events, without the actions that are available.

    `beside` are the values of fields that are no fields of the row, in the order of the events. `traced` are the fields
    of those events that can set the traced field, by their names in JSON; a field that the event lacks is UNSET.
    """

    row: R
    beside: dict[str, list[Raw]]
    traced: list[Any]


class _Shape(NamedTuple):
    """The form of the events of one class."""

    decode: Callable[[str | bytes], Any]
    """Returns the fields as they are. Raises MsgspecError if a field is missing that each event has, or is unknown."""
    creates: bool
    """Whether such an event sets every field of a new row."""
    beside: tuple[str, ...]
    """The fields that are no fields of the row."""
    is_traced: bool
    may_be_older: bool
    """Whether an event can have an older form, which is not merged."""


class FieldMerge(Generic[R]):
    """Merges the events of one kind of object into a row of one type."""

    def __init__(
        self,
        row_type: type[R],
        events: Mapping[str, type[Event]],
        beside: Collection[str] = (),
        traced: str = "",
        together: Collection[tuple[str, str]] = (),
        absent: Collection[str] = (),
    ) -> None:
        """`events` are the event classes by stored name.

        A field of `absent` (names in JSON) that an event has set to null is absent in the row.

        `beside` are fields of events that are no fields of the row. An event with the first field of a pair of
        `together`, but without the second, has an older form; it is not merged.
        """
        fields = msgspec.structs.fields(row_type)
        needed = _names(field for field in fields if field.required) - _SET_BY_FOLD.keys()
        mergeable = _names(fields) - _SET_BY_FOLD.keys() | {*beside}
        self._together, self._absent = together, frozenset(absent)
        self._shapes: dict[str, _Shape] = {}
        for name, event in events.items():
            known = _names(msgspec.structs.fields(event)) - _COMMON
            always = _names(field for field in msgspec.structs.fields(event) if field.required)
            if known <= mergeable:
                own = tuple(field for field in beside if field in known)
                creates = needed <= known and bool(needed & always)
                may_be_older = any(first in known for first, _ in together)
                self._shapes[name] = _Shape(_decoder_of(event), creates, own, traced in known, may_be_older)
        self._decode = msgspec.json.Decoder(row_type).decode

    def merge(self, events: Sequence[FoldedEvent], read_state: ReadState) -> Merged[R] | None:
        """Return the merged events; None if they must be folded one by one.

        This is so if the events do not begin with one that creates the object, or if one has an older form. Raises
        MsgspecError if an event has missing or unknown fields or if a value has a wrong type, and what `read_state`
        raises.
        """
        texts: list[str] = []
        beside: dict[str, list[Raw]] = {}
        traced = []
        for event in events:
            state = read_state(event)
            shape = self._shapes.get(event.name)
            if shape is None or shape.creates == bool(texts):
                return None
            fields = shape.decode(state)
            if shape.may_be_older and self._is_older(fields):
                return None
            for name in shape.beside:
                value = getattr(fields, name)
                if value is not UNSET:
                    beside.setdefault(name, []).append(value)
            if shape.is_traced:
                traced.append(fields)
            texts.append(_without_braces(state))
        # Where a name occurs more than once in an object, the decoder keeps the last value.
        row = self._row(f"{{{','.join(filter(None, texts))}{_END}")
        _complete(row, events)
        return Merged(row, beside, traced)

    def _row(self, text: str) -> R:
        try:
            return self._decode(text)
        except msgspec.ValidationError:
            if not self._absent:
                raise
        fields = msgspec.json.decode(text, type=dict[str, Raw])
        used = {name: value for name, value in fields.items() if name not in self._absent or bytes(value) != b"null"}
        return self._decode(msgspec.json.encode(used))

    def _is_older(self, fields: Any) -> bool:
        return any(
            getattr(fields, first, UNSET) is not UNSET and getattr(fields, second, UNSET) is UNSET
            for first, second in self._together
        )


def _decoder_of(event: type[Event]) -> Callable[[str | bytes], Any]:
    """Return a function that returns the fields of an event without decoding their values."""
    fields: list[tuple[str, type] | tuple[str, type, Any]] = [
        (field.encode_name, Raw) if field.required else (field.encode_name, Raw, UNSET)
        for field in msgspec.structs.fields(event)
        if field.encode_name not in _COMMON
    ]
    raw = msgspec.defstruct(event.__name__, fields, forbid_unknown_fields=True, kw_only=True, gc=False)
    return msgspec.json.Decoder(raw).decode


def _without_braces(state: str | bytes) -> str:
    """Return a JSON object without the braces around it."""
    text = state if isinstance(state, str) else state.decode()
    return text[1:-1] if text[0] == "{" and text[-1] == "}" else text.strip()[1:-1]


def _complete(row: Any, events: Sequence[FoldedEvent]) -> None:
    first, last = events[0], events[-1]
    row.id, row.version = first.originator_id, last.originator_version
    row.created_at, row.updated_at = instant(first.recorded_at), instant(last.recorded_at)


def _names(fields: Iterable[FieldInfo]) -> frozenset[str]:
    return frozenset(field.encode_name for field in fields)
