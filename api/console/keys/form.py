"""What a new key is asked for by: the form's fields, read and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta

import msgspec

from api.console.pages import Form
from domain.api_key import DEFAULT_CREDIT_LIMIT, SCOPES
from domain.calendar import zone
from domain.reading import InvalidValue, parse_date, parse_whole_number

MAX_NAME_CHARACTERS, MAX_CREDIT_LIMIT = 200, 10**12

SCOPE_TEXTS: Mapping[str, str] = {
    "billing:read": "See invoices and bills, their payments and their history.",
    "billing:write": "Draft, change, send and void invoices and bills, and record payments; not list them.",
    "leaves:read": "See leave requests and their history.",
    "leaves:write": "Request, approve, deny and cancel leave; not list it.",
}

OVERLAPS: Mapping[str, str] = {"0": "no time", "1": "1 hour", "24": "24 hours", "72": "3 days", "168": "7 days"}
"""For how many hours the present secret works on after a rotation."""


_BETWEEN = re.compile(r"(?<=[0-9])[, \u00a0\u2009\u202f](?=[0-9])")


class NewKeyForm(msgspec.Struct):
    """A form as it was filled, and what is wrong with it by field."""

    name: str = ""
    scopes: tuple[str, ...] = ()
    limit: str = str(DEFAULT_CREDIT_LIMIT)
    expires: str = ""
    expires_at: datetime | None = None
    problems: dict[str, str] = {}

    @property
    def credit_limit(self) -> int:
        return int(_digits(self.limit))


def read_wish(form: Form, time_zone: str, now: datetime) -> NewKeyForm:
    """The form's fields and what is wrong with them; a key expires at the end of its last day in that time zone."""
    wish = NewKeyForm(
        name=form.text("name").strip(),
        scopes=tuple(scope for scope in SCOPES if scope in form.words("scope")),
        limit=form.text("limit").strip(),
        expires=form.text("expires").strip(),
    )
    problems = {}
    if not 1 <= len(wish.name) <= MAX_NAME_CHARACTERS or "\0" in wish.name:
        problems["name"] = f"Give it a name of 1 to {MAX_NAME_CHARACTERS} characters."
    if not wish.scopes:
        problems["scope"] = "Choose at least one scope."
    if not _is_limit(wish.limit):
        problems["limit"] = "Write a whole number from 1 to 1 000 000 000 000."
    try:
        wish.expires_at = _end_of(wish.expires, time_zone) if wish.expires else None
        if wish.expires_at is not None and wish.expires_at <= now:
            problems["expires"] = "This day is over: write today or a later one, or leave it empty."
    except (InvalidValue, OverflowError):
        problems["expires"] = "Write a day such as 2027-03-31, or leave it empty."
    wish.problems = problems
    return wish


def _digits(text: str) -> str:
    """A number without what people put between its thousands or lakhs."""
    return _BETWEEN.sub("", text)


def _is_limit(text: str) -> bool:
    try:
        return parse_whole_number(_digits(text), 1, MAX_CREDIT_LIMIT) > 0
    except InvalidValue:
        return False


def _end_of(text: str, time_zone: str) -> datetime:
    return datetime.combine(parse_date(text) + timedelta(days=1), time(), zone(time_zone))
