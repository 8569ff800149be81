"""The commands that the background worker sends: which documents are overdue, and the taxes of drafts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from commands.command import Command
from commands.document import sides_of
from commands.unit_of_work import Handler, UnitOfWork, changing
from domain.bill import Bill
from domain.document import DRAFT, Document
from domain.errors import Invalid
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


class RefreshDraft(Command, frozen=True, kw_only=True):
    """Compute a draft again with the organization and its party as they are now. No event if nothing changes."""

    target: ClassVar[type[Document]]

    id: str


class RefreshDraftInvoice(RefreshDraft, frozen=True, kw_only=True):
    target: ClassVar[type[Document]] = Invoice


class RefreshDraftBill(RefreshDraft, frozen=True, kw_only=True):
    target: ClassVar[type[Document]] = Bill


@changing
def refresh_draft(document: Document, command: RefreshDraft, uow: UnitOfWork) -> None:
    """Compute the draft again. A draft that is refused stays as it is: who changes or sends it is told why."""
    if document.status != DRAFT:
        return
    try:
        document.update({}, uow.at, sides=sides_of(document, {}, uow))
    except Invalid:
        return


DRAFTS: tuple[type[RefreshDraft], ...] = (RefreshDraftInvoice, RefreshDraftBill)
"""One command for each kind of document."""

HANDLERS: Mapping[type[Command], Handler[Any]] = {
    **dict.fromkeys(OVERDUE, refresh_overdue),
    **dict.fromkeys(DRAFTS, refresh_draft),
}
