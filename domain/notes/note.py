"""The common base of notes: drafted, issued with a number, or made void.

A note and the document that it corrects change in one command: the note is issued, and the document records what each
of its lines has lost or gained. So the document alone knows what is left of it, and a note never takes more.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from msgspec import UNSET

from domain.aggregate import Event
from domain.calendar import CalendarDate, instant
from domain.document import DRAFT, Document
from domain.documents.corrections import CorrectedLine, Correction
from domain.errors import InvalidTransition
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.note import DocumentCannotBeCorrected
from domain.errors.violation import Violation
from domain.notes.amounts import corrected_line
from domain.notes.drafting import DECIDING, DraftedNote
from domain.tax.annual_returns import NONE_FILED, Filings
from domain.tax.rule46 import TaxWarning

ISSUED, VOID = "issued", "void"
_TRANSITIONS = {DRAFT: (ISSUED, VOID), ISSUED: (VOID,), VOID: ()}
_ACTIONS = {DRAFT: ("update", "issue", "void"), ISSUED: ("update", "void"), VOID: ("update",)}

NextNumber = Callable[[str, CalendarDate], str]
"""A function that returns the next free number of the series with this prefix, in the financial year of this day."""


class Note(DraftedNote):
    """A document that corrects another one. Subclasses declare what they correct, and their events."""

    Issued: ClassVar[type[Event]]
    Voided: ClassVar[type[Event]]

    @classmethod
    def transitions(cls) -> Mapping[str, tuple[str, ...]]:
        return _TRANSITIONS

    @classmethod
    def actions(cls, status: str) -> tuple[str, ...]:
        return _ACTIONS[status]

    def check_day(self, changes: Mapping[str, Any], status: str | None, today: CalendarDate) -> list[Violation]:
        """Return a violation if a draft of a later day would be issued."""
        day = changes.get("date", self.date)
        if status != ISSUED or self.status != DRAFT or day is None or day <= today:
            return []
        message = (
            f"must not be after today ({today.isoformat()}) when the {self.noun} is issued; it is {day.isoformat()}"
        )
        return [Violation("date", VALIDATION_FAILED, message)]

    def needs_document(self, changes: Mapping[str, Any], status: str | None) -> bool:
        """Return whether the changes or the status depend on the document, or change it."""
        if self.status == DRAFT:
            return bool(changes.keys() & DECIDING) or status == ISSUED
        return self.status == ISSUED and status == VOID

    def check_transition(self, status: str, document: Document | None) -> None:
        """Raise InvalidTransition if a request cannot set `status` now. The current status can always be set again."""
        allowed = self.transitions()[self.status]
        if status == self.status:
            return
        if status not in allowed:
            raise InvalidTransition(self.noun, self.status, status, allowed)
        if status == ISSUED and document is not None and document.status in (DRAFT, VOID):
            raise DocumentCannotBeCorrected(self.noun, document.noun, document.status)

    def transition_to(
        self,
        status: str,
        at: datetime,
        document: Document | None,
        next_number: NextNumber,
        filed: Filings = NONE_FILED,
    ) -> None:
        """Set the status, and record in the document what follows. Setting the current status again records nothing.

        The caller has checked the transition, and has decided the amounts again.
        """
        if status == self.status:
            return
        if status == ISSUED:
            assert document is not None, "a note is issued together with its document"
            self.check_issue(document)
            self._issue(document, at, next_number, filed)
        else:
            if self.status == ISSUED:
                assert document is not None, "an issued note is made void together with its document"
                self.take_back(document, at)
            self.record(self.Voided, at, status=VOID, voided_at=instant(at), **self._nothing_yet(self.currency))

    def _issue(self, document: Document, at: datetime, next_number: NextNumber, filed: Filings) -> None:
        number = self.number
        if self.prefix is not None:
            number = next_number(self.prefix, self.date)
        assert number is not None, "the other party has chosen the number"
        correction = self._correction(document, number, at)
        sides = {name: side for name in ("supplier", "recipient") if (side := getattr(document, name, None))}
        warnings = self._warnings(document, filed)
        self.record(
            self.Issued,
            at,
            status=ISSUED,
            number=number,
            issued_at=instant(at),
            **self._after_issue(correction),
            **sides,
            **({"warnings": warnings} if warnings else {}),
        )
        self.correct(document, correction, at)

    def corrected_lines(self) -> tuple[CorrectedLine, ...]:
        """Return what the note takes of the lines of the document, or adds to them."""
        quantities = [None if item.quantity is UNSET else item.quantity for item in self.items]
        return tuple(
            corrected_line(item.line_number, quantity, item.amounts)
            for item, quantity in zip(self.items, quantities, strict=True)
        )

    def _correction(self, document: Document, number: str, at: datetime) -> Correction:
        return Correction(
            id=self.id,
            kind=self.kind,
            number=number,
            amount=self.total_amount,
            applied_amount=self.applied_to(document),
            recorded_at=instant(at),
            round_off=UNSET if self.round_off is None else self.round_off,
        )

    def _warnings(self, document: Document, filed: Filings) -> tuple[TaxWarning, ...]:
        if self.tax_adjustment and not self.is_in_time(document, self.date, filed):
            last = self.last_day(document, filed).isoformat()
            message = f"Section 34(2) of the CGST Act lets a credit note lower the tax until {last}."
            return (TaxWarning("tax_adjustment_late", "taxAdjustment", message),)
        return ()

    def _after_issue(self, correction: Correction) -> dict[str, Any]:
        """Return the further fields of a note that is issued with this correction of the document."""
        return {}

    def check_issue(self, document: Document) -> None:
        """Raise InvalidTransition if the note cannot correct the document by its amounts."""

    @abstractmethod
    def applied_to(self, document: Document) -> Decimal:
        """Return the part of the note's amount that changes the balance of the document."""

    @abstractmethod
    def correct(self, document: Document, correction: Correction, at: datetime) -> None:
        """Record in the document that the note corrects it."""

    @abstractmethod
    def take_back(self, document: Document, at: datetime) -> None:
        """Record in the document that the note no longer corrects it. Raises InvalidTransition."""
