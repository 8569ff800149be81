"""Invoices and bills under GST, with events that are not saved: each optional field is used, changed, and given up."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from domain.bill import Bill
from domain.document import Document
from domain.documents.taxation import TaxRequest
from domain.invoice import Invoice
from domain.tax.discount import Discount
from domain.tax.parties import NOBODY, Sides
from tests.support.gst import gstin
from tests.support.gst_documents import line, organization, party

DAY = date(2026, 1, 10)
LINES = (line("20", "3500", "18", percent="10", hsn="998311"), line("1", "99.99", "28", cess="12"))
CLIENT = party("registered", "27", state_name="Maharashtra", gstin=gstin("27"), email="accounts@bharat.example")
PEOPLE: dict[type[Document], dict[str, Any]] = {
    Invoice: {"client_id": "bharat", "client_name": "Bharat Stores", "invoice_date": DAY},
    Bill: {"vendor_id": "bharat", "vendor_name": "Bharat Stores", "bill_date": DAY},
}


def taxed_documents(at: datetime) -> list[Document]:
    """Return documents with every optional field."""
    return [each for kind in (Invoice, Bill) for each in (_intra(kind, at), _reverse(kind, at), _without(kind, at))]


def _draft(kind: type[Any], at: datetime, number: str, request: TaxRequest, sides: Sides) -> Any:
    return kind.draft(
        f"{kind.id_prefix}_{number}",
        at=at,
        number=number,
        currency="INR",
        due_date=date(2026, 1, 31),
        lines=LINES,
        notes=None,
        request=request,
        sides=sides,
        **PEOPLE[kind],
    )


def _intra(kind: type[Any], at: datetime) -> Document:
    """A draft within a State that moves to another one, is no longer reduced, and is issued."""
    sides = Sides(organization("27"), CLIENT)
    request = TaxRequest(discount=Discount(amount=Decimal(500)), round_off="nearest")
    document = _draft(kind, at, "GST-1", request, sides)
    document.update({"place_of_supply": "29"}, at, sides=sides)
    document.update({"discount": None, "round_off": None, "place_of_supply": None}, at, sides=sides)
    document.update({"discount": Discount(percent=Decimal("2.5")), "round_off": "nearest"}, at, sides=sides)
    document.transition_to(kind.issued_status, at, sides)
    return document


def _reverse(kind: type[Any], at: datetime) -> Document:
    """A draft under reverse charge that is taxed as usual later, and under reverse charge again."""
    sides = Sides(organization("27", address=None), CLIENT)
    document = _draft(kind, at, "GST-2", TaxRequest(reverse_charge=True), sides)
    document.update({"reverse_charge": False}, at, sides=sides)
    document.update({"reverse_charge": True}, at, sides=sides)
    document.transition_to(kind.issued_status, at, sides)
    return document


def _without(kind: type[Any], at: datetime) -> Document:
    """A draft whose organization gives up its GSTIN, and whose client is known by its name only."""
    sides = Sides(organization("04"))
    document = _draft(kind, at, "GST-3", TaxRequest("04"), Sides(organization("04"), CLIENT))
    document.update({"items": LINES[:1]}, at, sides=NOBODY)
    document.update({"place_of_supply": "29"}, at, sides=sides)
    document.transition_to(kind.issued_status, at, sides)
    return document
