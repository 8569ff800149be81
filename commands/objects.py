"""Parsing a JSON object by the annotated fields of a Struct: a whole body, or one entry of a list in it."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

import msgspec

from commands.fields import FieldType, Report
from domain.errors import READ_ONLY_FIELD, UNKNOWN_FIELD, VALIDATION_FAILED, Violation
from domain.reading import InvalidValue


class BodyField(NamedTuple):
    """One field that a body may hold."""

    attribute: str
    """The name of the Struct's attribute; the key in the body is its camelCase form."""
    type: FieldType
    required: bool
    nullable: bool


class Items(msgspec.Struct, frozen=True):
    """A list of `min` to `max` objects."""

    of: type[msgspec.Struct]
    max: int
    min: int = 1
    read_only: frozenset[str] = frozenset()
    """Fields of an entry, by their API names, that a response shows and a request cannot set."""

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
        elif value is None and field.nullable:
            values[field.attribute] = None
        else:
            try:
                values[field.attribute] = field.type.parse(value, prefix + name, report)
            except InvalidValue as error:
                report(Violation(prefix + name, VALIDATION_FAILED, str(error)))
    for name, field in fields.items():
        if field.required and name not in raw:
            report(Violation(prefix + name, VALIDATION_FAILED, "is required"))
    return values


@cache
def body_fields(struct: type[msgspec.Struct]) -> dict[str, BodyField]:
    """Return the body's fields by their API names: those that are annotated with a FieldType."""
    hints = get_type_hints(struct, include_extras=True)
    fields = {}
    for attribute in msgspec.structs.fields(struct):
        type_, nullable = _annotation(hints[attribute.name])
        if type_ is not None:
            fields[attribute.encode_name] = BodyField(attribute.name, type_, attribute.required, nullable)
    return fields


def _not_writable(path: str, is_read_only: bool) -> Violation:
    if is_read_only:
        return Violation(path, READ_ONLY_FIELD, "cannot be set by this request; leave it out")
    return Violation(path, UNKNOWN_FIELD, "is not a field of this request; check its spelling or leave it out")


def _annotation(hint: Any) -> tuple[FieldType | None, bool]:
    """Return the FieldType of `Annotated[type, …]`, alone or in a union; and whether the union has None."""
    members: Sequence[Any] = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    nullable = type(None) in members
    for member in members:
        if get_origin(member) is Annotated:
            types_ = [extra for extra in member.__metadata__ if hasattr(extra, "parse")]
            if types_:
                return types_[0], nullable
    return None, nullable
