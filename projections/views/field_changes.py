"""What an event changed, field by field: also the fields of lines, payments and other entries of an object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from domain.reading import parse_date, parse_instant
from projections.views.history import compare_states
from projections.views.value_types import DATE, DATE_TIME, MONEY, NUMBER, ValueType, value_types

Value = str | int | Decimal | date | datetime | None
"""A value of a field. None stands for a field that holds nothing. A time is in UTC."""
_UNDECLARED = ValueType()


class Place(NamedTuple):
    """A step on the way from an object to a field: a field, or an entry of a list or a mapping."""

    name: str
    """The name of the field in the API; for an entry, the noun of its type, or the name of the field that holds it."""
    entry: int | str | None = None
    """Of an entry: its number in the list, from 1 on, or its key in the mapping."""


class FieldChange(NamedTuple):
    """The values of one field before and after an event, as they are in the JSON of the resource."""

    places: tuple[Place, ...]
    """The way to the field: `(Place("line", 2), Place("quantity"))` for the quantity of the second line."""
    type: ValueType
    before: Any
    after: Any


def field_changes(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[FieldChange]:
    """Yield each field that differs between two states of an object of this kind. Computed fields are left out.

    Entries of lists are compared by their numbers, those of mappings by their keys.
    """
    types = value_types(kind)
    for name, (old, new) in compare_states(before, after).items():
        yield from _changes((Place(name),), types.get(name, _UNDECLARED), old, new)


def _changes(places: tuple[Place, ...], type_: ValueType, old: Any, new: Any) -> Iterator[FieldChange]:
    if type_.is_mapping:
        yield from _entries(places, type_._replace(is_mapping=False), old or {}, new or {})
    elif type_.fields and isinstance(old or new, list):
        yield from _entries(places, type_, _numbered(old), _numbered(new))
    elif type_.fields:
        old, new = old or {}, new or {}
        for name in dict.fromkeys((*old, *new)):
            part = type_.fields.get(name, _UNDECLARED)
            yield from _changes((*places, Place(name)), part, old.get(name), new.get(name))
    elif old != new and not (_is_empty(old) and _is_empty(new)):
        yield FieldChange(places, type_, old, new)


def _entries(
    places: tuple[Place, ...], type_: ValueType, old: Mapping[Any, Any], new: Mapping[Any, Any]
) -> Iterator[FieldChange]:
    *way, field = places
    for entry in dict.fromkeys((*old, *new)):
        place = Place(type_.noun or field.name, entry)
        yield from _changes((*way, place), type_, old.get(entry), new.get(entry))


def _numbered(entries: list[Any] | None) -> dict[int, Any]:
    return dict(enumerate(entries or (), 1))


def _is_empty(value: Any) -> bool:
    return value is None or value in ([], {})


def typed(type_: ValueType, value: Any) -> Value:
    """Return a value from the JSON of a resource with its type. A list of texts becomes one text."""
    if isinstance(value, str):
        if type_.format == DATE:
            return parse_date(value)
        if type_.format == DATE_TIME:
            return parse_instant(value)
        return Decimal(value) if type_.format in (MONEY, NUMBER) else value
    if _is_empty(value):
        return None
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return value if isinstance(value, int) else msgspec.json.encode(value).decode()
