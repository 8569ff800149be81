"""A model of the days of a leave: a set of half days. It is written only from the contract, not from the code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

HalfDays = frozenset[tuple[date, int]]
"""A set of half days. A half day is a pair: the day, and 0 for the first half or 1 for the second half."""


def half_days(leave: Mapping[str, Any]) -> HalfDays:
    """Return the half days that a leave with these fields takes. A missing day, start or end part means a full day."""
    start, end = date.fromisoformat(leave["startDate"]), date.fromisoformat(leave["endDate"])
    taken = {(start + timedelta(number), half) for number in range((end - start).days + 1) for half in (0, 1)}
    if "second_half" in (leave.get("dayPart"), leave.get("startPart")):
        taken.discard((start, 0))
    if "first_half" in (leave.get("dayPart"), leave.get("endPart")):
        taken.discard((end, 1))
    return frozenset(taken)


def fields_of(taken: HalfDays) -> dict[str, Any]:
    """Return the fields of a leave that takes these half days. There must be no gap between them."""
    (start, first), (end, last) = min(taken), max(taken)
    parts = {"dayPart": "full", "startPart": "full", "endPart": "full"}
    if start == end:
        parts["dayPart"] = {(0, 1): "full", (0, 0): "first_half", (1, 1): "second_half"}[first, last]
    else:
        parts |= {"startPart": "second_half" if first else "full", "endPart": "full" if last else "first_half"}
    days = f"{Decimal(len(taken)) / 2:f}"
    return {"startDate": start.isoformat(), "endDate": end.isoformat(), **parts, "days": days}
