"""Invoices: drafted, sent, paid in one or several payments, or made void."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import ClassVar, Self

from msgspec import UNSET, UnsetType

from domain.aggregate import Event
from domain.calendar import instant
from domain.document import DRAFT, Document, check_dates
from domain.document_events import (
    DocumentDrafted,
    DocumentOverdueChanged,
    DocumentPaid,
    DocumentPaymentRecorded,
    DocumentPaymentReversed,
    DocumentUpdated,
    DocumentVoided,
)
from domain.errors import Invalid
from domain.pricing import Line, check_total, price_lines


class Invoice(Document):
    """A request for payment that the organization sends to a client."""

    class Drafted(DocumentDrafted, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.drafted"
        invoice_number: str
        client_id: str
        client_name: str | None
        invoice_date: date

    class Updated(DocumentUpdated, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.updated"
        invoice_number: str | UnsetType = UNSET
        client_id: str | UnsetType = UNSET
        client_name: str | UnsetType | None = UNSET
        invoice_date: date | UnsetType = UNSET

    class Sent(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.sent"
        phrase: ClassVar[str] = "sent {object}"
        status: str
        sent_at: str

    class PaymentRecorded(DocumentPaymentRecorded, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.payment_recorded"

    class PaymentReversed(DocumentPaymentReversed, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.payment_reversed"

    class Paid(DocumentPaid, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.paid"

    class Voided(DocumentVoided, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.voided"

    class Overdue(DocumentOverdueChanged, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.overdue"
        phrase: ClassVar[str] = "recorded that {object} is overdue"

    class OverdueCleared(DocumentOverdueChanged, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.overdue_cleared"
        phrase: ClassVar[str] = "recorded that {object} is no longer overdue"

    kind: ClassVar[str] = "invoice"
    id_prefix: ClassVar[str] = "inv"
    issued_status: ClassVar[str] = "sent"
    issue_action: ClassVar[str] = "send"
    date_field: ClassVar[str] = "invoice_date"
    number_field: ClassVar[str] = "invoice_number"
    draft_fields: ClassVar[frozenset[str]] = frozenset(
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
        """Return a new draft with its totals.

        Raises Invalid when it is due before its date, or when its total is out of bounds.
        """
        if violations := check_dates("invoice_date", invoice_date, due_date):
            raise Invalid([*violations, *check_total(lines, currency)])
        return cls.begin(
            id,
            cls.Drafted,
            at,
            invoice_number=number,
            status=DRAFT,
            client_id=client_id,
            client_name=client_name,
            currency=currency,
            invoice_date=invoice_date,
            due_date=due_date,
            is_overdue=False,
            notes=notes,
            **price_lines(lines, currency),
        )

    def mark_issued(self, at: datetime) -> None:
        self.record(self.Sent, at, status="sent", sent_at=instant(at))
