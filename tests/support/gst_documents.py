"""Organizations, parties and lines for tests of GST."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import UNSET

from domain.document import camel
from domain.documents.pricing import Line, Terms, price_lines
from domain.tax.discount import Discount
from domain.tax.parties import PartySnapshot
from domain.tax.supplier import Supplier
from tests.support.gst import gstin


def organization(
    state: str | None, *, lut: bool = False, composition: bool = False, address: str | None = "1 Market Road"
) -> Supplier:
    """Return the profile of an organization with a GSTIN of this state; without one if the state is None."""
    fields: dict[str, Any] = {
        "name": "Asha Trading",
        "legal_name": "Asha Trading",
        "gstin": state and gstin(state),
        "state_code": state,
        "address": address,
        "lut_number": "AD270326000001A" if lut else None,
        "composition": composition,
    }
    return Supplier(**fields)


def party(treatment: str, state: str | None = None, **others: Any) -> PartySnapshot:
    """Return a party that GST treats so."""
    return PartySnapshot(
        name="Bharat Stores", gst_treatment=treatment, state_code=UNSET if state is None else state, **others
    )


def line(
    quantity: Any, price: Any, rate: Any, percent: Any = None, amount: Any = None, cess: Any = None, hsn: Any = None
) -> Line:
    """Return a line with, if given, a discount in percent or as an amount, a cess and an HSN code."""
    discount = None
    if percent is not None:
        discount = Discount(percent=Decimal(percent))
    elif amount is not None:
        discount = Discount(amount=Decimal(amount))
    cess_rate = None if cess is None else Decimal(cess)
    return Line("Consulting", Decimal(quantity), Decimal(price), Decimal(rate), hsn, discount, cess_rate)


def priced(lines: Sequence[Line], currency: str, terms: Terms) -> dict[str, Any]:
    """Return the fields of a document as texts by their API names; `discounts` are those of the lines."""
    fields = price_lines(lines, currency, terms)
    items = fields.pop("items")
    shown = {camel(name): str(value) for name, value in fields.items() if not isinstance(value, msgspec.Struct)}
    discounts = [str(item.discount_amount) for item in items if item.discount_amount is not UNSET]
    return {**shown, "discounts": " ".join(discounts)}
