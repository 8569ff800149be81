"""The refusals of unknown query parameters, and of query parameters with a wrong value."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import partial
from typing import Any

from domain.accounts.misplaced_key import IN_URL, is_misplaced_key, refuse_secret, unknown_name
from domain.errors.violation import Violation
from domain.reading import InvalidValue
from domain.suggestions.comparisons import plain_name
from domain.suggestions.names import MAX_CHARACTERS, nearest, same_name
from domain.suggestions.other_names import PARAMETERS, SORTS

UNKNOWN_PARAMETER = "unknown_parameter"
INVALID_PARAMETER = "invalid_parameter"
INVALID_CURSOR = "invalid_cursor"
_SORT = re.compile(r"([-+ ]?)([A-Za-z_-]{1,40}?)(?:[ :,.]+(asc|desc|ascending|descending))?", re.IGNORECASE)


class InvalidQuery(Exception):
    """One or more query parameters are unknown or wrong. `violations` lists all of them."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(violations)
        super().__init__("; ".join(f"{each.field} {each.message}" for each in self.violations))


def check_text(text: Any) -> str:
    """Return the text of a parameter. Raises InvalidValue if it was sent more than once, or contains U+0000."""
    once = check_repeated(text)
    if "\0" in once:
        raise InvalidValue("must not contain the character U+0000")
    refuse_secret(once, IN_URL)
    return once


def check_repeated(text: Any) -> str:
    """Return the text of a parameter. Raises InvalidValue if it was sent more than once."""
    if not isinstance(text, str):
        raise InvalidValue("must not be sent more than once")
    return text


def unknown_parameter(name: str, value: Any, accepted_names: Iterable[str], suggestion: str | None = None) -> Violation:
    """Return the violation for an unknown parameter.

    `accepted_names` are the names that the request accepts. The violation suggests the most similar name, or
    `suggestion` if it is given.
    """
    if is_misplaced_key(name, value):
        return Violation(name, UNKNOWN_PARAMETER, unknown_name("query parameter", IN_URL))
    names = tuple(accepted_names)
    takes = f"it takes: {', '.join(names)}" if names else "it takes none"
    message = f"is not a query parameter of this request; {takes}"
    return Violation(name, UNKNOWN_PARAMETER, message, partial(_nearest_name, name, names, suggestion))


def _nearest_name(name: str, accepted_names: Collection[str], suggestion: str | None) -> str | None:
    """Return the accepted parameter that an unknown name probably means; None if there is none.

    `metadata.order` and `metadata[a][b]` mean `metadata[key]`.
    """
    if name.startswith("metadata"):
        name = "metadata"
    plain = plain_name(name) if len(name) <= MAX_CHARACTERS else None
    compared = plain and same_name(plain, accepted_names, PARAMETERS)
    return suggestion or compared or nearest(name, accepted_names, PARAMETERS)


def nearest_sort(text: str, sorts: Iterable[str]) -> str | None:
    """Return the sort that a text means, such as `-createdAt` for `created_at desc`; None if it means no sort."""
    match = _SORT.fullmatch(text)
    name = match and nearest(match[2], sorts, SORTS)
    if not match or not name:
        return None
    is_descending = match[1] == "-" or (match[3] or "").lower().startswith("desc")
    return f"-{name}" if is_descending else name
