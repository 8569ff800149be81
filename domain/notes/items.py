"""The lines of a note: what a request says of one, and what it comes to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from domain.documents.pricing import LineItem
from domain.notes.amounts import Amounts
from domain.personal import Personal


class Part(msgspec.Struct, frozen=True):
    """A part of a line of the document: a quantity, an amount with taxes, or all that is left of it."""

    line_number: int
    """The number of the line, from 1."""
    quantity: Decimal | None = None
    amount: Decimal | None = None


class Wanted(NamedTuple):
    """What a note is to correct: parts of lines, an amount of the whole document, or all that is left of it."""

    parts: tuple[Part, ...] | None = None
    amount: Decimal | None = None


class NoteItem(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A line of a note: by how much it corrects a line of the document, with taxes in the proportion of that line."""

    noun: ClassVar[str] = "line"

    line_number: int
    """The number of the line in the document, from 1."""
    description: Personal[str | None]
    """None only after it was erased."""
    hsn_sac: str | None
    quantity: Decimal | UnsetType = UNSET
    """Absent if the note corrects the price, and not the quantity."""
    tax_rate: Decimal
    taxable_amount: Decimal
    cgst: Decimal | UnsetType = UNSET
    sgst: Decimal | UnsetType = UNSET
    igst: Decimal | UnsetType = UNSET
    cess_rate: Decimal | UnsetType = UNSET
    cess: Decimal | UnsetType = UNSET
    tax_payable_by_recipient: Decimal | UnsetType = UNSET
    tax_amount: Decimal
    untaxed_amount: Decimal | UnsetType = UNSET
    """An amount of money that changes no tax."""
    total_amount: Decimal

    @property
    def amounts(self) -> Amounts:
        """What the line comes to, in its parts."""
        given = {name: getattr(self, name) for name in Amounts._fields}
        if self.igst is not UNSET:
            given["tax_amount"] = Decimal(0)  # it is the sum of the others
        return Amounts(**{name: amount for name, amount in given.items() if amount is not UNSET})

    @property
    def part(self) -> Part:
        """What a request would say to get this line."""
        if self.quantity is not UNSET:
            return Part(self.line_number, quantity=self.quantity)
        return Part(self.line_number, amount=self.total_amount)


class Decided(NamedTuple):
    """What a note corrects: its lines, and its part of the amount by which the document's total was rounded off."""

    items: tuple[NoteItem, ...]
    round_off: Decimal


def note_item(line_number: int, of: LineItem, quantity: Decimal | None, amounts: Amounts) -> NoteItem:
    """Return the line of a note that corrects a line of the document by these amounts."""
    given: dict[str, Any] = {} if quantity is None else {"quantity": quantity}
    if of.igst is not UNSET:
        given |= {name: getattr(amounts, name) for name in ("cgst", "sgst", "igst", "cess")}
        if of.tax_payable_by_recipient is not UNSET:
            given["tax_payable_by_recipient"] = amounts.tax_payable_by_recipient
    if amounts.untaxed_amount:
        given["untaxed_amount"] = amounts.untaxed_amount
    if of.cess_rate is not UNSET:
        given["cess_rate"] = of.cess_rate
    return NoteItem(
        line_number=line_number,
        description=of.description,
        hsn_sac=of.hsn_sac,
        tax_rate=of.tax_rate,
        taxable_amount=amounts.taxable_amount,
        tax_amount=amounts.taxes,
        total_amount=amounts.total,
        **given,
    )
