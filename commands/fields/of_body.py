"""The fields of a body, as the annotations of a Struct declare them."""

from __future__ import annotations

import types
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import UNSET

from commands.fields import FieldType, NullSets, Text


class BodyField(NamedTuple):
    """A field that a body can hold."""

    attribute: str
    """The name of the Struct's attribute. The key in the body is the camelCase form of this name."""
    type: FieldType
    required: bool
    nullable: bool
    """Whether the field accepts null."""
    when_null: Any = UNSET
    """The value that null gives the field; UNSET if null leaves the field absent or is refused."""

    def is_null(self, value: Any) -> bool:
        """Return whether the value is null, or is an empty text that means null in this field."""
        return value is None or (value == "" and not (isinstance(self.type, Text) and self.type.min == 0))


@cache
def body_fields(struct: type[msgspec.Struct]) -> dict[str, BodyField]:
    """Return the fields of the Struct that are annotated with a FieldType, by their API names."""
    hints = get_type_hints(struct, include_extras=True)
    fields = {}
    for attribute in msgspec.structs.fields(struct):
        for hint in _members(hints[attribute.name]):
            extras = hint.__metadata__ if get_origin(hint) is Annotated else ()
            for type_ in (extra for extra in extras if hasattr(extra, "parse")):
                in_change = attribute.default is UNSET
                when_null = _when_null(extras, hints[attribute.name]) if in_change else UNSET
                nullable = when_null is not UNSET if in_change else not attribute.required
                name = attribute.name
                fields[attribute.encode_name] = BodyField(name, type_, attribute.required, nullable, when_null)
    return fields


@cache
def required_fields(struct: type[msgspec.Struct]) -> tuple[str, ...]:
    """Return the API names of the fields that a body must have."""
    return tuple(name for name, field in body_fields(struct).items() if field.required)


def _members(hint: Any) -> Sequence[Any]:
    """Return the members of a union type. For any other type, return the type itself."""
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)


def _when_null(extras: Sequence[Any], hint: Any) -> Any:
    """Return the value that a change with null gives the field; UNSET when the field refuses null."""
    defaults = [extra.value for extra in extras if isinstance(extra, NullSets)]
    return defaults[0] if defaults else None if type(None) in _members(hint) else UNSET
