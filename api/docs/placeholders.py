"""The placeholders in the Markdown of the guides, which are replaced when a guide is shown.

`{origin}` is the address of this service. `{today}` is the current day, and `{today+30}` or `{today-2}` a day relative
to it. So the examples work as they stand on every day: an invoice from a guide is not overdue when it is sent.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

_DAY = re.compile(r"\{today([+-]\d+)?\}")


def today() -> date:
    """Return the current day in UTC. In India the same day has begun, so a payment of this day is not in the future."""
    return datetime.now(UTC).date()


def fill(text: str, origin: str, day: date) -> str:
    """Return the text with `origin` and with days relative to `day`."""
    return fill_days(text, day).replace("{origin}", origin)


def fill_days(text: str, day: date) -> str:
    """Return the text with days relative to `day`, such as `2026-12-26`."""
    return _DAY.sub(lambda match: (day + timedelta(days=int(match[1] or 0))).isoformat(), text)
