"""The choice for how long a replaced secret still works."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from domain.errors import VALIDATION_FAILED, Invalid, Violation
from domain.reading import InvalidValue, parse_whole_number

OVERLAPS: Mapping[str, str] = {"0": "no time", "1": "1 hour", "24": "24 hours", "72": "3 days", "168": "7 days"}
"""The overlaps that users can choose for a rotation: the number of hours, and the text that the page shows."""

_MANY_HOURS = 10**6
"""Larger numbers of hours are reduced to this number, because a timedelta cannot hold them. It is refused, too."""


def parse_overlap(hours: str, default: timedelta) -> timedelta:
    """Return the chosen overlap; the default for an empty text. Raises Invalid if it is not a number of hours."""
    try:
        return timedelta(hours=min(parse_whole_number(hours), _MANY_HOURS)) if hours else default
    except InvalidValue:
        raise Invalid([Violation("overlap", VALIDATION_FAILED, "must be a number of hours, such as 24")]) from None


def hours_of(overlap: timedelta) -> str:
    """Return the number of hours, as the form sends it."""
    return str(overlap // timedelta(hours=1))
