"""The commands on debit notes: draft and update."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from commands.command import Command
from commands.notes.note import (
    OF_INVOICE,
    READ_ONLY,
    CreateNote,
    DocumentId,
    UpdateNote,
    create_note,
    update_note,
)
from commands.unit_of_work import Handler
from domain.notes.debit_note import DebitNote
from domain.notes.note import Note

_READ_ONLY = READ_ONLY | OF_INVOICE


class CreateDebitNote(CreateNote, frozen=True, kw_only=True):
    """Draft a debit note for an invoice that was sent."""

    target: ClassVar[type[Note]] = DebitNote
    read_only: ClassVar[frozenset[str]] = _READ_ONLY | {"status"}

    invoice_id: Annotated[str, DocumentId]


class UpdateDebitNote(UpdateNote, frozen=True, kw_only=True):
    """Change a debit note's fields, issue it, or make it void."""

    target: ClassVar[type[Note]] = DebitNote
    read_only: ClassVar[frozenset[str]] = _READ_ONLY | {"invoiceId"}


HANDLERS: Mapping[type[Command], Handler[Any]] = {
    CreateDebitNote: create_note,
    UpdateDebitNote: update_note,
}
