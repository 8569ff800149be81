"""The notes that correct a document: what they change of its lines, its balance and its status."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

import msgspec

from domain.calendar import instant
from domain.documents.corrections import CorrectedLine, Correction, DocumentCorrected, StoredCorrection, sums_after
from domain.documents.payable import Payable, zero_like
from domain.errors.messages import words
from domain.errors.note import CorrectedByNote


class Correctable(Payable):
    """A document with payments that notes lower and raise."""

    Credited: ClassVar[type[DocumentCorrected]]
    CreditReversed: ClassVar[type[DocumentCorrected]]
    Debited: ClassVar[type[DocumentCorrected]]
    DebitReversed: ClassVar[type[DocumentCorrected]]

    def credit(self, note: Correction, lines: Iterable[CorrectedLine], at: datetime) -> None:
        """Record that a note has lowered the document by these lines, and the balance by `note.applied_amount`.

        If the balance becomes zero, the document becomes paid, as after a payment.
        """
        credited = (self.amount_credited or zero_like(self.balance_due)) + note.applied_amount
        was_overdue, was_paid = self.is_overdue, self.status == "paid"
        balance = self.balance_due - note.applied_amount
        state = {} if was_paid else self._standing_at(balance, at)
        status = state.pop("status", self.status)
        fields = {"amount_credited": credited, "balance_due": balance, "status": status, **state}
        self.record(self.Credited, at, **self._corrected(note, lines, adds=False), **fields)
        if not was_paid:
            self.mark_paid_at_zero(at)
        if was_overdue and not self.is_overdue:
            self.record(self.OverdueCleared, at, is_overdue=False)

    def reverse_credit(self, id: str, lines: Iterable[CorrectedLine], at: datetime) -> None:
        """Record that the note with this id no longer lowers the document by these lines."""
        note = self._reversed(id, at)
        credited = (self.amount_credited or zero_like(self.balance_due)) - note.applied_amount
        balance = self.balance_due + note.applied_amount
        state: dict[str, Any] = self._standing_at(balance, at) if note.applied_amount else {"status": self.status}
        if self.status == "paid" and state["status"] != "paid":
            state["paid_at"] = None
        fields = {"amount_credited": credited, "balance_due": balance, **state}
        self.record(self.CreditReversed, at, **self._corrected(note, lines, adds=True), **fields)

    def debit(self, note: Correction, lines: Iterable[CorrectedLine], at: datetime) -> None:
        """Record that a note has raised the document by these lines. A document that was paid is owed again."""
        debited = (self.amount_debited or zero_like(self.balance_due)) + note.applied_amount
        balance = self.balance_due + note.applied_amount
        state = self._standing_at(balance, at) | ({"paid_at": None} if self.status == "paid" else {})
        fields = {"amount_debited": debited, "balance_due": balance, **state}
        self.record(self.Debited, at, **self._corrected(note, lines, adds=True), **fields)

    def reverse_debit(self, id: str, lines: Iterable[CorrectedLine], at: datetime) -> None:
        """Record that the note with this id no longer raises the document by these lines.

        If the balance becomes zero, the document becomes paid, as after a payment.
        """
        note = self._reversed(id, at)
        debited = (self.amount_debited or zero_like(self.balance_due)) - note.applied_amount
        balance, was_overdue = self.balance_due - note.applied_amount, self.is_overdue
        fields = {"amount_debited": debited, "balance_due": balance, **self._standing_at(balance, at)}
        self.record(self.DebitReversed, at, **self._corrected(note, lines, adds=False), **fields)
        self.mark_paid_at_zero(at)
        if was_overdue and not self.is_overdue:
            self.record(self.OverdueCleared, at, is_overdue=False)

    def standing_note(self) -> Correction | None:
        """Return the first note that corrects the document and was not made void."""
        return next((each for each in self.corrections if each.is_standing), None)

    def check_uncorrected(self) -> None:
        """Raise CorrectedByNote if a note corrects the document."""
        note = self.standing_note()
        if note is not None:
            raise CorrectedByNote(self.noun, self.status, words(note.kind), note.number, note.id)

    def _corrected(self, note: Correction, lines: Iterable[CorrectedLine], *, adds: bool) -> dict[str, Any]:
        """Return the fields of the event of a correction: the note, and the sums of the lines that it changes."""
        stored = StoredCorrection(**msgspec.structs.asdict(note))
        return {"corrections": (stored,), "corrected_lines": sums_after(self.corrected_lines, lines, adds=adds)}

    def _reversed(self, id: str, at: datetime) -> Correction:
        """Return the correction by the note with this id, as one that no longer counts."""
        (note,) = (each for each in self.corrections if each.id == id)
        return msgspec.structs.replace(note, reversed_at=instant(at))

    def _standing_at(self, balance: Decimal, at: datetime) -> dict[str, Any]:
        """Return the fields, other than amounts, that a note sets when it leaves this balance due."""
        if balance > 0 and not (self.amount_paid or self.amount_settled):
            return {"status": self.issued_status}
        return self._state_after(balance, at)
