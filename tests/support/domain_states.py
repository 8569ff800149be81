"""Invoices in each status, made with the domain only, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from domain.documents.payment import NewPayment
from domain.documents.pricing import Line
from domain.invoice import Invoice

AT = datetime(2026, 1, 20, 9, 30, tzinfo=UTC)
TODAY = date(2026, 1, 20)
LINE = Line("Consulting", Decimal(20), Decimal(3500), Decimal(18))


def draft(**changes: Any) -> Invoice:
    """Return a draft of 82600.00 INR."""
    fields: dict[str, Any] = {
        "number": "INV-1",
        "client_id": "acme",
        "client_name": "Acme Traders",
        "currency": "INR",
        "invoice_date": date(2026, 1, 10),
        "due_date": date(2026, 1, 31),
        "lines": (LINE,),
        "notes": "Thank you",
        **changes,
    }
    return as_stored(Invoice.draft("inv_1", at=AT, **fields))


def sent(**changes: Any) -> Invoice:
    return after(draft(**changes), lambda invoice: invoice.transition_to("sent", AT))


def void(**changes: Any) -> Invoice:
    return after(draft(**changes), lambda invoice: invoice.transition_to("void", AT))


def partially_paid(**changes: Any) -> Invoice:
    return after(sent(**changes), lambda invoice: pay(invoice, "600.00"))


def paid(**changes: Any) -> Invoice:
    return after(sent(**changes), lambda invoice: pay(invoice, invoice.balance_due))


def overdue(**changes: Any) -> Invoice:
    return after(sent(**changes), lambda invoice: invoice.refresh_overdue(date(2026, 2, 1), AT))


GIVEN = {"draft": draft, "sent": sent, "partially_paid": partially_paid, "paid": paid, "void": void}
"""For each status, the function that returns an invoice in this status."""


def pay(invoice: Invoice, amount: Any, paid_on: date = TODAY) -> None:
    invoice.record_payment("pay_1", NewPayment(Decimal(amount), paid_on), AT, TODAY)


def as_stored(invoice: Invoice) -> Invoice:
    """Return the invoice with no pending events, as if it had just been loaded."""
    invoice.collect_events()
    return invoice


def after(invoice: Invoice, step: Any) -> Invoice:
    step(invoice)
    return as_stored(invoice)


def new_events(invoice: Invoice) -> list[str]:
    """Return the names of the pending events, and clear them."""
    return [event.topic for event in invoice.collect_events()]  # type: ignore[attr-defined]
