"""The read side of debit notes: the resource, its table, and the filters and sorts of its list."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from domain.calendar import CalendarDate
from domain.notes.debit_note import DebitNote
from domain.notes.note import Note
from domain.parties.party import Party
from projections.notes.note import NoteProjection, NoteSummary, note_list
from projections.parties.party import PARTIES
from projections.query.filters import Exact, Naming
from projections.views.display import DisplayFields, one_of


class DebitNoteSummary(NoteSummary, rename="camel", kw_only=True):
    """A debit note as a list shows it."""

    status: Annotated[str, one_of(DebitNote.transitions())]
    invoice_id: str
    invoice_number: str
    invoice_date: CalendarDate
    client_id: str
    client_name: str | None
    available_actions: tuple[Annotated[str, one_of(DebitNote.all_actions())], ...]


class DebitNoteProjection(NoteProjection):
    name: ClassVar[str] = "debit_notes"
    table: ClassVar[str] = "debit_notes"
    view: ClassVar[str] = "debit_note_list"
    kind: ClassVar[str] = DebitNote.kind
    aggregate: ClassVar[type[Note]] = DebitNote
    entry_type: ClassVar[type[msgspec.Struct]] = DebitNoteSummary
    display: ClassVar[DisplayFields] = DisplayFields(
        name=("number", "invoice_number"), detail=("client_name", "client_id"), currency="currency", number="number"
    )
    version: ClassVar[int] = 1


DEBIT_NOTES = DebitNoteProjection()

DEBIT_NOTE_LIST = note_list(
    DEBIT_NOTES,
    {"clientId": Naming("party_id", PARTIES.view, Party), "invoiceId": Exact("document_id", 64)},
)
