"""The commands on debit notes: draft and update."""

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
    READ_ONLY,
    Amount,
    CreateNote,
    DocumentId,
    NewNoteItem,
    NoteItems,
    Reason,
    UpdateNote,
    create_note,
    update_note,
)
from commands.objects import Pairs
from commands.unit_of_work import Handler
from domain.calendar import CalendarDate
from domain.metadata import MetadataChanges
from domain.notes.debit_note import DebitNote
from domain.notes.note import Note

_READ_ONLY = READ_ONLY | {"number", "invoiceNumber", "invoiceDate", "clientId", "clientName"}


class CreateDebitNote(CreateNote, frozen=True, kw_only=True):
    """Draft a debit note for an invoice that was sent."""

    target: ClassVar[type[Note]] = DebitNote
    read_only: ClassVar[frozenset[str]] = _READ_ONLY | {"status"}

    invoice_id: Annotated[str, DocumentId]
    reason: Annotated[str, Reason]
    date: Annotated[CalendarDate, Day()] | None = None
    items: Annotated[tuple[NewNoteItem, ...], NoteItems] | None = None
    amount: Annotated[Decimal, Amount] | None = None
    tax_adjustment: Annotated[bool, Boolean()] | None = None
    notes: Annotated[str, Notes] | None = None
    metadata: Annotated[MetadataChanges, Pairs()] = None


class UpdateDebitNote(UpdateNote, frozen=True, kw_only=True):
    """Change a debit note's fields, issue it, or make it void."""

    target: ClassVar[type[Note]] = DebitNote
    read_only: ClassVar[frozenset[str]] = _READ_ONLY | {"invoiceId"}

    status: Annotated[str, Choice(tuple(DebitNote.transitions()))] | UnsetType = UNSET
    reason: Annotated[str, Reason] | UnsetType = UNSET
    date: Annotated[CalendarDate, Day()] | UnsetType = UNSET
    items: Annotated[tuple[NewNoteItem, ...], NoteItems] | UnsetType = UNSET
    amount: Annotated[Decimal, Amount] | UnsetType = UNSET
    tax_adjustment: Annotated[bool, Boolean()] | UnsetType | None = UNSET
    notes: Annotated[str, Notes] | UnsetType | None = UNSET
    metadata: Annotated[Mapping[str, str | None], Pairs()] | UnsetType | None = UNSET


HANDLERS: Mapping[type[Command], Handler[Any]] = {
    CreateDebitNote: create_note,
    UpdateDebitNote: update_note,
}
