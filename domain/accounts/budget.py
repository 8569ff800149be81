"""The budget of an organization: the credits that all its keys together can spend in a window. There is at most one."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from msgspec import UNSET, UnsetType

from domain.accounts.thresholds import record_use
from domain.aggregate import Aggregate, Event


class Budget(Aggregate):
    """The budget of an organization. After it was removed, its limit is None, and it can be set again."""

    class Set(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "budget.set"
        phrase: ClassVar[str] = "set {object}"
        credit_limit: int
        threshold: int | UnsetType = UNSET
        """The threshold that the budget had reached before its log was emptied."""

    class Removed(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "budget.removed"
        phrase: ClassVar[str] = "removed {object}"
        credit_limit: None

    class ThresholdReached(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "budget.threshold_reached"
        phrase: ClassVar[str] = "recorded that the keys have used {threshold} of {object}"
        threshold: int

    class ThresholdLeft(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "budget.threshold_left"
        phrase: ClassVar[str] = "recorded that credits of {object} have returned"
        threshold: int
        """The highest threshold that still counts as reached; 0 for none."""

    kind: ClassVar[str] = "budget"
    id_prefix: ClassVar[str] = "bud"
    noun: ClassVar[str] = "the budget of the organization"

    credit_limit: int | None = None
    threshold: int = 0
    """The highest threshold that counts as reached, in percent; 0 for none."""

    def set(self, credit_limit: int | None, at: datetime) -> None:
        """Set the credits of the budget; None removes it. A limit that stays the same records no event."""
        if credit_limit == self.credit_limit:
            return
        if credit_limit is None:
            self.record(self.Removed, at, credit_limit=None)
        else:
            self.record(self.Set, at, credit_limit=credit_limit)

    def begun_again(self, at: datetime) -> Self:
        """Return the same budget as a new aggregate, with its id, for a log that was emptied."""
        return self.begin(self.id, self.Set, at, credit_limit=self.credit_limit, threshold=self.threshold or UNSET)

    def record_use(self, used: int, at: datetime) -> None:
        """Record which thresholds are reached or left when so many credits are used; nothing for a removed budget."""
        if self.credit_limit is not None:
            record_use(self, used, at)


def budget_id(org_id: str) -> str:
    """Return the id of the budget of an organization, which follows from the id of the organization."""
    return f"{Budget.id_prefix}_{org_id.rpartition('_')[2]}"
