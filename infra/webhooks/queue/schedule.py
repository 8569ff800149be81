"""When a delivery that failed is tried again, and when a webhook is disabled."""

from __future__ import annotations

from datetime import timedelta

RETRY_DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""The time before each attempt after the first one. Later attempts wait as long as the last one."""
LONGEST_DELAY = RETRY_DELAYS[-1]
DISABLED_AFTER = timedelta(days=5)
"""How long a receiver may fail without a success before its webhook is disabled."""


def retry_delay(attempts: int, retry_after: str | None) -> timedelta:
    """Return the time before the next attempt, after this number of attempts.

    `retry_after` is the header Retry-After of the last response. A number of seconds in it can make the time longer, up
    to LONGEST_DELAY. Any other value is ignored.
    """
    planned = RETRY_DELAYS[min(attempts, len(RETRY_DELAYS)) - 1]
    text = (retry_after or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        return planned
    return min(max(planned, timedelta(seconds=int(text))), LONGEST_DELAY)
