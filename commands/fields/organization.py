"""The fields of an organization: what its name, its time zone and the prefix of its numbers may be."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec

from commands.fields import FieldType, Report, Text
from domain.accounts.series import MAX_PREFIX, plain_prefix
from domain.accounts.zones import known_time_zones
from domain.errors import Invalid
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation
from domain.reading import InvalidValue
from domain.suggestions.names import nearest

MAX_NAME = 120


class TimeZone(msgspec.Struct, frozen=True):
    """Accepts the IANA name of a time zone."""

    def parse(self, value: Any, path: str, report: Report) -> str:
        if type(value) is not str or value not in known_time_zones():
            problem = "must be the IANA name of a time zone, such as Asia/Kolkata"
            raise InvalidValue(problem, partial(_nearest_zone, value))
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": sorted(known_time_zones())}


class Prefix(msgspec.Struct, frozen=True):
    """Accepts a prefix of invoice numbers. A hyphen at its end is left out, because numbers have one there anyway."""

    text: Text = Text(
        MAX_PREFIX,
        pattern="[A-Z0-9][A-Z0-9/-]*",
        hint="must be capital letters A to Z, digits, - and /, and begin with a letter or a digit",
    )

    def parse(self, value: Any, path: str, report: Report) -> str:
        return plain_prefix(self.text.parse(value, path, report))

    def schema(self) -> dict[str, Any]:
        return self.text.schema()


Name = Text(
    MAX_NAME,
    pattern="[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*",
    hint="must not contain line breaks or other control characters",
)
_TYPES: Mapping[str, tuple[str, FieldType]] = {
    "name": ("name", Name),
    "time_zone": ("timeZone", TimeZone()),
    "series_prefix": ("seriesPrefix", Prefix()),
}
"""The API name and the type of each field, by attribute name."""


def parse_field(field: str, text: str) -> str:
    """Return the parsed value of the field with this attribute name. Raises InvalidValue."""
    name, type_ = _TYPES[field]
    value: str = type_.parse(text, name, lambda violation: None)
    return value


def parse_changes(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parsed values of fields, by attribute name. Raises Invalid with a violation for each wrong one."""
    parsed, violations = dict[str, Any](), list[Violation]()
    for field, value in values.items():
        try:
            parsed[field] = parse_field(field, value)
        except InvalidValue as error:
            violations.append(error.violation(_TYPES[field][0], VALIDATION_FAILED))
    if violations:
        raise Invalid(violations)
    return parsed


def _nearest_zone(sent: object) -> str | None:
    """Return the time zone that was probably meant, by its name or by its city; None if nothing is similar enough."""
    zones = sorted(known_time_zones())
    cities = {zone.rpartition("/")[2]: zone for zone in zones if "/" in zone}
    return nearest(sent, zones, {}) or cities.get(nearest(sent, cities, {}) or "")
