"""The commands on the budget of an organization. People set it; the background worker records what is used of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from commands.command import Command
from commands.fields.key import CreditLimit, check_values
from commands.unit_of_work import Handler, UnitOfWork, changing
from domain.accounts.budget import Budget
from domain.accounts.security_event import SecurityEventKind
from domain.aggregate import Aggregate
from domain.errors import NotFound


class SetBudget(Command, frozen=True, kw_only=True):
    """Set the credits that all keys of an organization share; None removes the budget."""

    target: ClassVar[type[Aggregate]] = Budget
    security_events: ClassVar[tuple[SecurityEventKind, ...]] = (SecurityEventKind.BUDGET_CHANGED,)

    id: str
    """The id that `budget_id` returns for the organization."""
    credit_limit: Annotated[int, CreditLimit] | None


class RecordBudgetUse(Command, frozen=True, kw_only=True):
    """Record which thresholds of a budget are reached or left."""

    target: ClassVar[type[Aggregate]] = Budget

    id: str
    used: int
    """How many credits of the window are used."""


def set_budget(command: SetBudget, uow: UnitOfWork) -> Budget:
    if command.credit_limit is not None:
        check_values({"credit_limit": command.credit_limit}, uow.at)
    budget = _present(command, uow)
    budget.set(command.credit_limit, uow.at)
    uow.save(budget)
    return budget


def _present(command: SetBudget, uow: UnitOfWork) -> Budget:
    """Return the budget before the command. Raises NotFound if there never was one and it is removed."""
    try:
        budget = uow.get(Budget, command.id)
    except NotFound:
        if command.credit_limit is None:
            raise
        return Budget.empty(command.id)
    if budget.credit_limit is not None:  # a removed budget is as none
        uow.check_version(budget)
    return budget


@changing
def record_budget_use(budget: Budget, command: RecordBudgetUse, uow: UnitOfWork) -> None:
    budget.record_use(command.used, uow.at)


HANDLERS: Mapping[type[Command], Handler[Any]] = {SetBudget: set_budget, RecordBudgetUse: record_budget_use}
