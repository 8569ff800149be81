"""The page Home: receivables and payables by age, drafts, and pending leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import msgspec

from domain.leave import Leave
from projections.balances import Key
from projections.sums import Sum

AGE_LIMITS_DAYS = (0, 30, 60, 90)
"""Each age ends at this number of days overdue; the last age has no end."""
MAX_COUNTED_DRAFTS = 1000
"""Drafts are counted up to this number, so that counting stays fast."""
NOTHING = Sum(Decimal(0), 0)


class AgedBalance(NamedTuple):
    """What is outstanding in one currency: the total, the overdue part, and the part of each age."""

    currency: str
    total: Sum
    overdue: Sum
    ages: tuple[Sum, ...]
    """Not yet due; then 1–30, 31–60, 61–90 and more than 90 days overdue."""


class PendingLeave(msgspec.Struct, frozen=True):
    """A leave that waits for a decision."""

    id: str
    employee: str
    type: str
    start: date
    end: date
    days: str


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """What an organization's page Home shows, all at one instant."""

    today: date
    receivables: Sequence[AgedBalance]
    payables: Sequence[AgedBalance]
    leaves: Sum
    next_leaves: Sequence[PendingLeave]
    """The pending leaves with the earliest first days."""
    draft_invoices: int
    draft_bills: int
    """Both are counted up to MAX_COUNTED_DRAFTS; a draft is not outstanding."""
    events: int
    """How many events the log has; 0 in a new organization."""
    behind: int = 0
    """How many of these events are not in the sums yet. It is above 0 only when a request cannot add so many events."""


def balances_by_age(sums: Mapping[Key, Sum], kind: str, today: date) -> list[AgedBalance]:
    """Return what is outstanding of invoices or bills on this day, for each currency; INR comes first."""
    ages: dict[str, list[Sum]] = {}
    for key, value in sums.items():
        if key.kind == kind:
            line = ages.setdefault(key.unit, [NOTHING] * (len(AGE_LIMITS_DAYS) + 1))
            age = age_of(key.day, today)
            line[age] = add_up(line[age], value)
    return [
        AgedBalance(currency, add_up(*line), add_up(*line[1:]), tuple(line))
        for currency, line in sorted(ages.items(), key=lambda pair: (pair[0] != "INR", pair[0]))
    ]


def age_of(due: date, today: date) -> int:
    """Return the index in `ages` for a due date; on the due date itself nothing is overdue."""
    overdue = (today - due).days
    return sum(overdue > limit for limit in AGE_LIMITS_DAYS)


def add_up(*sums: Sum) -> Sum:
    """Return several sums as one."""
    return Sum(sum((each.amount for each in sums), Decimal(0)), sum(each.objects for each in sums))


def sum_pending_leaves(sums: Mapping[Key, Sum]) -> Sum:
    """Return how many days of leave wait for a decision, and in how many requests."""
    return add_up(*(value for key, value in sums.items() if key.kind == Leave.kind))
