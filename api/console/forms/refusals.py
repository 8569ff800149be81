"""The refusals of commands on objects, as sentences for people, in their language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from api.console.objects.words import VALUES
from api.pages.formats import format_day
from api.pages.translation import gettext as _
from domain.errors import DomainError, InvalidTransition, NotFound
from domain.errors.document import (
    ActionRefused,
    AlreadyReversed,
    DuplicateNumber,
    DuplicatePayment,
    PaymentNotFound,
)
from domain.errors.leave import LeaveHasBegun, LeaveOverlap
from domain.errors.note import (
    AlreadyRefunded,
    CorrectedByNote,
    DebitPaid,
    DebitUsed,
    DebitWrittenOff,
    DocumentCannotBeCorrected,
    DraftOutdated,
    TakesWrittenOff,
)
from domain.errors.party import DuplicateExternalId
from domain.reading import parse_date


def sentence_of_refusal(error: DomainError) -> str:
    """Return why a command was refused, and what to do. A refusal that no form can cause keeps its English words."""
    for type_ in type(error).__mro__:
        if type_ in _SENTENCES:
            return _SENTENCES[type_](error)
    return str(error)


def has_sentence(type_: type[DomainError]) -> bool:
    """Return whether there is a sentence for refusals of this type."""
    return any(each in _SENTENCES for each in type_.__mro__)


def _transition(error: Any) -> str:
    status = _(VALUES[error.from_])
    return _("This cannot be done any more: the status is “%(status)s”. Open the page again.", status=status)


def _duplicate_number(error: Any) -> str:
    facts = {"number": error.number, "year": error.financial_year}
    if error.of:
        return _(
            "There is a bill of this vendor with the number %(number)s in the financial year %(year)s already. Check "
            "whether this bill was entered before.",
            **facts,
        )
    return _(
        "The number %(number)s is already taken in the financial year %(year)s. Choose another one, or leave it empty "
        "to get the next number of your series.",
        **facts,
    )


def _overlap(error: Any) -> str:
    return _(
        "This employee already has a pending or approved leave at that time (%(id)s). Choose other days, or cancel "
        "the other leave first.",
        id=error.conflicting_id,
    )


def _begun(error: Any) -> str:
    return _(
        "An approved leave can be cancelled until the day before it begins. This one began on %(day)s: cut it short "
        "instead.",
        day=format_day(parse_date(error.start)),
    )


def _reversed(error: Any) -> str:
    day = format_day(error.reversed_on) if error.reversed_on else "–"
    if error.entry == "refund":
        return _(
            "This refund was already taken back on %(day)s, and no longer counts. If the money was paid later, record "
            "it as a new refund.",
            day=day,
        )
    return _(
        "This payment was already taken back on %(day)s, and no longer counts. If the money was paid later, record it "
        "as a new payment.",
        day=day,
    )


def _duplicate_payment(error: Any) -> str:
    return _(
        "A payment with the same reference, kind, amount and day is already recorded here. If this is a different one, "
        "give it a different reference. If the recorded one is wrong, take it back first."
    )


def _no_payment(error: Any) -> str:
    return _("There is no such entry any more. Open the page again.")


def _duplicate_external_id(error: Any) -> str:
    return _(
        "“%(id)s” is already the own id of another one in this list (%(other)s). Choose another id, or leave it empty.",
        id=error.external_id,
        other=error.conflicting_id or "–",
    )


def _corrected(error: Any) -> str:
    return _(
        "This cannot be made void, because a note that was issued corrects it. Make the note void first: this page has "
        "it in its list of notes."
    )


def _refunded(error: Any) -> str:
    return _("This cannot be made void, because a part of it was refunded. Take the refund back first.")


def _debit_paid(error: Any) -> str:
    return _(
        "This debit note cannot be made void any more, because a part of it was paid. Draft a credit note for the "
        "invoice instead."
    )


def _debit_used(error: Any) -> str:
    return _(
        "This debit note cannot be made void, because a later credit note has taken a part of it. Make the credit note "
        "void first."
    )


def _debit_written_off(error: Any) -> str:
    return _(
        "This debit note cannot be made void, because a part of it was written off. Open the invoice and take that "
        "back first."
    )


def _takes_written_off(error: Any) -> str:
    return _(
        "The note cannot be issued, because a part of what it takes was written off or rounded off: nobody has paid "
        "it, so it cannot be refunded. Take that back on the page of the document first, or change the note to take "
        "less."
    )


def _outdated(error: Any) -> str:
    return _(
        "The note cannot be issued as it is shown, because its document has changed since. Choose “Change” and save, "
        "so that it is computed anew. Look at it then, and issue it."
    )


def _cannot_be_corrected(error: Any) -> str:
    return _("The note cannot be issued, because what it corrects is void. Make the note void, too.")


def _not_found(error: Any) -> str:
    return _("There is no such object. Open it from its list.")


_SENTENCES: Mapping[type[DomainError], Callable[[Any], str]] = {
    InvalidTransition: _transition,
    ActionRefused: _transition,
    LeaveHasBegun: _begun,
    LeaveOverlap: _overlap,
    AlreadyReversed: _reversed,
    DuplicateNumber: _duplicate_number,
    DuplicatePayment: _duplicate_payment,
    PaymentNotFound: _no_payment,
    NotFound: _not_found,
    DuplicateExternalId: _duplicate_external_id,
    CorrectedByNote: _corrected,
    AlreadyRefunded: _refunded,
    DebitPaid: _debit_paid,
    DebitUsed: _debit_used,
    DebitWrittenOff: _debit_written_off,
    TakesWrittenOff: _takes_written_off,
    DraftOutdated: _outdated,
    DocumentCannotBeCorrected: _cannot_be_corrected,
}
