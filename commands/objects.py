"""Parse a JSON object by the annotated fields of a Struct. It is a whole body, or one entry of a list in a body.

`null` follows the same rules in every field. In a new object, `null` means that the field is absent. In a change (the
default of the attribute is UNSET), `null` clears a field that can be empty, sets a field with NullSets to that value,
and is refused for every other field. An empty text means `null` too, unless the field is a Text that may be empty.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import UNSET

from commands.fields import FieldType, NullSets, Report, Text
from domain.errors import READ_ONLY_FIELD, UNKNOWN_FIELD, VALIDATION_FAILED, Violation
from domain.reading import InvalidValue


class BodyField(NamedTuple):
    """One field that a body may hold."""

    attribute: str
    """The name of the Struct's attribute; the key in the body is its camelCase form."""
    type: FieldType
    required: bool
    nullable: bool
    """Whether the field accepts null."""
    when_null: Any = UNSET
    """The value to which null sets the field; UNSET when null sets nothing."""

    def is_null(self, value: Any) -> bool:
        """Return whether the value means null: it is null, or an empty text in a field that takes no empty text."""
        return value is None or (value == "" and not (isinstance(self.type, Text) and self.type.min == 0))


class Items(msgspec.Struct, frozen=True):
    """Takes a list of `min` to `max` objects."""

    of: type[msgspec.Struct]
    max: int
    min: int = 1
    read_only: frozenset[str] = frozenset()
    """The API names of an entry's fields that a response shows but a request cannot set."""

    def parse(self, value: Any, path: str, report: Report) -> tuple[Any, ...]:
        expected = f"must be a list of {self.min} to {self.max} objects"
        if type(value) is not list:
            raise InvalidValue(expected)
        if not self.min <= len(value) <= self.max:
            raise InvalidValue(f"{expected}; it has {len(value)}")
        return tuple(self._entry(entry, f"{path}[{index}]", report) for index, entry in enumerate(value))

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "minItems": self.min, "maxItems": self.max, "items": {"$ref": self.of.__name__}}

    def _entry(self, entry: Any, path: str, report: Report) -> Any:
        if type(entry) is not dict:
            report(Violation(path, VALIDATION_FAILED, "must be an object"))
            return None
        violations: list[Violation] = []
        values = parse_fields(self.of, entry, violations.append, self.read_only, f"{path}.")
        for violation in violations:
            report(violation)
        return None if violations else self.of(**values)


def parse_fields(
    struct: type[msgspec.Struct],
    raw: Mapping[str, Any],
    report: Report,
    read_only: frozenset[str] = frozenset(),
    prefix: str = "",
) -> dict[str, Any]:
    """Return the valid fields of an object by attribute name; report every wrong, missing, read-only or unknown one."""
    fields = body_fields(struct)
    values: dict[str, Any] = {}
    for name, value in raw.items():
        field = fields.get(name)
        if field is None:
            report(_not_writable(prefix + name, name in read_only))
        elif (parsed := _parse(field, value, prefix + name, report)) is not UNSET:
            values[field.attribute] = parsed
    for name, field in fields.items():
        if field.required and field.is_null(raw.get(name)):
            report(Violation(prefix + name, VALIDATION_FAILED, "is required"))
    return values


@cache
def body_fields(struct: type[msgspec.Struct]) -> dict[str, BodyField]:
    """Return the body's fields by their API names: those that are annotated with a FieldType."""
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


def _parse(field: BodyField, value: Any, path: str, report: Report) -> Any:
    """Return the value for the field's attribute; UNSET when there is no value, or after a wrong value was reported."""
    if field.is_null(value):
        if not (field.nullable or field.required):
            report(Violation(path, VALIDATION_FAILED, "cannot be empty; leave it out to keep its value"))
        return field.when_null
    try:
        return field.type.parse(value, path, report)
    except InvalidValue as error:
        report(Violation(path, VALIDATION_FAILED, str(error)))
        return UNSET


def _not_writable(path: str, is_read_only: bool) -> Violation:
    if is_read_only:
        return Violation(path, READ_ONLY_FIELD, "cannot be set by this request; leave it out")
    return Violation(path, UNKNOWN_FIELD, "is not a field of this request; check its spelling or leave it out")


def _members(hint: Any) -> Sequence[Any]:
    """Return the members of a union; of any other type, only the type itself."""
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)


def _when_null(extras: Sequence[Any], hint: Any) -> Any:
    """Return the value to which null sets a field in a change; UNSET when null is refused."""
    defaults = [extra.value for extra in extras if isinstance(extra, NullSets)]
    return defaults[0] if defaults else None if type(None) in _members(hint) else UNSET
