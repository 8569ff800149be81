"""What the background worker asks: it records what midnight has made true."""

from __future__ import annotations

from typing import ClassVar

from commands.handling import Command, Ledger, handles
from domain.aggregate import Aggregate
from domain.bill import Bill
from domain.document import Document
from domain.invoice import Invoice


class SettleOverdue(Command, frozen=True, kw_only=True):
    """Record that a document has become overdue, or no longer is; nothing happens when nothing has changed."""

    id: str


class SettleOverdueInvoice(SettleOverdue, frozen=True, kw_only=True):
    target: ClassVar[type[Aggregate]] = Invoice


class SettleOverdueBill(SettleOverdue, frozen=True, kw_only=True):
    target: ClassVar[type[Aggregate]] = Bill


def settle_overdue(command: SettleOverdue, ledger: Ledger) -> Document:
    document = ledger.get(command.target, command.id)
    assert isinstance(document, Document)
    document.settle_overdue(ledger.today, ledger.at)
    ledger.save(document)
    return document


handles(SettleOverdueInvoice)(settle_overdue)
handles(SettleOverdueBill)(settle_overdue)
