"""Debit notes: they raise an invoice that was sent and charged too little (CGST Act, 2017, section 34(3))."""

from __future__ import annotations

from typing import ClassVar

from msgspec import UNSET, UnsetType

from domain.calendar import CalendarDate
from domain.document import Document
from domain.invoice import Invoice
from domain.notes.events import NoteCreated, NoteIssued, NoteUpdated, NoteVoided
from domain.notes.raising import RaisingNote
from domain.personal import Personal
from domain.tax.parties import PartySnapshot


class DebitNote(RaisingNote):
    """A document that raises an invoice: more was delivered, or too little was charged."""

    class Created(NoteCreated, frozen=True, kw_only=True):
        topic: ClassVar[str] = "debit_note.created"
        invoice_id: str
        invoice_number: str
        invoice_date: CalendarDate
        client_id: str
        client_name: Personal[str | None]

    class Updated(NoteUpdated, frozen=True, kw_only=True):
        topic: ClassVar[str] = "debit_note.updated"
        invoice_date: CalendarDate | UnsetType = UNSET

    class Issued(NoteIssued, frozen=True, kw_only=True):
        topic: ClassVar[str] = "debit_note.issued"
        supplier: PartySnapshot | UnsetType = UNSET
        """The organization as the invoice names it; absent if it names none."""
        recipient: Personal[PartySnapshot | UnsetType | None] = UNSET
        """The client as the invoice names it; absent if it names none. None only after it was erased."""

    class Voided(NoteVoided, frozen=True, kw_only=True):
        topic: ClassVar[str] = "debit_note.voided"

    kind: ClassVar[str] = "debit_note"
    id_prefix: ClassVar[str] = "dn"
    noun: ClassVar[str] = "debit note"
    corrects: ClassVar[type[Document]] = Invoice
    prefix: ClassVar[str | None] = "DN"
    is_time_limited: ClassVar[bool] = False

    invoice_id: str
    invoice_number: str
    invoice_date: CalendarDate
    client_id: str
    client_name: str | None
