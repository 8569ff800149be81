"""Notes that raise a document: which amounts are added to which lines, and when such a note can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from domain.document import Document
from domain.documents.corrections import RAISING, Correction
from domain.errors.messages import words
from domain.errors.note import DebitPaid, DebitUsed, DebitWrittenOff
from domain.money import TOTAL_LIMIT, percent_of, plain, product, round_amount
from domain.notes.amounts import Amounts, share, with_places
from domain.notes.items import Decided, NoteItem, Part, Wanted, note_item
from domain.notes.left import Left, LeftOfLine, can_lose, left_of
from domain.notes.note import ISSUED, VOID, Note
from domain.notes.parts import PartRefused, amount_of, invalid_amount, take_parts, too_many_places
from domain.tax.supply import INTER_STATE, INTRA_STATE, ZERO_RATED

_ZERO, _HALF, _HUNDRED = Decimal(0), Decimal("0.5"), Decimal(100)


class RaisingNote(Note):
    """A note that raises a document by its whole total."""

    @classmethod
    def is_used_up(cls, document: Document) -> bool:
        return False

    @classmethod
    def decide(cls, left: Left, wanted: Wanted, *, adjusts_tax: bool) -> Decided:
        return decide_raising(left, wanted, adjusts_tax=adjusts_tax)

    def fits(self, left: Left) -> bool:
        return left.total + self.total_amount < TOTAL_LIMIT

    def applied_to(self, document: Document) -> Decimal:
        return self.total_amount

    def _is_used(self, left: Left) -> bool:
        """Return whether other notes have taken something that this one has added."""
        if left.total < self.total_amount:
            return True
        return any(not can_lose(left.lines[item.line_number - 1], item) for item in self.items)

    def correct(self, document: Document, correction: Correction, at: datetime) -> None:
        document.debit(correction, self.corrected_lines(), at)

    def take_back(self, document: Document, at: datetime) -> None:
        document.reverse_debit(self.id, self.corrected_lines(), at)

    def check_transition(self, status: str, document: Document | None) -> None:
        super().check_transition(status, document)
        if status != VOID or self.status != ISSUED or document is None:
            return
        if document.balance_due < self.total_amount:
            raise DebitPaid(self.noun, document.noun, self.total_amount, document.balance_due, self.currency)
        if document.written_off and document.not_written_off < self.total_amount:
            raise DebitWrittenOff(self.noun, document.noun, [each.id for each in document.written_off])
        if self._is_used(left_of(document)):
            lowering = (each for each in document.corrections if each.is_standing and each.kind not in RAISING)
            *_, note = lowering
            raise DebitUsed(self.noun, words(note.kind), note.number, note.id)


def decide_raising(left: Left, wanted: Wanted, *, adjusts_tax: bool) -> Decided:
    """Return what a note adds to the lines of a document, with taxes at the rates of each line.

    If it does not adjust the tax, it adds amounts of money alone. Raises Invalid.
    """
    if wanted.parts is not None:
        items = take_parts(left, wanted.parts, lambda line, part: _part(left, line, part, adjusts_tax))
    elif wanted.amount is None:
        raise invalid_amount("is required without items; say by how much the document is raised")
    else:
        items = tuple(_spread(left, wanted.amount, adjusts_tax))
    if left.total + sum(item.total_amount for item in items) >= TOTAL_LIMIT:
        raise invalid_amount(f"must leave the document a total of less than 10^{TOTAL_LIMIT.adjusted()}")
    return Decided(items, round_amount(_ZERO, left.currency))


def _part(left: Left, line: LeftOfLine, part: Part, adjusts_tax: bool) -> NoteItem:
    """Return the line of a note that adds this part. Raises PartRefused."""
    if part.quantity is None and part.amount is None:
        raise PartRefused("amount", "is required; or send a quantity")
    if part.quantity is None:
        return _of_total(left, line, amount_of(part, left.currency), adjusts_tax)
    value = Amounts.of_line(line.item).taxable_amount
    added = _of_value(left, line, share(value, part.quantity, line.item.quantity, left.currency))
    if not added.total:
        raise PartRefused("quantity", f"comes to 0 at the price of line {line.line_number}; name an amount")
    if not adjusts_tax:
        added = Amounts(untaxed_amount=added.total)
    return note_item(line.line_number, line.item, plain(part.quantity), with_places(added, left.currency))


def _of_value(left: Left, line: LeftOfLine, value: Decimal) -> Amounts:
    """Return a value with its taxes, at the rates of the line."""
    taxes = {name: round_amount(percent_of(value, rate), left.currency) for name, rate in _rates(left, line).items()}
    return _with_taxes(left, value, taxes)


def _of_total(left: Left, line: LeftOfLine, total: Decimal, adjusts_tax: bool) -> NoteItem:
    """Return the line of a note that adds this amount, with taxes at the rates of the line."""
    if not adjusts_tax:
        added = Amounts(untaxed_amount=total)
    elif left.reverse_charge:
        added = _of_value(left, line, total)
    else:
        rates = _rates(left, line)
        whole = _HUNDRED + sum(rates.values())
        taxes = {name: share(total, rate, whole, left.currency) for name, rate in rates.items()}
        added = _with_taxes(left, total - sum(taxes.values()), taxes)
    return note_item(line.line_number, line.item, None, with_places(added, left.currency))


def _rates(left: Left, line: LeftOfLine) -> dict[str, Decimal]:
    """Return the rates of the taxes of a line in percent, by the names of the taxes."""
    rate, cess = line.item.tax_rate, line.item.cess_rate or _ZERO
    if left.supply_type is None:
        return {"tax_amount": rate}
    if left.supply_type == ZERO_RATED:
        return {}
    half = product(rate, _HALF)
    taxes = {INTRA_STATE: {"cgst": half, "sgst": half}, INTER_STATE: {"igst": rate}}[left.supply_type]
    return {**taxes, "cess": cess}


def _with_taxes(left: Left, value: Decimal, taxes: dict[str, Decimal]) -> Amounts:
    if left.reverse_charge:
        return Amounts(value, tax_payable_by_recipient=sum(taxes.values(), _ZERO))
    return Amounts(value, **taxes)


def _spread(left: Left, amount: Decimal, adjusts_tax: bool) -> Iterator[NoteItem]:
    """Yield the lines of a note that adds this amount, with taxes, to all lines in proportion of what each comes to."""
    if message := too_many_places(amount, left.currency):
        raise invalid_amount(message)
    worth = [Amounts.of_line(line.item).worth for line in left.lines]
    if not any(worth):
        raise invalid_amount("cannot be spread, because the lines come to 0; send items")
    whole, so_far, given = sum(worth, _ZERO), _ZERO, _ZERO
    for line, each in zip(left.lines, worth, strict=True):
        so_far += each
        until = share(amount, so_far, whole, left.currency)
        if until > given:
            yield _of_total(left, line, until - given, adjusts_tax)
        given = until
