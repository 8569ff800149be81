"""The placeholders in the guides and in the examples of the API reference. The service replaces them in each response.

`{origin}` is the address of this service. `{today}` is the current day; `{today+30}` is 30 days later, and `{today-2}`
is 2 days earlier. So the examples work on every day: an invoice from a guide is never overdue when it is sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from threading import Lock
from typing import Any, TypeVar

_DAY = re.compile(r"\{today([+-]\d+)?\}")
_Made = TypeVar("_Made")


def today() -> date:
    """Return the current day in UTC. This day has begun in India too, so a payment on this day is not in the future."""
    return datetime.now(UTC).date()


def daily(make: Callable[[], _Made]) -> Callable[[], _Made]:
    """Return a function that calls `make` once a day, and returns the result of the current day.

    Threads that need a result which another thread is making wait for it, instead of making it as well.
    """
    making = Lock()

    @lru_cache(maxsize=1)
    def make_on(_day: date) -> _Made:
        return make()

    def of_today() -> _Made:
        with making:
            return make_on(today())

    return of_today


def fill(text: str, origin: str, day: date) -> str:
    """Return the text with `origin` and with days relative to `day`."""
    return fill_days(text, day).replace("{origin}", origin)


def fill_days(text: str, day: date) -> str:
    """Return the text with days relative to `day`, such as `2026-12-26`."""
    return _DAY.sub(lambda match: (day + timedelta(days=int(match[1] or 0))).isoformat(), text)


def fill_example(value: Any, day: date) -> Any:
    """Return a copy of the JSON value in which every text has days relative to `day`."""
    if isinstance(value, Mapping):
        return {name: fill_example(part, day) for name, part in value.items()}
    if isinstance(value, list):
        return [fill_example(part, day) for part in value]
    return fill_days(value, day) if isinstance(value, str) else value
