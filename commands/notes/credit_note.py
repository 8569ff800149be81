"""The commands on credit notes: draft, update, record a refund, take a refund back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from commands.command import Command
from commands.notes.note import (
    LOWERING_READ_ONLY,
    OF_INVOICE,
    CreateNote,
    DocumentId,
    RecordRefund,
    ReverseRefund,
    UpdateNote,
    create_note,
    record_refund,
    reverse_refund,
    update_note,
)
from commands.unit_of_work import Handler
from domain.notes.credit_note import CreditNote
from domain.notes.lowering_note import LoweringNote
from domain.notes.note import Note

_READ_ONLY = LOWERING_READ_ONLY | OF_INVOICE


class CreateCreditNote(CreateNote, frozen=True, kw_only=True):
    """Draft a credit note for an invoice that was sent."""

    target: ClassVar[type[Note]] = CreditNote
    read_only: ClassVar[frozenset[str]] = _READ_ONLY | {"status"}

    invoice_id: Annotated[str, DocumentId]


class UpdateCreditNote(UpdateNote, frozen=True, kw_only=True):
    """Change a credit note's fields, issue it, or make it void."""

    target: ClassVar[type[Note]] = CreditNote
    read_only: ClassVar[frozenset[str]] = _READ_ONLY | {"invoiceId"}


class RecordCreditNoteRefund(RecordRefund, frozen=True, kw_only=True):
    """Record money that was given back to the client because of a credit note."""

    target: ClassVar[type[LoweringNote]] = CreditNote


class ReverseCreditNoteRefund(ReverseRefund, frozen=True, kw_only=True):
    """Take back a refund of a credit note."""

    target: ClassVar[type[LoweringNote]] = CreditNote


HANDLERS: Mapping[type[Command], Handler[Any]] = {
    CreateCreditNote: create_note,
    UpdateCreditNote: update_note,
    RecordCreditNoteRefund: record_refund,
    ReverseCreditNoteRefund: reverse_refund,
}
