"""Discounts: what a request says of one, how much it is, and how that of a document is spread over its lines."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec
from msgspec import UNSET, UnsetType

from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation
from domain.money import MINOR_UNITS, percent_of, round_amount


class Discount(msgspec.Struct, frozen=True, rename="camel"):
    """A discount before tax: a percentage of the value, or an amount. Exactly one of the two fields is present."""

    percent: Decimal | UnsetType = UNSET
    amount: Decimal | UnsetType = UNSET

    def of(self, value: Decimal, currency: str) -> Decimal:
        """Return the discount on this value, rounded half up to the currency's minor unit."""
        if self.percent is not UNSET:
            return round_amount(percent_of(value, self.percent), currency)
        return round_amount(self.amount or Decimal(0), currency)

    def check(self, value: Decimal, currency: str, path: str) -> list[Violation]:
        """Return a violation for an amount that is more than the value, or that the currency has no coins for."""
        if self.amount is UNSET:
            return []
        if self.amount != round_amount(self.amount, currency):
            message = f"must have at most {MINOR_UNITS[currency]} decimal places in {currency}"
        elif self.amount > value:
            message = f"must be at most what it reduces, {value} {currency}"
        else:
            return []
        return [Violation(f"{path}.amount", VALIDATION_FAILED, message)]


def spread(discount: Decimal, values: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Spread a discount over lines by their values. The shares add up to the discount, to the last minor unit.

    Each share is rounded half up, and the last line takes the rest. No share is less than zero or more than its line:
    what the last line cannot take, the lines before it take. The discount is at most the sum of the values.
    """
    places = MINOR_UNITS[currency]
    worth = [int(value.scaleb(places)) for value in values]
    whole, left = sum(worth), int(discount.scaleb(places))
    of, shares = 2 * left, list[int]()
    for value in worth[:-1]:
        shares.append(min((of * value + whole) // (2 * whole) if whole else 0, value, left))
        left -= shares[-1]
    shares.append(left)
    for place in range(len(shares) - 1, 0, -1):
        excess = max(0, shares[place] - worth[place])
        shares[place] -= excess
        shares[place - 1] += excess
    return [Decimal(share).scaleb(-places) for share in shares]
