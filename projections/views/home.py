"""The data of the page Home: receivables and payables by age, drafts, and pending leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import msgspec

from domain.leave import Leave
from projections.balances import Key
from projections.sums import Sum

AGE_LIMITS_DAYS = (0, 30, 60, 90)
"""The largest number of days overdue in each age group. One more group, without a limit, follows the last one."""
PROFILE_CHANGES_SHOWN = timedelta(days=7)
"""For how long the page shows a change of the organization's profile."""
MAX_COUNTED = 1000
"""The page counts at most this many drafts, and notes with a refund that is due: counting more would be slow."""
NOTHING = Sum(Decimal(0), 0)


class AgedBalance(NamedTuple):
    """The outstanding amounts in one currency: the total, the overdue part, and the sum of each age group."""

    currency: str
    total: Sum
    overdue: Sum
    ages: tuple[Sum, ...]
    """The sums of the age groups: not yet overdue, then 1–30, 31–60, 61–90 and more than 90 days overdue."""


class PendingLeave(msgspec.Struct, frozen=True):
    """A leave that waits for a decision."""

    id: str
    employee: str
    type: str
    start: date
    end: date
    days: str


class ProfileChange(NamedTuple):
    """A change of what documents say of the organization, or of what leads payments."""

    at: datetime
    actor: tuple[str, str]
    """The type and the id of the actor."""
    fields: tuple[str, ...]
    """The names of the changed fields."""


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """The data of an organization's page Home. All of it is read at one instant."""

    today: date
    receivables: Sequence[AgedBalance]
    payables: Sequence[AgedBalance]
    leaves: Sum
    next_leaves: Sequence[PendingLeave]
    """The pending leaves with the earliest first days."""
    draft_invoices: int
    """The number of draft invoices, at most MAX_COUNTED."""
    draft_bills: int
    """The number of draft bills, at most MAX_COUNTED."""
    refunds_to_clients: int
    """The number of credit notes of which something is to be refunded, at most MAX_COUNTED."""
    refunds_of_vendors: int
    """The number of vendor credits of which the vendor is to refund something, at most MAX_COUNTED."""
    profile_changes: Sequence[ProfileChange]
    """The changes of the organization's profile in the last week, the newest first."""
    is_new: bool
    """Whether nothing was recorded yet but who belongs to the organization."""
    behind: int = 0
    """The number of events that the sums lack. It is above 0 only if there were too many new events to add them during
    the request."""


def balances_by_age(sums: Mapping[Key, Sum], kind: str, today: date) -> list[AgedBalance]:
    """Return the outstanding amounts of invoices or bills on this day, one entry per currency. INR comes first."""
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
    """Return the index in `AgedBalance.ages` for this due date. A document is not overdue on its due date."""
    overdue = (today - due).days
    return sum(overdue > limit for limit in AGE_LIMITS_DAYS)


def add_up(*sums: Sum) -> Sum:
    """Return the total of several sums."""
    return Sum(sum((each.amount for each in sums), Decimal(0)), sum(each.objects for each in sums))


def sum_pending_leaves(sums: Mapping[Key, Sum]) -> Sum:
    """Return the sum of pending leaves: the amount is their days, and `objects` is their number."""
    return add_up(*(value for key, value in sums.items() if key.kind == Leave.kind))
