"""What a managing key may give to another key: nothing that it does not have itself.

A managing key is an API key that may create, change, rotate and revoke other keys of its organization. Only people give
this right to a key (docs/decisions/0076-keys-that-manage-keys.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from domain.reading.network import is_within

Rule = Callable[[Any, Any], str]
"""Compares the value of a managing key with the value of another key. Returns what the other key must not have, or an
empty text if it has nothing more."""


def _free(own: Any, other: Any) -> str:
    return ""


def _within_scopes(own: Sequence[str], other: Sequence[str]) -> str:
    lacking = sorted(set(other) - set(own))
    return f"must not have what the key of this request lacks: {', '.join(lacking)}" if lacking else ""


def _not_above(own: int, other: int) -> str:
    return f"must be at most {own}, as for the key of this request" if other > own else ""


def _not_later(own: str | None, other: str | None) -> str:
    """Compare two instants as texts of the same form; None stands for a key that does not expire."""
    if own is None or (other is not None and other <= own):
        return ""
    return f"must be at most {own}, when the key of this request expires"


def _never(own: bool, other: bool) -> str:
    return "can be given only in the console" if other else ""


def _within_networks(own: Sequence[str], other: Sequence[str]) -> str:
    """Compare the networks of two keys. None stand for every network."""
    if not own or (other and all(any(is_within(each, allowed) for allowed in own) for each in other)):
        return ""
    return f"must be within {', '.join(own)}, from where the key of this request may be used"


def _not_faster(own: int | None, other: int | None) -> str:
    """Compare two bursts. None stands for any number of requests."""
    if own is None or (other is not None and other <= own):
        return ""
    return f"must be at most {own}, as for the key of this request"


RULES: Mapping[str, Rule] = {
    "name": _free,
    "scopes": _within_scopes,
    "credit_limit": _not_above,
    "expires_at": _not_later,
    "manages_keys": _never,
    "allowed_cidrs": _within_networks,
    "burst": _not_faster,
}
"""The rule of each field that a key is created or changed with, by attribute name."""


def excess(own: Any, other: Any) -> dict[str, str]:
    """Return what the key `other` has beyond the key `own`: a message for each field, by attribute name."""
    problems = {name: rule(getattr(own, name), getattr(other, name)) for name, rule in RULES.items()}
    return {name: problem for name, problem in problems.items() if problem}
