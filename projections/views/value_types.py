"""The types of a resource's values, as its Structs declare them. Pages format days and instants by these types."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from msgspec import inspect

from projections.registry import ROWS

DATE, DATE_TIME, MONEY, WORD = "date", "date-time", "money", "word"
_PLAIN_NUMBERS = frozenset(("quantity", "taxRate", "days"))
"""The fields with decimals that are no amounts of money."""


class ValueType(NamedTuple):
    """The type of a value of a resource. For a list, it is the type of the entries."""

    format: str = ""
    """DATE, DATE_TIME, MONEY, WORD (one of a few words), or an empty text for any other value."""
    fields: Mapping[str, ValueType] = {}
    """The types of an object's fields, by their API names; empty for a value that is not a declared object."""


@cache
def value_types(kind: str) -> Mapping[str, ValueType]:
    """Return the types of the fields of a kind of object, by their API names."""
    structs = map(inspect.type_info, ROWS[kind].resource_types)
    return {name: type_ for struct in structs for name, type_ in _value_type(struct).fields.items()}


def _field_type(field: inspect.Field) -> ValueType:
    is_money = isinstance(field.type, inspect.DecimalType) and field.encode_name not in _PLAIN_NUMBERS
    return ValueType(MONEY) if is_money else _value_type(field.type)


def _value_type(declared: inspect.Type) -> ValueType:
    if isinstance(declared, inspect.StructType):
        return ValueType(fields={field.encode_name: _field_type(field) for field in declared.fields})
    if isinstance(declared, inspect.UnionType):
        return next(_value_type(each) for each in declared.types if not isinstance(each, inspect.NoneType))
    if isinstance(declared, inspect.CollectionType):
        return _value_type(declared.item_type)
    if isinstance(declared, inspect.DateType):
        return ValueType(DATE)
    schema = (declared.extra_json_schema or {}) if isinstance(declared, inspect.Metadata) else {}
    return ValueType(DATE_TIME if schema == _INSTANT else WORD if "enum" in schema else "")


_INSTANT = {"format": DATE_TIME}
"""The annotation of a Timestamp."""
