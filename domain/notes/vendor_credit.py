"""Vendor credits: the credit notes of vendors, which lower a bill that was opened (CGST Act, 2017, section 34(1))."""

from __future__ import annotations

from typing import ClassVar

from msgspec import UNSET, UnsetType

from domain.bill import Bill
from domain.calendar import CalendarDate
from domain.document import Document
from domain.notes.events import NoteUpdated
from domain.notes.lowering_note import LoweringCreated, LoweringIssued, LoweringNote, LoweringVoided
from domain.notes.refunds import NoteRefunded, NoteRefundReversed
from domain.personal import Personal
from domain.tax.parties import PartySnapshot
from domain.tax.rule46 import TaxWarning


class VendorCredit(LoweringNote):
    """A credit note of a vendor, under the vendor's own number."""

    class Created(LoweringCreated, frozen=True, kw_only=True):
        topic: ClassVar[str] = "vendor_credit.created"
        bill_id: str
        bill_number: str
        bill_date: CalendarDate
        vendor_id: str
        vendor_name: Personal[str | None]

    class Updated(NoteUpdated, frozen=True, kw_only=True):
        topic: ClassVar[str] = "vendor_credit.updated"
        number: str | UnsetType = UNSET
        bill_date: CalendarDate | UnsetType = UNSET

    class Issued(LoweringIssued, frozen=True, kw_only=True):
        topic: ClassVar[str] = "vendor_credit.issued"
        supplier: Personal[PartySnapshot | UnsetType | None] = UNSET
        """The vendor as the bill names it; absent if it names none. None only after it was erased."""
        recipient: PartySnapshot | UnsetType = UNSET
        """The organization as the bill names it; absent if it names none."""
        warnings: tuple[TaxWarning, ...] | UnsetType = UNSET

    class Voided(LoweringVoided, frozen=True, kw_only=True):
        topic: ClassVar[str] = "vendor_credit.voided"

    class Refunded(NoteRefunded, frozen=True, kw_only=True):
        topic: ClassVar[str] = "vendor_credit.refunded"

    class RefundReversed(NoteRefundReversed, frozen=True, kw_only=True):
        topic: ClassVar[str] = "vendor_credit.refund_reversed"

    kind: ClassVar[str] = "vendor_credit"
    id_prefix: ClassVar[str] = "vc"
    noun: ClassVar[str] = "vendor credit"
    corrects: ClassVar[type[Document]] = Bill
    prefix: ClassVar[str | None] = None
    is_time_limited: ClassVar[bool] = True

    bill_id: str
    bill_number: str
    bill_date: CalendarDate
    vendor_id: str
    vendor_name: str | None
