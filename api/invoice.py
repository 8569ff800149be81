"""`/invoices`."""

from __future__ import annotations

from api.dependencies import Dependencies
from api.resources import Action, Collection, Item, Origin
from commands.invoice import DraftInvoice, RecordInvoicePayment, UpdateInvoice
from projections.invoice import INVOICE_LIST

READ, WRITE = "billing:read", "billing:write"


def invoices(dependencies: Dependencies, origin: Origin) -> Collection:
    return Collection(dependencies, origin, INVOICE_LIST, DraftInvoice, READ, WRITE)


def invoice(dependencies: Dependencies) -> Item:
    return Item(dependencies, "invoice", INVOICE_LIST.view, UpdateInvoice, READ, WRITE)


def invoice_payments(dependencies: Dependencies) -> Action:
    return Action(dependencies, RecordInvoicePayment, WRITE)
