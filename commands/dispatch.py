"""The dispatch table: every command and its handler."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commands import bill, body, invoice, leave, overdue
from commands.accounts import api_key, budget, organization, people, webhook
from commands.command import Command
from commands.notes import credit_note, debit_note, vendor_credit
from commands.parties import employee, party
from commands.unit_of_work import Handler, UnitOfWork
from domain.aggregate import Aggregate

HANDLERS: Mapping[type[Command], Handler[Any]] = {
    **invoice.HANDLERS,
    **bill.HANDLERS,
    **leave.HANDLERS,
    **party.HANDLERS,
    **employee.HANDLERS,
    **credit_note.HANDLERS,
    **debit_note.HANDLERS,
    **vendor_credit.HANDLERS,
    **api_key.HANDLERS,
    **webhook.HANDLERS,
    **budget.HANDLERS,
    **people.HANDLERS,
    **organization.HANDLERS,
    **overdue.HANDLERS,
    body.InvalidCommand: body.refuse_invalid,
}


def handle(command: Command, uow: UnitOfWork) -> Aggregate:
    """Run the command's handler and return the changed aggregate. Raises DomainError when the command is refused."""
    return HANDLERS[type(command)](command, uow)
