"""The resource type of credit notes, at `/credit-notes`."""

from __future__ import annotations

from api.resource_type import ResourceType, SubResource
from commands.notes.credit_note import (
    CreateCreditNote,
    RecordCreditNoteRefund,
    ReverseCreditNoteRefund,
    UpdateCreditNote,
)
from domain.notes.credit_note import CreditNote
from projections.notes.credit_note import CREDIT_NOTE_LIST

CREDIT_NOTES = ResourceType(
    path="credit-notes",
    tag="Credit notes",
    schema="CreditNote",
    aggregate=CreditNote,
    listing=CREDIT_NOTE_LIST,
    create=CreateCreditNote,
    update=UpdateCreditNote,
    prints=True,
    sub_resources=(
        SubResource("refunds", "recordCreditNoteRefund", RecordCreditNoteRefund),
        SubResource("refunds/{refundId}/reversal", "reverseCreditNoteRefund", ReverseCreditNoteRefund),
    ),
)
