"""The resource type of debit notes, at `/debit-notes`."""

from __future__ import annotations

from api.resource_type import ResourceType
from commands.notes.debit_note import CreateDebitNote, UpdateDebitNote
from domain.notes.debit_note import DebitNote
from projections.notes.debit_note import DEBIT_NOTE_LIST

DEBIT_NOTES = ResourceType(
    path="debit-notes",
    tag="Debit notes",
    schema="DebitNote",
    aggregate=DebitNote,
    listing=DEBIT_NOTE_LIST,
    create=CreateDebitNote,
    update=UpdateDebitNote,
    prints=True,
)
