"""The tax of a document: what a request says about it, and what the two sides and the request allow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from domain.documents.pricing import PLAIN, Line, LineItem, Terms
from domain.errors.violation import Violation
from domain.tax.discount import Discount
from domain.tax.parties import Sides
from domain.tax.supply import Supply, check_rates, check_reverse_charge


class TaxRequest(NamedTuple):
    """What requests have said about the tax of a document, besides its lines."""

    place_of_supply: str | None = None
    """The code of a state, or OVERSEAS; None if it is that of the other party or of the organization."""
    reverse_charge: bool = False
    discount: Discount | None = None
    round_off: str | None = None
    """NEAREST, or None if the total is not rounded off."""

    def terms(self, supply: Supply | None) -> Terms:
        """Return what the amounts of a document with this supply depend on."""
        if supply is None and self == NOTHING:
            return PLAIN
        return Terms(self.discount, self.round_off is not None, supply, self.place_of_supply)

    def check(self, supply: Supply | None, sides: Sides, lines: Sequence[Line | LineItem]) -> list[Violation]:
        """Return a violation for each thing that this supply does not allow."""
        if supply is None and not self.reverse_charge and not any(line.cess_rate for line in lines):
            return []
        rates = [(line.tax_rate > 0, bool(line.cess_rate)) for line in lines]
        violations = check_rates(supply, sides, rates)
        return violations + (check_reverse_charge(supply, sides) if self.reverse_charge else [])


NOTHING = TaxRequest()
