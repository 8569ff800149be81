"""What can be done with a note: issue it, record refunds and take them back, make it void."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from api.console.objects.actions.action import PAYMENT_FIELDS, REVERSAL_FIELDS, ObjectAction, by_name, void
from api.console.objects.fields import DAY, NUMBER, Field
from api.pages.translation import marked
from api.resource_type import ResourceType
from domain.notes.credit_note import CreditNote
from domain.notes.debit_note import DebitNote
from domain.notes.vendor_credit import VendorCredit


class _Words(NamedTuple):
    """What the actions on a kind of note will do, and what they have done."""

    issues: str
    issued: str
    voids: str
    voided: str
    refunds: str = ""
    """What a refund means; empty if nothing of such a note is refunded."""


_VOIDS = marked("The invoice is as it would be without the note. The note stays in the list, and cannot be used again.")
_WORDS = {
    CreditNote.kind: _Words(
        marked(
            "The note gets its number, and the balance of the invoice becomes smaller. What was paid too much is to be "
            "refunded then. The client gets the note from you."
        ),
        marked("The credit note is issued."),
        _VOIDS,
        marked("The credit note is void."),
        marked("You have given this money back."),
    ),
    DebitNote.kind: _Words(
        marked("The note gets its number, and the client owes more on the invoice. The client gets the note from you."),
        marked("The debit note is issued."),
        _VOIDS,
        marked("The debit note is void."),
    ),
    VendorCredit.kind: _Words(
        marked("You owe less on the bill. What you have paid too much is to be given back by the vendor then."),
        marked("The vendor credit counts."),
        marked("The bill is as it would be without it. It stays in the list, and its number becomes free."),
        marked("The vendor credit is void."),
        marked("The vendor has given this money back."),
    ),
}
"""By kind of note."""


def of_notes(type_: ResourceType) -> Mapping[str, ObjectAction]:
    words = _WORDS[type_.aggregate.kind]
    issue = ObjectAction(
        name="issue",
        label=marked("Issue"),
        effect=words.issues,
        done=words.issued,
        command=type_.update,
        body={"status": "issued"},
    )
    refunds = _refunds(type_, words.refunds) if words.refunds else ()
    return by_name(issue, *refunds, void(type_, words.voids, words.voided))


def _refunds(type_: ResourceType, effect: str) -> tuple[ObjectAction, ObjectAction]:
    record, reverse = (each.command for each in type_.sub_resources)
    recorded = ObjectAction(
        name="recordRefund",
        label=marked("Record a refund"),
        effect=effect,
        done=marked("The refund is recorded."),
        command=record,
        fields=(
            Field(name="amount", label=marked("Amount"), widget=NUMBER, is_required=True),
            Field(name="date", label=marked("Day"), widget=DAY, is_required=True),
            *PAYMENT_FIELDS[-2:-1],
            Field(name="reference", label=marked("Reference"), hint=marked("Such as the UTR."), max_length=200),
        ),
    )
    taken_back = ObjectAction(
        name="reverseRefund",
        label=marked("Take back"),
        effect=marked("The refund stays in the list and counts no more, such as a transfer that came back."),
        done=marked("The refund is taken back."),
        command=reverse,
        fields=REVERSAL_FIELDS,
        is_danger=True,
    )
    return recorded, taken_back
