"""The types of a resource's values, as its Structs declare them. Pages format days and instants by these types."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from msgspec import inspect

from projections.registry import ROWS

DATE, DATE_TIME = "date", "date-time"


class ValueType(NamedTuple):
    """The type of a value of a resource. For a list, it is the type of the entries."""

    format: str = ""
    """DATE, DATE_TIME, or an empty text for any other value."""
    fields: Mapping[str, ValueType] = {}
    """The types of an object's fields, by their API names; empty for a value that is not a declared object."""


@cache
def value_types(kind: str) -> Mapping[str, ValueType]:
    """Return the types of the fields of a kind of object, by their API names."""
    structs = map(inspect.type_info, ROWS[kind].resource_types)
    return {name: type_ for struct in structs for name, type_ in _value_type(struct).fields.items()}


def _value_type(declared: inspect.Type) -> ValueType:
    if isinstance(declared, inspect.StructType):
        return ValueType(fields={field.encode_name: _value_type(field.type) for field in declared.fields})
    if isinstance(declared, inspect.UnionType):
        return next(_value_type(each) for each in declared.types if not isinstance(each, inspect.NoneType))
    if isinstance(declared, inspect.CollectionType):
        return _value_type(declared.item_type)
    if isinstance(declared, inspect.DateType):
        return ValueType(DATE)
    is_instant = isinstance(declared, inspect.Metadata) and declared.extra_json_schema == _INSTANT
    return ValueType(DATE_TIME) if is_instant else ValueType()


_INSTANT = {"format": DATE_TIME}
"""The annotation of a Timestamp."""
