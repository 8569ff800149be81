"""The fields of an organization: what its name, time zone, prefix of numbers and profile may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

import msgspec

from commands.fields import Day, FieldType, Report, Text
from commands.fields.others import Boolean
from domain.accounts.organization import PROFILE
from domain.accounts.series import MAX_PREFIX, plain_prefix
from domain.accounts.zones import known_time_zones
from domain.errors import Invalid
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation
from domain.reading import InvalidValue
from domain.reading.mail_address import parse_mail_address
from domain.suggestions.names import nearest
from domain.tax.annual_returns import check_filed, parse_year
from domain.tax.gstin import parse_gstin
from domain.tax.states import OVERSEAS, parse_state_code

MAX_NAME = 120
MAX_LEGAL_NAME, MAX_ADDRESS, MAX_LUT, MAX_UPI, MAX_BANK_LINE = 200, 500, 40, 255, 200


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


class Parsed(msgspec.Struct, frozen=True):
    """Accepts a text that this function parses."""

    read: Callable[[str], str]
    text: Text

    def parse(self, value: Any, path: str, report: Report) -> str:
        return self.read(self.text.parse(value, path, report))

    def schema(self) -> dict[str, Any]:
        return self.text.schema()


class AnnualReturns(msgspec.Struct, frozen=True):
    """Accepts the days on which annual returns were filed, by financial year. An empty text stands for None."""

    def parse(self, value: Any, path: str, report: Report) -> dict[str, date | None]:
        if type(value) is not dict:
            raise InvalidValue("must be an object with a day for each financial year")
        days = dict[str, date | None]()
        for year, text in value.items():
            try:
                days[parse_year(year)] = parse_filed(year, text) if text else None
            except InvalidValue as error:
                report(error.violation(f"{path}.{year}", VALIDATION_FAILED))
        return days

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": Day().schema()}


def parse_filed(year: str, text: str) -> date:
    """Return the day on which the return of this financial year was filed. Raises InvalidValue."""
    day = Day().parse(text, year, lambda violation: None)
    check_filed(year, day)
    return day


def parse_own_state(text: object) -> str:
    """Return the code of the state in which an organization is. Raises InvalidValue for a wrong one, and for abroad."""
    if text == OVERSEAS:
        raise InvalidValue("must be the two-digit GST code of a state of India, such as 27 for Maharashtra")
    return parse_state_code(text)


def one_line(most: int) -> Text:
    """Return the type of texts of one line with at most so many characters."""
    return Text(
        most,
        pattern="[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*",
        hint="must not contain line breaks or other control characters",
    )


Name = one_line(MAX_NAME)
_SHORT = Text(MAX_ADDRESS)
_TYPES: Mapping[str, tuple[str, FieldType]] = {
    "name": ("name", Name),
    "time_zone": ("timeZone", TimeZone()),
    "series_prefix": ("seriesPrefix", Prefix()),
    "legal_name": ("legalName", one_line(MAX_LEGAL_NAME)),
    "trade_name": ("tradeName", one_line(MAX_LEGAL_NAME)),
    "gstin": ("gstin", Parsed(parse_gstin, _SHORT)),
    "state_code": ("stateCode", Parsed(parse_own_state, _SHORT)),
    "address": (
        "address",
        Text(
            MAX_ADDRESS,
            pattern="[^\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u2028\\u2029]*",
            hint="must not contain control characters other than line breaks",
        ),
    ),
    "email": ("email", Parsed(parse_mail_address, _SHORT)),
    "lut_number": (
        "lutNumber",
        Text(MAX_LUT, pattern="[A-Z0-9][A-Z0-9/-]*", hint="must be capital letters A to Z, digits, - and /"),
    ),
    "composition": ("composition", Boolean()),
    "annual_returns": ("annualReturns", AnnualReturns()),
    "upi_id": (
        "upiId",
        Text(
            MAX_UPI,
            pattern="[A-Za-z0-9._-]{2,}@[A-Za-z][A-Za-z0-9.-]+",
            hint="must be a UPI id, such as sharma@okhdfcbank",
        ),
    ),
    "bank_line": ("bankLine", one_line(MAX_BANK_LINE)),
}
"""The API name and the type of each field, by attribute name."""


def parse_field(field: str, value: Any, report: Report = lambda violation: None) -> Any:
    """Return the parsed value of the field with this attribute name. Raises InvalidValue.

    An empty text in a field of the profile takes the value away: it stands for None. Calls `report` for each wrong
    part of a value.
    """
    if value == "" and field in PROFILE and field != "composition":
        return None
    name, type_ = _TYPES[field]
    return type_.parse(value, name, report)


def parse_changes(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parsed values of fields, by attribute name. Raises Invalid with a violation for each wrong one."""
    parsed, violations = dict[str, Any](), list[Violation]()
    for field, value in values.items():
        try:
            parsed[field] = parse_field(field, value, violations.append)
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
