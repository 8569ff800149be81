"""Which fields of events hold data about people: a log keeps them apart, so that they can be erased.

A field is declared where it stands: `client_name: Personal[str | None]`. The entries of lists, such as lines and
payments, declare their own fields. `tests/domain/test_personal.py` has a reason for each field that is not personal.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, NamedTuple, TypeVar, get_args, get_origin

import msgspec

T = TypeVar("T")
_MARK = msgspec.Meta(extra={"personal": True})
Personal = Annotated[T, _MARK]
"""The type of a field whose values are names, descriptions, notes, or other texts about people."""


class PersonalField(NamedTuple):
    """A field of a Struct that is personal, or that is a list of entries with personal fields."""

    name: str
    """The name of the attribute."""
    entries: tuple[PersonalField, ...]
    """The personal fields of each entry; empty if the field itself is personal."""


@cache
def personal_fields(struct: type[msgspec.Struct]) -> tuple[PersonalField, ...]:
    """Return the personal fields of a Struct, in the order in which they stand in its JSON."""
    found = []
    for field in msgspec.structs.fields(struct):
        if is_personal(field.type):
            found.append(PersonalField(field.name, ()))
        elif entries := _fields_of_entries(field.type):
            found.append(PersonalField(field.name, entries))
    return tuple(found)


def is_personal(annotation: Any) -> bool:
    """Return whether a field with this type is declared as personal."""
    return get_origin(annotation) is Annotated and _MARK in get_args(annotation)


def _fields_of_entries(annotation: Any) -> tuple[PersonalField, ...]:
    """Return the personal fields of each entry of a list, from its type, such as `tuple[LineItem, ...] | UnsetType`."""
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return personal_fields(annotation)
    return next(filter(None, map(_fields_of_entries, get_args(annotation))), ())
