"""The resource type of invoices, at `/invoices`."""

from __future__ import annotations

from api.resource_type import ResourceType, SubResource
from commands.invoice import DraftInvoice, RecordInvoicePayment, ReverseInvoicePayment, UpdateInvoice
from domain.invoice import Invoice
from projections.invoice import INVOICE_LIST

INVOICES = ResourceType(
    path="invoices",
    tag="Invoices",
    schema="Invoice",
    aggregate=Invoice,
    listing=INVOICE_LIST,
    create=DraftInvoice,
    update=UpdateInvoice,
    prints=True,
    sub_resources=(
        SubResource("payments", "recordInvoicePayment", RecordInvoicePayment),
        SubResource("payments/{paymentId}/reversal", "reverseInvoicePayment", ReverseInvoicePayment),
    ),
)
