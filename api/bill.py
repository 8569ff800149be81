"""The resource type of vendor bills, at `/bills`."""

from __future__ import annotations

from api.resource_type import ResourceType, SubResource
from commands.bill import DraftBill, RecordBillPayment, ReverseBillPayment, UpdateBill
from domain.bill import Bill
from projections.bill import BILL_LIST

BILLS = ResourceType(
    path="bills",
    tag="Bills",
    schema="Bill",
    aggregate=Bill,
    listing=BILL_LIST,
    create=DraftBill,
    update=UpdateBill,
    sub_resources=(
        SubResource("payments", "recordBillPayment", RecordBillPayment),
        SubResource("payments/{paymentId}/reversal", "reverseBillPayment", ReverseBillPayment),
    ),
)
