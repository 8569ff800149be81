"""The fields of an API key: their types in a body, their names, and what is wrong with a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from commands.fields import Text
from commands.fields.others import NetworkList, WholeNumber, WordList
from domain.accounts.misplaced_key import IN_TEXT, refuse_secret
from domain.api_key import expiry_problem
from domain.errors import Invalid
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation
from domain.reading import InvalidValue
from domain.reading.network import parse_networks
from domain.registry import SCOPES
from domain.text import has_visible_character

MAX_NAME_CHARACTERS, MAX_CREDIT_LIMIT, MAX_NETWORKS, MAX_BURST = 200, 10**12, 50, 1000
API_NAMES = {
    "name": "name",
    "scopes": "scopes",
    "credit_limit": "creditLimit",
    "expires_at": "expiresAt",
    "manages_keys": "managesKeys",
    "allowed_cidrs": "allowedCidrs",
    "burst": "burst",
}
"""The API names of the fields that can be changed, by attribute name."""

Name = Text(MAX_NAME_CHARACTERS)
Scopes = WordList(SCOPES, "a scope", advice="")
CreditLimit = WholeNumber(1, MAX_CREDIT_LIMIT)
Networks = NetworkList(MAX_NETWORKS)
Burst = WholeNumber(1, MAX_BURST)


def check_key(fields: Mapping[str, Any], at: datetime) -> list[Violation]:
    """Return a violation for each wrong field of a key that is created or changed at the time `at`.

    `fields` holds values by API name. A field that is absent is not checked.
    """
    problems = {name: _CHECKS[name](value, at) for name, value in fields.items()}
    return [Violation(name, VALIDATION_FAILED, problem) for name, problem in problems.items() if problem]


def check_values(values: Mapping[str, Any], at: datetime) -> None:
    """Check values by attribute name. Raises Invalid."""
    if violations := check_key({API_NAMES[name]: value for name, value in values.items()}, at):
        raise Invalid(violations)


def _name_problem(name: str, at: datetime) -> str:
    if not 1 <= len(name.strip()) <= MAX_NAME_CHARACTERS or not has_visible_character(name):
        return f"must be 1 to {MAX_NAME_CHARACTERS} characters, at least one of them visible"
    if "\0" in name or any("\ud800" <= character <= "\udfff" for character in name):
        return "must not contain the character U+0000, or half a surrogate pair"
    try:
        refuse_secret(name, IN_TEXT)
    except InvalidValue as error:
        return str(error)
    return ""


def _scopes_problem(scopes: Sequence[str], at: datetime) -> str:
    is_valid = scopes and all(scope in SCOPES for scope in scopes)
    return "" if is_valid else f"must be one or more of: {', '.join(SCOPES)}"


def _limit_problem(limit: int, at: datetime) -> str:
    return "" if 1 <= limit <= MAX_CREDIT_LIMIT else f"must be a whole number from 1 to {MAX_CREDIT_LIMIT}"


def _networks_problem(networks: Sequence[str], at: datetime) -> str:
    if len(networks) > MAX_NETWORKS:
        return f"must be at most {MAX_NETWORKS} ranges; there are {len(networks)}"
    try:
        parse_networks(networks)
    except InvalidValue as error:
        return str(error)
    return ""


def _burst_problem(burst: int | None, at: datetime) -> str:
    is_valid = burst is None or 1 <= burst <= MAX_BURST
    return "" if is_valid else f"must be a whole number from 1 to {MAX_BURST}; leave it out for any number of requests"


_CHECKS: Mapping[str, Callable[[Any, datetime], str]] = {
    "name": _name_problem,
    "scopes": _scopes_problem,
    "creditLimit": _limit_problem,
    "expiresAt": expiry_problem,
    "managesKeys": lambda manages_keys, at: "",
    "allowedCidrs": _networks_problem,
    "burst": _burst_problem,
}
"""The check of each field, by its API name. A check returns a message, or an empty text for a valid value."""
