"""The command that sets or removes the budget of an organization. People and the command line send it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from commands.command import Command
from commands.fields.key import CreditLimit, check_values
from commands.unit_of_work import Handler, UnitOfWork
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


HANDLERS: Mapping[type[Command], Handler[Any]] = {SetBudget: set_budget}
