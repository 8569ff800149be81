"""Parse a JSON object by the annotated fields of a Struct. The object is a body, or an entry of a list in a body.

The rules for `null` are the same for all fields. In a request that creates an object, `null` means that the field is
absent. In a request that changes an object (the default of the attribute is UNSET), `null` clears a field that can be
empty, sets a field with NullSets to the value of NullSets, and is refused for any other field. An empty text means the
same as `null`, unless the field is a Text with a minimum length of 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET

from commands.fields import Report
from commands.fields.of_body import BodyField, body_fields, required_fields
from domain.accounts.misplaced_key import IN_BODY, is_misplaced_key, refuse_secret, unknown_name
from domain.errors import Invalid
from domain.errors.codes import READ_ONLY_FIELD, UNKNOWN_FIELD, VALIDATION_FAILED
from domain.errors.violation import MAX_VIOLATIONS, Violation
from domain.metadata import KEY_PATTERN, MAX_KEY_CHARACTERS, MAX_VALUE_CHARACTERS
from domain.reading import InvalidValue
from domain.suggestions.names import nearest
from domain.suggestions.other_names import FIELDS

S = TypeVar("S", bound=msgspec.Struct)

_KEY = re.compile(KEY_PATTERN)


class Items(msgspec.Struct, frozen=True):
    """Accepts a list of `min` to `max` objects, each with the fields of the Struct `of`."""

    of: type[msgspec.Struct]
    max: int
    min: int = 1
    read_only: frozenset[str] = frozenset()
    """The API names of the fields of an entry that responses show but requests cannot set."""

    def parse(self, value: Any, path: str, report: Report) -> tuple[Any, ...]:
        expected = f"must be a list of {self.min} to {self.max} objects"
        if type(value) is not list:
            raise InvalidValue(
                f"{expected}; put square brackets around the object" if type(value) is dict else expected
            )
        if not self.min <= len(value) <= self.max:
            raise InvalidValue(f"{expected}; it has {len(value)}")
        return tuple(self._entry(entry, f"{path}[{index}]", report) for index, entry in enumerate(value))

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "minItems": self.min, "maxItems": self.max, "items": {"$ref": self.of.__name__}}

    def _entry(self, entry: Any, path: str, report: Report) -> Any:
        if type(entry) is not dict:
            report(Violation(path, VALIDATION_FAILED, "must be an object"))
            return None
        is_valid = True

        def report_in_entry(violation: Violation) -> None:
            nonlocal is_valid
            is_valid = False
            report(violation)

        values = _parse_fields(self.of, entry, report_in_entry, self.read_only, f"{path}.")
        return self.of(**values) if is_valid else None


class Object(msgspec.Struct, frozen=True):
    """Accepts an object with one of the fields of the Struct `of`."""

    of: type[msgspec.Struct]
    make: Callable[[Any], Any]
    """Returns the value for an object whose fields are valid. Raises InvalidValue."""
    expected: str
    """The message for a value that is no object."""

    def parse(self, value: Any, path: str, report: Report) -> Any:
        if type(value) is not dict:
            raise InvalidValue(self.expected)
        is_valid = True

        def report_in_object(violation: Violation) -> None:
            nonlocal is_valid
            is_valid = False
            report(violation)

        values = _parse_fields(self.of, value, report_in_object, frozenset(), f"{path}.")
        return self.make(self.of(**values)) if is_valid else None

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"$ref": self.of.__name__, "minProperties": 1, "maxProperties": 1}]}


class _TooManyViolations(Exception):
    """MAX_VIOLATIONS were reported, so the rest of the body is not looked at."""


def parse_fields(
    struct: type[msgspec.Struct], raw: Mapping[str, Any], read_only: frozenset[str] = frozenset()
) -> tuple[dict[str, Any], list[Violation]]:
    """Return the valid fields of an object, by attribute name, and what is wrong with the others.

    `read_only` are the API names of fields that responses show but requests cannot set. After MAX_VIOLATIONS, the rest
    of the object is not looked at, and no field is returned as valid.
    """
    violations: list[Violation] = []

    def report(violation: Violation) -> None:
        violations.append(violation)
        if len(violations) >= MAX_VIOLATIONS:
            raise _TooManyViolations

    try:
        return _parse_fields(struct, raw, report, read_only), violations
    except _TooManyViolations:
        return {}, violations


def parse_object(struct: type[S], raw: Mapping[str, Any]) -> S:
    """Return the Struct that a body describes which makes no command. Raises Invalid, which lists the wrong fields."""
    values, violations = parse_fields(struct, raw)
    if violations:
        raise Invalid(violations)
    return struct(**values)


def _parse_fields(
    struct: type[msgspec.Struct], raw: Mapping[str, Any], report: Report, read_only: frozenset[str], prefix: str = ""
) -> dict[str, Any]:
    """Return the valid fields of an object, by attribute name.

    Calls `report` for each field that is wrong, missing, read-only or unknown. `prefix` is the path of the object in
    the body, such as `items[0].`.
    """
    fields = body_fields(struct)
    values: dict[str, Any] = {}
    for name, value in raw.items():
        field, path = fields.get(name), prefix + name
        if field is None:
            report(_not_writable(path, name, raw, fields, name in read_only))
        elif not value and field.is_null(value):  # most values are neither empty nor zero
            _take_null(field, path, report, values)
        else:
            try:
                values[field.attribute] = field.type.parse(value, path, report)
            except InvalidValue as error:
                report(error.violation(path, VALIDATION_FAILED))
    for name in required_fields(struct):
        if not raw.get(name) and fields[name].is_null(raw.get(name)):
            report(Violation(prefix + name, VALIDATION_FAILED, "is required"))
    return values


def _take_null(field: BodyField, path: str, report: Report, values: dict[str, Any]) -> None:
    """Set the value that null gives the field. It stays absent if null means that, or is reported if null is wrong."""
    if not (field.nullable or field.required):
        report(Violation(path, VALIDATION_FAILED, "cannot be empty; leave it out to keep its value"))
    if field.when_null is not UNSET:
        values[field.attribute] = field.when_null


def _not_writable(
    path: str, name: str, raw: Mapping[str, Any], fields: Mapping[str, BodyField], is_read_only: bool
) -> Violation:
    """Return the violation for an unknown or read-only field."""
    if not is_read_only and is_misplaced_key(name, raw[name]):
        return Violation(path, UNKNOWN_FIELD, unknown_name("field", IN_BODY))
    near = partial(_meant, name, raw, fields)
    if is_read_only:
        later = ", and set it with a PATCH afterwards" if name == "status" else ""
        return Violation(path, READ_ONLY_FIELD, f"cannot be set by this request; leave it out{later}", near)
    return Violation(path, UNKNOWN_FIELD, "is not a field of this request; check its spelling or leave it out", near)


def _meant(name: str, raw: Mapping[str, Any], fields: Mapping[str, BodyField]) -> str | None:
    """Return the field that the client probably meant by this name: a field of the object, or of the entries of a list.

    Only fields that were not sent are considered.
    """
    own = nearest(name, (field for field in fields if field not in raw), FIELDS)
    return own or next((inner for list_name in fields if (inner := _meant_in(list_name, name, raw, fields))), None)


def _meant_in(list_name: str, name: str, raw: Mapping[str, Any], fields: Mapping[str, BodyField]) -> str | None:
    """Return the path of the field of a list's entries that the name means: `items[0].unitPrice` for `amount`."""
    items = fields[list_name].type
    if not isinstance(items, Items):
        return None
    sent = raw.get(list_name)
    first = sent[0] if isinstance(sent, list) and sent and isinstance(sent[0], dict) else {}
    meant = nearest(name, (field for field in body_fields(items.of) if field not in first), FIELDS)
    return meant and f"{list_name}[0].{meant}"


class Pairs(msgspec.Struct, frozen=True):
    """Accepts an object whose values are texts or null. A null removes the pair with this key.

    The number of pairs is checked later, together with the stored pairs.
    """

    def parse(self, value: Any, path: str, report: Report) -> dict[str, str | None]:
        if type(value) is not dict:
            raise InvalidValue("must be an object whose values are strings")
        for key, text in value.items():
            if message := _wrong_key(key) or _wrong_value(text):
                report(Violation(f"{path}.{key[:MAX_KEY_CHARACTERS]}", VALIDATION_FAILED, message))
        return value

    def schema(self) -> dict[str, Any]:
        values = {"type": ["string", "null"], "maxLength": MAX_VALUE_CHARACTERS}
        return {
            "type": "object",
            "propertyNames": {"pattern": f"^{KEY_PATTERN}$"},
            "additionalProperties": values,
        }


def _wrong_key(key: str) -> str | None:
    if _KEY.fullmatch(key):
        return None
    return f"must have a key of 1 to {MAX_KEY_CHARACTERS} letters A-Z and a-z, digits, '_', '.' and '-'"


def _wrong_value(text: Any) -> str | None:
    if text is None:
        return None
    if type(text) is not str:
        return f"must be a string in quotes, of at most {MAX_VALUE_CHARACTERS} characters, or null to remove the pair"
    if len(text) > MAX_VALUE_CHARACTERS:
        return f"must be a string of at most {MAX_VALUE_CHARACTERS} characters; it has {len(text)}"
    if "\0" in text:
        return "must not contain the character U+0000"
    try:
        refuse_secret(text, IN_BODY)
    except InvalidValue as error:
        return str(error)
    return None
