"""Invoices: drafted, sent, paid in parts or whole, or void."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Self

from msgspec import UNSET, UnsetType

from domain.aggregate import Event
from domain.calendar import instant
from domain.document import Document, Line, LineItem, PaymentTaken, check_dates, check_total, priced
from domain.errors import Invalid


class Invoice(Document):
    """A demand for payment to a client."""

    class Drafted(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.drafted"
        invoice_number: str
        status: str
        client_id: str
        client_name: str | None
        currency: str
        invoice_date: date
        due_date: date
        items: tuple[LineItem, ...]
        sub_total: Decimal
        tax_total: Decimal
        total_amount: Decimal
        amount_paid: Decimal
        balance_due: Decimal
        is_overdue: bool
        notes: str | None

    class Updated(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.updated"
        invoice_number: str | UnsetType = UNSET
        client_id: str | UnsetType = UNSET
        client_name: str | UnsetType | None = UNSET
        currency: str | UnsetType = UNSET
        invoice_date: date | UnsetType = UNSET
        due_date: date | UnsetType = UNSET
        items: tuple[LineItem, ...] | UnsetType = UNSET
        sub_total: Decimal | UnsetType = UNSET
        tax_total: Decimal | UnsetType = UNSET
        total_amount: Decimal | UnsetType = UNSET
        amount_paid: Decimal | UnsetType = UNSET
        balance_due: Decimal | UnsetType = UNSET
        notes: str | UnsetType | None = UNSET

    class Sent(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.sent"
        status: str
        sent_at: str

    class PaymentRecorded(PaymentTaken, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.payment_recorded"

    class Paid(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.paid"
        status: str
        paid_at: str

    class Voided(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.voided"
        status: str
        voided_at: str

    class Overdue(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.overdue"
        is_overdue: bool

    class OverdueCleared(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.overdue_cleared"
        is_overdue: bool

    kind: ClassVar[str] = "invoice"
    issued: ClassVar[str] = "sent"
    date_field: ClassVar[str] = "invoice_date"
    number_field: ClassVar[str] = "invoice_number"
    writable_in_draft: ClassVar[frozenset[str]] = frozenset(
        ["client_id", "client_name", "invoice_number", "invoice_date", "due_date", "currency", "items", "notes"]
    )

    invoice_number: str
    client_id: str
    client_name: str | None
    invoice_date: date
    notes: str | None

    @classmethod
    def draft(
        cls,
        id: str,
        *,
        at: datetime,
        number: str,
        client_id: str,
        client_name: str | None,
        currency: str,
        invoice_date: date,
        due_date: date,
        lines: Sequence[Line],
        notes: str | None,
    ) -> Self:
        """A new draft with its totals computed.

        Raises Invalid when it is due before its date, or its total is out of bounds.
        """
        if found := check_dates("invoice_date", invoice_date, due_date):
            raise Invalid([*found, *check_total(lines, currency)])
        return cls.begin(
            id,
            cls.Drafted,
            at,
            invoice_number=number,
            status="draft",
            client_id=client_id,
            client_name=client_name,
            currency=currency,
            invoice_date=invoice_date,
            due_date=due_date,
            is_overdue=False,
            notes=notes,
            **priced(lines, currency),
        )

    def issue(self, at: datetime) -> None:
        self.record(self.Sent, at, status="sent", sent_at=instant(at))
