"""What an organization sees first: what it is owed and owes, by age, and the leaves that wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import msgspec

from projections.balances import Key
from projections.sums import Sum

LIMITS = (0, 30, 60, 90)
"""Days overdue up to which each age goes; the last age has no end."""
MOST_DRAFTS = 1000
"""So many drafts are counted; where there are more, nobody asks how many more."""
NOTHING = Sum(Decimal(0), 0)


class Aged(NamedTuple):
    """What is outstanding in one currency: the whole, what of it is overdue, and each age's part."""

    currency: str
    total: Sum
    overdue: Sum
    ages: tuple[Sum, ...]
    """Not yet due; then 1–30, 31–60, 61–90 and more than 90 days overdue."""


class Waiting(msgspec.Struct, frozen=True):
    """A leave that waits for a decision."""

    id: str
    employee: str
    type: str
    start: date
    end: date
    days: str


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """An organization's page Home, of one instant."""

    today: date
    receivables: Sequence[Aged]
    payables: Sequence[Aged]
    leaves: Sum
    next_leaves: Sequence[Waiting]
    """The first ones by the day on which they begin."""
    draft_invoices: int
    draft_bills: int
    """Counted up to `MOST_DRAFTS`; no draft is outstanding."""
    events: int
    """How many events the log has: none in an organization that has just begun."""
    behind: int = 0
    """How many of them are not in the sums yet; more than none only when they are too many to be added at once."""


def aged(sums: Mapping[Key, Sum], kind: str, today: date) -> list[Aged]:
    """What is outstanding of invoices or bills on this day, a line per currency."""
    ages: dict[str, list[Sum]] = {}
    for key, value in sums.items():
        if key.kind == kind:
            line = ages.setdefault(key.unit, [NOTHING] * (len(LIMITS) + 1))
            age = age_of(key.day, today)
            line[age] = plus(line[age], value)
    return [
        Aged(currency, plus(*line), plus(*line[1:]), tuple(line))
        for currency, line in sorted(ages.items(), key=lambda pair: (pair[0] != "INR", pair[0]))
    ]


def age_of(due: date, today: date) -> int:
    """The place in `ages` of what falls due on that day; on the due date itself nothing is overdue."""
    overdue = (today - due).days
    return sum(overdue > limit for limit in LIMITS)


def plus(*sums: Sum) -> Sum:
    """Several sums in one."""
    return Sum(sum((each.amount for each in sums), Decimal(0)), sum(each.objects for each in sums))


def waiting_leaves(sums: Mapping[Key, Sum]) -> Sum:
    """How many days of leave wait for a decision, in how many requests."""
    return plus(*(value for key, value in sums.items() if key.kind == "leave"))
