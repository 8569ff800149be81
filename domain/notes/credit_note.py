"""Credit notes: they lower an invoice that was sent (CGST Act, 2017, section 34(1))."""

from __future__ import annotations

from typing import ClassVar

from msgspec import UNSET, UnsetType

from domain.calendar import CalendarDate
from domain.document import Document
from domain.invoice import Invoice
from domain.notes.events import NoteUpdated
from domain.notes.lowering_note import LoweringCreated, LoweringIssued, LoweringNote, LoweringVoided
from domain.notes.refunds import NoteRefunded, NoteRefundReversed
from domain.personal import Personal
from domain.tax.parties import PartySnapshot
from domain.tax.rule46 import TaxWarning


class CreditNote(LoweringNote):
    """A document that lowers an invoice: goods came back, or too much was charged."""

    class Created(LoweringCreated, frozen=True, kw_only=True):
        topic: ClassVar[str] = "credit_note.created"
        invoice_id: str
        invoice_number: str
        invoice_date: CalendarDate
        client_id: str
        client_name: Personal[str | None]

    class Updated(NoteUpdated, frozen=True, kw_only=True):
        topic: ClassVar[str] = "credit_note.updated"
        invoice_date: CalendarDate | UnsetType = UNSET

    class Issued(LoweringIssued, frozen=True, kw_only=True):
        topic: ClassVar[str] = "credit_note.issued"
        supplier: PartySnapshot | UnsetType = UNSET
        """The organization as the invoice names it; absent if it names none."""
        recipient: Personal[PartySnapshot | UnsetType | None] = UNSET
        """The client as the invoice names it; absent if it names none. None only after it was erased."""
        warnings: tuple[TaxWarning, ...] | UnsetType = UNSET

    class Voided(LoweringVoided, frozen=True, kw_only=True):
        topic: ClassVar[str] = "credit_note.voided"

    class Refunded(NoteRefunded, frozen=True, kw_only=True):
        topic: ClassVar[str] = "credit_note.refunded"

    class RefundReversed(NoteRefundReversed, frozen=True, kw_only=True):
        topic: ClassVar[str] = "credit_note.refund_reversed"

    kind: ClassVar[str] = "credit_note"
    id_prefix: ClassVar[str] = "cn"
    noun: ClassVar[str] = "credit note"
    corrects: ClassVar[type[Document]] = Invoice
    prefix: ClassVar[str | None] = "CN"
    is_time_limited: ClassVar[bool] = True

    invoice_id: str
    invoice_number: str
    invoice_date: CalendarDate
    client_id: str
    client_name: str | None
