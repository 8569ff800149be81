"""What the background worker asks: it records what midnight has made true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from commands.command import Command
from commands.unit_of_work import Handler, UnitOfWork
from domain.aggregate import Aggregate
from domain.bill import Bill
from domain.document import Document
from domain.invoice import Invoice


class RefreshOverdue(Command, frozen=True, kw_only=True):
    """Record that a document has become overdue, or no longer is; nothing happens when nothing has changed."""

    id: str


class RefreshOverdueInvoice(RefreshOverdue, frozen=True, kw_only=True):
    target: ClassVar[type[Aggregate]] = Invoice


class RefreshOverdueBill(RefreshOverdue, frozen=True, kw_only=True):
    target: ClassVar[type[Aggregate]] = Bill


def refresh_overdue(command: RefreshOverdue, uow: UnitOfWork) -> Document:
    document = uow.get(command.target, command.id)
    assert isinstance(document, Document)
    document.refresh_overdue(uow.today, uow.at)
    uow.save(document)
    return document


HANDLERS: Mapping[type[Command], Handler[Any]] = {
    RefreshOverdueInvoice: refresh_overdue,
    RefreshOverdueBill: refresh_overdue,
}
