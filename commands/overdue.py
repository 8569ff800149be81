"""The commands that the background worker sends after midnight, to record which documents have become overdue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from commands.command import Command
from commands.unit_of_work import Handler, UnitOfWork, changing
from domain.bill import Bill
from domain.document import Document
from domain.invoice import Invoice


class RefreshOverdue(Command, frozen=True, kw_only=True):
    """Record that a document has become overdue, or is no longer overdue. Record no event if nothing changed."""

    target: ClassVar[type[Document]]

    id: str


class RefreshOverdueInvoice(RefreshOverdue, frozen=True, kw_only=True):
    target: ClassVar[type[Document]] = Invoice


class RefreshOverdueBill(RefreshOverdue, frozen=True, kw_only=True):
    target: ClassVar[type[Document]] = Bill


@changing
def refresh_overdue(document: Document, command: RefreshOverdue, uow: UnitOfWork) -> None:
    document.refresh_overdue(uow.today, uow.at)


OVERDUE: tuple[type[RefreshOverdue], ...] = (RefreshOverdueInvoice, RefreshOverdueBill)
"""One command for each kind of document. The background worker has one task for each command."""

HANDLERS: Mapping[type[Command], Handler[Any]] = dict.fromkeys(OVERDUE, refresh_overdue)
