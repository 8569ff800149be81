"""`/invoices`."""

from __future__ import annotations

from api.http.origin import Origin
from api.ports.dependencies import Dependencies
from api.resources import ResourceRoutes
from commands.invoice import DraftInvoice, RecordInvoicePayment, UpdateInvoice
from projections.invoice import INVOICE_LIST


def invoices(dependencies: Dependencies, origin: Origin) -> ResourceRoutes:
    """Its four resources."""
    return ResourceRoutes(
        dependencies,
        origin,
        kind="invoice",
        listing=INVOICE_LIST,
        create=DraftInvoice,
        update=UpdateInvoice,
        pay=RecordInvoicePayment,
        scopes=("billing:read", "billing:write"),
    )
