"""The commands on credit notes: draft, update, record a refund."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from msgspec import UNSET, UnsetType

from commands.command import Command
from commands.document import Notes
from commands.fields import Choice, Day
from commands.fields.others import Boolean
from commands.notes.note import (
    LOWERING_READ_ONLY,
    Amount,
    CreateNote,
    DocumentId,
    NewNoteItem,
    NoteItems,
    Reason,
    RecordRefund,
    UpdateNote,
    create_note,
    record_refund,
    update_note,
)
from commands.objects import Pairs
from commands.unit_of_work import Handler
from domain.calendar import CalendarDate
from domain.metadata import MetadataChanges
from domain.notes.credit_note import CreditNote
from domain.notes.note import Note
from domain.notes.refunds import LoweringNote

_READ_ONLY = LOWERING_READ_ONLY | {"number", "invoiceNumber", "invoiceDate", "clientId", "clientName"}


class CreateCreditNote(CreateNote, frozen=True, kw_only=True):
    """Draft a credit note for an invoice that was sent."""

    target: ClassVar[type[Note]] = CreditNote
    read_only: ClassVar[frozenset[str]] = _READ_ONLY | {"status"}

    invoice_id: Annotated[str, DocumentId]
    reason: Annotated[str, Reason]
    date: Annotated[CalendarDate, Day()] | None = None
    items: Annotated[tuple[NewNoteItem, ...], NoteItems] | None = None
    amount: Annotated[Decimal, Amount] | None = None
    tax_adjustment: Annotated[bool, Boolean()] | None = None
    notes: Annotated[str, Notes] | None = None
    metadata: Annotated[MetadataChanges, Pairs()] = None


class UpdateCreditNote(UpdateNote, frozen=True, kw_only=True):
    """Change a credit note's fields, issue it, or make it void."""

    target: ClassVar[type[Note]] = CreditNote
    read_only: ClassVar[frozenset[str]] = _READ_ONLY | {"invoiceId"}

    status: Annotated[str, Choice(tuple(CreditNote.transitions()))] | UnsetType = UNSET
    reason: Annotated[str, Reason] | UnsetType = UNSET
    date: Annotated[CalendarDate, Day()] | UnsetType = UNSET
    items: Annotated[tuple[NewNoteItem, ...], NoteItems] | UnsetType = UNSET
    amount: Annotated[Decimal, Amount] | UnsetType = UNSET
    tax_adjustment: Annotated[bool, Boolean()] | UnsetType | None = UNSET
    notes: Annotated[str, Notes] | UnsetType | None = UNSET
    metadata: Annotated[Mapping[str, str | None], Pairs()] | UnsetType | None = UNSET


class RecordCreditNoteRefund(RecordRefund, frozen=True, kw_only=True):
    """Record money that was given back to the client because of a credit note."""

    target: ClassVar[type[LoweringNote]] = CreditNote


HANDLERS: Mapping[type[Command], Handler[Any]] = {
    CreateCreditNote: create_note,
    UpdateCreditNote: update_note,
    RecordCreditNoteRefund: record_refund,
}
