"""The resource type of vendor bills, at `/bills`."""

from __future__ import annotations

from api.resource_type import Action, ResourceType
from commands.bill import DraftBill, RecordBillPayment, ReverseBillPayment, UpdateBill
from domain.bill import Bill
from projections.bill import BILL_LIST, BillSummary
from projections.document import Details

BILLS = ResourceType(
    path="bills",
    tag="Bills",
    schema="Bill",
    aggregate=Bill,
    listing=BILL_LIST,
    shown=BillSummary,
    details=Details,
    create=DraftBill,
    update=UpdateBill,
    actions=(
        Action("payments", "recordBillPayment", RecordBillPayment),
        Action("payments/{paymentId}/reversal", "reverseBillPayment", ReverseBillPayment),
    ),
)
