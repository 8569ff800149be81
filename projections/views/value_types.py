"""The types of a resource's values, as its Structs declare them. Pages and files format values by these types."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from msgspec import inspect

from projections.registry import ROWS

DATE, DATE_TIME, MONEY, NUMBER, WORD = "date", "date-time", "money", "number", "word"
_PLAIN_NUMBERS = frozenset(("quantity", "taxRate", "cessRate", "percent", "days"))
"""The fields with decimals that are no amounts of money."""


class ValueType(NamedTuple):
    """The type of a value of a resource. For a list or a mapping, it is the type of the entries."""

    format: str = ""
    """DATE, DATE_TIME, MONEY, NUMBER (with decimals), WORD (one of a few words), or an empty text for any other."""
    fields: Mapping[str, ValueType] = {}
    """The types of an object's fields, by their API names; empty for a value that is not a declared object."""
    noun: str = ""
    """The word for one such object, which its Struct declares as `noun`: "line" for an entry of `items`."""
    is_mapping: bool = False
    """Whether the value has entries by keys that are no declared fields."""


@cache
def value_types(kind: str) -> Mapping[str, ValueType]:
    """Return the types of the fields of a kind of object, by their API names."""
    structs = map(inspect.type_info, ROWS[kind].resource_types)
    return {name: type_ for struct in structs for name, type_ in _value_type(struct).fields.items()}


def _field_type(field: inspect.Field) -> ValueType:
    if isinstance(field.type, inspect.DecimalType):
        return ValueType(NUMBER if field.encode_name in _PLAIN_NUMBERS else MONEY)
    return _value_type(field.type)


def _value_type(declared: inspect.Type) -> ValueType:
    if isinstance(declared, inspect.StructType):
        fields = {field.encode_name: _field_type(field) for field in declared.fields}
        return ValueType(fields=fields, noun=getattr(declared.cls, "noun", ""))
    if isinstance(declared, inspect.UnionType):
        return next(_value_type(each) for each in declared.types if not isinstance(each, inspect.NoneType))
    if isinstance(declared, inspect.CollectionType):
        return _value_type(declared.item_type)
    if isinstance(declared, inspect.DictType):
        return _value_type(declared.value_type)._replace(is_mapping=True)
    if isinstance(declared, inspect.DateType):
        return ValueType(DATE)
    schema = (declared.extra_json_schema or {}) if isinstance(declared, inspect.Metadata) else {}
    return ValueType(DATE_TIME if schema == _INSTANT else WORD if "enum" in schema else "")


_INSTANT = {"format": DATE_TIME}
"""The annotation of a Timestamp."""
