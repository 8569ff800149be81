"""Reads and checks the form with the fields of a key, and makes a message for each wrong field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from api.console.forms.problems import sentences_of
from api.http.form import Form
from api.pages.translation import marked
from api.ports.keys import KeyUse
from commands.fields.key import MAX_BURST, MAX_CREDIT_LIMIT, check_key
from domain.api_key import DEFAULT_CREDIT_LIMIT
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation
from domain.reading import InvalidValue, parse_whole_number
from domain.reading.when import last_day, read_expiry

_LABELS: Mapping[str, tuple[str, str]] = {
    "name": ("name", marked("The name")),
    "scopes": ("scope", marked("The scopes")),
    "creditLimit": ("limit", marked("The credit limit")),
    "expiresAt": ("expires", marked("The expiry")),
    "managesKeys": ("manages_keys", marked("The right to manage keys")),
    "allowedCidrs": ("networks", marked("The networks")),
    "burst": ("burst", marked("The burst")),
}
"""For each field of the command, the field of the form that shows a problem, and what sentences call it."""

_SPACE = re.compile(r"[\s,;]+")
"""What separates two networks."""
_SEPARATOR = re.compile(r"(?<=[0-9])[, \u00a0\u2009\u202f](?=[0-9])")


class KeyForm(msgspec.Struct):
    """The texts that the user entered, the values parsed from them, and a message for each wrong field.

    `problems` holds the messages by field of the form.
    """

    name: str = ""
    scopes: tuple[str, ...] = ()
    limit: str = str(DEFAULT_CREDIT_LIMIT)
    expires: str = ""
    manages_keys: bool = False
    networks: str = ""
    burst: str = ""
    credit_limit: int = DEFAULT_CREDIT_LIMIT
    expires_at: datetime | None = None
    allowed_cidrs: tuple[str, ...] = ()
    burst_limit: int | None = None
    problems: dict[str, str] = {}


def key_form_of(key: KeyUse, time_zone: str) -> KeyForm:
    """Return the form as it shows a key. Of the expiry it shows the last day, also if the key ends within that day."""
    return KeyForm(
        name=key.name,
        scopes=key.scopes,
        limit=str(key.limit),
        expires="" if key.expires_at is None else last_day(key.expires_at, time_zone).isoformat(),
        manages_keys=key.manages_keys,
        networks=", ".join(key.allowed_cidrs),
        burst="" if key.burst is None else str(key.burst),
    )


def read_key_form(form: Form, time_zone: str, now: datetime) -> KeyForm:
    """Return the fields of the form, with the problems that are visible before the command runs.

    Days and times in the form are in `time_zone`.
    """
    key = KeyForm(
        name=form.text("name").strip(),
        scopes=form.texts("scope"),
        limit=form.text("limit").strip(),
        expires=form.text("expires").strip(),
        manages_keys=form.text("manages_keys") == "yes",
        networks=form.text("networks").strip(),
        burst=form.text("burst").strip(),
    )
    key.allowed_cidrs = tuple(filter(None, _SPACE.split(key.networks)))
    fields: dict[str, Any] = {"name": key.name, "scopes": key.scopes, "allowedCidrs": key.allowed_cidrs}
    violations: list[Violation] = []

    def read(name: str, parse: Callable[[str], Any], text: str) -> None:
        try:
            fields[name] = parse(text)
        except InvalidValue as error:
            violations.append(Violation(name, VALIDATION_FAILED, str(error)))

    read("creditLimit", parse_credits, key.limit)
    read("expiresAt", lambda text: read_expiry(text, now).end(time_zone) if text else None, key.expires)
    read("burst", lambda text: _parse_count(text, MAX_BURST) if text else None, key.burst)
    key.credit_limit, key.expires_at = fields.get("creditLimit", 0), fields.get("expiresAt")
    key.burst_limit = fields.get("burst")
    key.problems = problems_of([*violations, *check_key(fields, now)])
    return key


def problems_of(violations: Iterable[Violation]) -> dict[str, str]:
    """Return a sentence for each violation, by the field of the form that shows it."""
    return sentences_of(violations, _LABELS)


def parse_credits(text: str) -> int:
    """Return a number of credits. It may have separators between thousands or lakhs. Raises InvalidValue."""
    return _parse_count(text, MAX_CREDIT_LIMIT)


def _parse_count(text: str, most: int) -> int:
    """Return a number from 1 to `most`. It may have separators between thousands or lakhs. Raises InvalidValue."""
    return parse_whole_number(_SEPARATOR.sub("", text), 1, most)
