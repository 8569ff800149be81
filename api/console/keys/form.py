"""The form for a new key: its fields, read and checked, with a message for each field that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

import msgspec

from api.http.form import Form
from domain.api_key import DEFAULT_CREDIT_LIMIT
from domain.reading import InvalidValue, parse_whole_number
from domain.registry import SCOPES
from domain.when import read_expiry

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
    """Return the fields and their problems. A day and a time are in that time zone."""
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
        new_key.expires_at = read_expiry(new_key.expires, now).end(time_zone) if new_key.expires else None
        if new_key.expires_at is not None and new_key.expires_at <= now:
            problems["expires"] = "The expiry must be in the future."
    except InvalidValue as error:
        problems["expires"] = f"The expiry {error}."
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
