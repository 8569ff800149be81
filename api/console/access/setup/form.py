"""The form for a new organization and its owner."""

from __future__ import annotations

import msgspec

from api.console.access.login import PASSWORDS_DIFFER
from api.console.forms.problems import sentence_about
from api.http.form import Form
from api.pages.translation import marked
from api.ports.users.setup import Founder
from commands.fields.organization import parse_field
from domain.accounts.email import parse_email
from domain.accounts.password import is_same_password, password_problem
from domain.accounts.zones import known_time_zones
from domain.calendar import DEFAULT_TIME_ZONE
from domain.reading import InvalidValue

_UNKNOWN_ZONE = marked("Choose a time zone from the list, such as Asia/Kolkata.")
_NO_NAME = marked("Enter the name of your organization.")


class FounderForm(msgspec.Struct):
    """What somebody has entered, as it is shown again, without the passwords."""

    organization: str = ""
    time_zone: str = DEFAULT_TIME_ZONE
    email: str = ""
    problems: dict[str, str] = {}


def read_founder(form: Form, email: str | None = None) -> tuple[FounderForm, Founder]:
    """Return what was entered, with its problems, and the founder, who counts only if there are none.

    With `email`, the address is known already.
    """
    address = form.text("email").strip() if email is None else email
    read = FounderForm(form.text("organization").strip(), form.text("time_zone").strip(), address)
    password = form.text("password")
    read.problems = {field: problem for field, problem in _problems(read, password, form.text("again")) if problem}
    founder = Founder(organization=read.organization, time_zone=read.time_zone, email=address, password=password)
    return read, founder


def _problems(read: FounderForm, password: str, again: str) -> list[tuple[str, str]]:
    own = password_problem(password, read.email)
    if not own and not is_same_password(password, again):
        own = PASSWORDS_DIFFER
    zone = "" if read.time_zone in known_time_zones() else _UNKNOWN_ZONE
    return [
        ("organization", _name_problem(read.organization)),
        ("time_zone", zone),
        ("email", email_problem(read.email)),
        ("password", own),
    ]


def _name_problem(name: str) -> str:
    if not name:
        return _NO_NAME
    try:
        parse_field("name", name)
    except InvalidValue as error:
        return sentence_about(marked("The name"), error)
    return ""


def email_problem(email: str) -> str:
    """Return what is wrong with an e-mail address; an empty text if nothing is."""
    try:
        parse_email(email)
    except InvalidValue as error:
        return sentence_about(marked("The e-mail address"), error)
    return ""
