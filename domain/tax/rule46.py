"""What a tax invoice must say (CGST Rules, 2017, rule 46), and what a document that is being sent lacks of it.

Nothing is refused because of it: the law wants the invoice corrected, and a client may have its reasons.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, ClassVar

import msgspec
from msgspec import UNSET

from domain.money import DEFAULT_CURRENCY
from domain.tax.parties import COMPOSITION, DEEMED_EXPORT, FOREIGN, REGISTERED, SEZ, PartySnapshot
from domain.tax.rules import NAMED_FROM

_WITH_GSTIN = frozenset((REGISTERED, COMPOSITION, SEZ, DEEMED_EXPORT))
_MOST_LINES = 5
"""How many lines a warning names."""


class TaxWarning(msgspec.Struct, frozen=True, rename="camel"):
    """Something that the law wants on a document and that the document lacks."""

    noun: ClassVar[str] = "warning"

    code: str
    field: str
    """Where it would stand."""
    message: str


def missing_particulars(
    supplier: PartySnapshot, recipient: PartySnapshot, items: Sequence[Any], value: Decimal, currency: str
) -> tuple[TaxWarning, ...]:
    """Return what an invoice of this taxable value lacks."""
    found = [*_of_supplier(supplier), *_of_recipient(recipient, value, currency), *_of_lines(items)]
    return tuple(found)


def _of_supplier(supplier: PartySnapshot) -> Iterator[TaxWarning]:
    if not supplier.address:
        yield TaxWarning(
            "supplier_address_missing",
            "supplier.address",
            "Rule 46(a) wants the address of your organization: enter it under Settings → Organization.",
        )


def _of_recipient(recipient: PartySnapshot, value: Decimal, currency: str) -> Iterator[TaxWarning]:
    treatment = recipient.gst_treatment
    if treatment in _WITH_GSTIN:
        rule = "Rule 46(d) wants"
        if not recipient.gstin:
            yield TaxWarning("recipient_gstin_missing", "recipient.gstin", f"{rule} the GSTIN of the client.")
    elif treatment == FOREIGN:
        rule = "Rule 46 (third proviso) wants"
    elif currency == DEFAULT_CURRENCY and value >= NAMED_FROM.amount:
        rule = f"Rule 46(e) wants, from a value of {NAMED_FROM.amount} INR on,"
        if recipient.state_code is UNSET:
            yield TaxWarning("recipient_state_missing", "recipient.stateCode", f"{rule} the state of the client.")
    else:
        return
    if not recipient.name:
        yield TaxWarning("recipient_name_missing", "recipient.name", f"{rule} the name of the client.")
    if not recipient.address:
        yield TaxWarning("recipient_address_missing", "recipient.address", f"{rule} the address of the client.")


def _of_lines(items: Sequence[Any]) -> Iterator[TaxWarning]:
    places = [place for place, item in enumerate(items) if not item.hsn_sac]
    if places:
        numbers = ", ".join(str(place + 1) for place in places[:_MOST_LINES])
        more = ", and others" if len(places) > _MOST_LINES else ""
        yield TaxWarning(
            "hsn_missing",
            f"items[{places[0]}].hsnSac",
            f"Rule 46(g) wants the HSN or SAC code of goods or services; lines without one: {numbers}{more}.",
        )
