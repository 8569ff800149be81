"""The resource type of invoices, at `/invoices`."""

from __future__ import annotations

from api.resource_type import Action, ResourceType
from commands.invoice import DraftInvoice, RecordInvoicePayment, ReverseInvoicePayment, UpdateInvoice
from domain.invoice import Invoice
from projections.document import Details
from projections.invoice import INVOICE_LIST, InvoiceSummary

INVOICES = ResourceType(
    path="invoices",
    tag="Invoices",
    schema="Invoice",
    aggregate=Invoice,
    listing=INVOICE_LIST,
    shown=InvoiceSummary,
    details=Details,
    create=DraftInvoice,
    update=UpdateInvoice,
    actions=(
        Action("payments", "recordInvoicePayment", RecordInvoicePayment),
        Action("payments/{paymentId}/reversal", "reverseInvoicePayment", ReverseInvoicePayment),
    ),
)
