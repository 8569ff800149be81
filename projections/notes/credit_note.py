"""The read side of credit notes: the resource, its table, and the filters and sorts of its list."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from domain.calendar import CalendarDate
from domain.notes.credit_note import CreditNote
from domain.notes.lowering_note import LoweringNote
from domain.parties.party import Party
from projections.notes.lowering import ONLY_ISSUED, REFUND_DUE, LoweringProjection, LoweringSummary
from projections.notes.note import note_list
from projections.parties.party import PARTIES
from projections.query.filters import Exact, Naming
from projections.views.display import DisplayFields, one_of


class CreditNoteSummary(LoweringSummary, rename="camel", kw_only=True):
    """A credit note as a list shows it."""

    status: Annotated[str, one_of(CreditNote.transitions())]
    invoice_id: str
    invoice_number: str
    invoice_date: CalendarDate
    client_id: str
    client_name: str | None
    available_actions: tuple[Annotated[str, one_of(CreditNote.all_actions())], ...]


class CreditNoteProjection(LoweringProjection):
    name: ClassVar[str] = "credit_notes"
    table: ClassVar[str] = "credit_notes"
    view: ClassVar[str] = "credit_note_list"
    kind: ClassVar[str] = CreditNote.kind
    aggregate: ClassVar[type[LoweringNote]] = CreditNote
    entry_type: ClassVar[type[msgspec.Struct]] = CreditNoteSummary
    display: ClassVar[DisplayFields] = DisplayFields(
        name=("number", "invoice_number"), detail=("client_name", "client_id"), currency="currency", number="number"
    )
    version: ClassVar[int] = 2


CREDIT_NOTES = CreditNoteProjection()

CREDIT_NOTE_LIST = note_list(
    CREDIT_NOTES,
    {"clientId": Naming("party_id", PARTIES.view, Party), "invoiceId": Exact("document_id", 64), **REFUND_DUE},
    (ONLY_ISSUED,),
)
