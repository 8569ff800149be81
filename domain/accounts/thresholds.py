"""The parts of a limit that are recorded when they are used: 50, 80 and 100 %, each once until less is used again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

THRESHOLDS = (50, 80, 100)
"""In percent of a limit. At 0, none is reached. The SQL function `queue_event_mail` accepts no others."""
MARGIN = 5
"""So many points below a threshold it no longer counts as reached, and is recorded again when it is reached again."""
_EVENTS = ("threshold_reached", "threshold_left")


def is_threshold(name: str) -> bool:
    """Return whether the event with this name, such as `budget.threshold_left`, records a threshold."""
    return name.partition(".")[2] in _EVENTS


def threshold_after(before: int, used: int, limit: int) -> int:
    """Return the highest threshold that counts as reached when `used` of `limit` are used; 0 for none.

    `before` is the one that counted until now.
    """
    return max(
        (each for each in THRESHOLDS if used * 100 >= each * limit or (each <= before and used > left_at(each, limit))),
        default=0,
    )


def record_use(holder: Any, used: int, at: datetime) -> None:
    """Record which thresholds of its `credit_limit` an aggregate has reached or left when `used` credits are used."""
    before, after = holder.threshold, threshold_after(holder.threshold, used, holder.credit_limit)
    if after < before:
        holder.record(holder.ThresholdLeft, at, threshold=after)
    for each in THRESHOLDS:
        if before < each <= after:
            holder.record(holder.ThresholdReached, at, threshold=each)


def next_mark(threshold: int, limit: int) -> int | None:
    """Return how many must be used to reach the next threshold; None after the last one."""
    return next((-(-each * limit // 100) for each in THRESHOLDS if each > threshold), None)


def left_at(threshold: int, limit: int) -> int:
    """Return how many may be used at most for the threshold to count no longer."""
    return (threshold - MARGIN) * limit // 100
