"""The form for a new key: its fields, read and checked, with a message for each field that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta

import msgspec

from api.http.form import Form
from domain.api_key import DEFAULT_CREDIT_LIMIT
from domain.calendar import zone
from domain.reading import InvalidValue, parse_date, parse_whole_number
from domain.registry import SCOPES

MAX_NAME_CHARACTERS, MAX_CREDIT_LIMIT = 200, 10**12

OVERLAPS: Mapping[str, str] = {"0": "no time", "1": "1 hour", "24": "24 hours", "72": "3 days", "168": "7 days"}
"""How long the current secret works after a rotation: hours, and their text."""

_SEPARATOR = re.compile(r"(?<=[0-9])[, \u00a0\u2009\u202f](?=[0-9])")


class NewKeyForm(msgspec.Struct):
    """The fields as they were filled in, and a message for each wrong one, by field."""

    name: str = ""
    scopes: tuple[str, ...] = ()
    limit: str = str(DEFAULT_CREDIT_LIMIT)
    expires: str = ""
    expires_at: datetime | None = None
    problems: dict[str, str] = {}

    @property
    def credit_limit(self) -> int:
        return int(_digits(self.limit))


def read_new_key_form(form: Form, time_zone: str, now: datetime) -> NewKeyForm:
    """Return the fields and their problems. The key expires at the end of its last day in that time zone."""
    new_key = NewKeyForm(
        name=form.text("name").strip(),
        scopes=tuple(scope for scope in SCOPES if scope in form.texts("scope")),
        limit=form.text("limit").strip(),
        expires=form.text("expires").strip(),
    )
    problems = {}
    if not 1 <= len(new_key.name) <= MAX_NAME_CHARACTERS or "\0" in new_key.name:
        problems["name"] = f"Enter a name of 1 to {MAX_NAME_CHARACTERS} characters."
    if not new_key.scopes:
        problems["scope"] = "Choose at least one scope."
    if not _is_limit(new_key.limit):
        problems["limit"] = "Enter a whole number from 1 to 1 000 000 000 000."
    try:
        new_key.expires_at = _end_of_day(new_key.expires, time_zone) if new_key.expires else None
        if new_key.expires_at is not None and new_key.expires_at <= now:
            problems["expires"] = "This day is in the past. Enter today or a later day, or leave it empty."
    except (InvalidValue, OverflowError):
        problems["expires"] = "Enter a day such as 2027-03-31, or leave it empty."
    new_key.problems = problems
    return new_key


def _digits(text: str) -> str:
    """Return a number without the separators of its thousands or lakhs."""
    return _SEPARATOR.sub("", text)


def _is_limit(text: str) -> bool:
    try:
        return parse_whole_number(_digits(text), 1, MAX_CREDIT_LIMIT) > 0
    except InvalidValue:
        return False


def _end_of_day(text: str, time_zone: str) -> datetime:
    return datetime.combine(parse_date(text) + timedelta(days=1), time(), zone(time_zone))
