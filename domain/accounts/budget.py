"""The budget of an organization: the credits that all its keys together can spend in a window. There is at most one."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from domain.aggregate import Aggregate, Event


class Budget(Aggregate):
    """The budget of an organization. After it was removed, its limit is None, and it can be set again."""

    class Set(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "budget.set"
        phrase: ClassVar[str] = "set {object}"
        credit_limit: int

    class Removed(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "budget.removed"
        phrase: ClassVar[str] = "removed {object}"
        credit_limit: None

    kind: ClassVar[str] = "budget"
    id_prefix: ClassVar[str] = "bud"
    noun: ClassVar[str] = "the budget of the organization"

    credit_limit: int | None = None

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
        return self.begin(self.id, self.Set, at, credit_limit=self.credit_limit)


def budget_id(org_id: str) -> str:
    """Return the id of the budget of an organization, which follows from the id of the organization."""
    return f"{Budget.id_prefix}_{org_id.rpartition('_')[2]}"
