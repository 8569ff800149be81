"""The resource type of vendor credits, at `/vendor-credits`."""

from __future__ import annotations

from api.resource_type import ResourceType, SubResource
from commands.notes.vendor_credit import (
    CreateVendorCredit,
    RecordVendorCreditRefund,
    ReverseVendorCreditRefund,
    UpdateVendorCredit,
)
from domain.notes.vendor_credit import VendorCredit
from projections.notes.vendor_credit import VENDOR_CREDIT_LIST

VENDOR_CREDITS = ResourceType(
    path="vendor-credits",
    tag="Vendor credits",
    schema="VendorCredit",
    aggregate=VendorCredit,
    listing=VENDOR_CREDIT_LIST,
    create=CreateVendorCredit,
    update=UpdateVendorCredit,
    sub_resources=(
        SubResource("refunds", "recordVendorCreditRefund", RecordVendorCreditRefund),
        SubResource("refunds/{refundId}/reversal", "reverseVendorCreditRefund", ReverseVendorCreditRefund),
    ),
)
