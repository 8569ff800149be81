"""The events that invoices and bills share; `Invoice` and `Bill` give each one its stored name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from domain.aggregate import Event
from domain.calendar import Timestamp
from domain.pricing import LineItem


class Payment(msgspec.Struct, frozen=True, rename="camel"):
    """Money that was received for an invoice or paid for a bill; it cannot be taken back."""

    id: str
    amount: Decimal
    paid_on: date
    method: str | None
    reference: str | None
    recorded_at: Timestamp


class DocumentDrafted(Event, frozen=True, kw_only=True):
    """A new draft. Subclasses add the number, the date, and the client or vendor."""

    phrase: ClassVar[str] = "drafted {object}"

    status: str
    currency: str
    due_date: date
    items: tuple[LineItem, ...]
    sub_total: Decimal
    tax_total: Decimal
    total_amount: Decimal
    amount_paid: Decimal
    balance_due: Decimal
    is_overdue: bool
    notes: str | None


class DocumentUpdated(Event, frozen=True, kw_only=True):
    """The fields that changed; the others are absent."""

    phrase: ClassVar[str] = "changed {object}{fields}"
    derived_fields: ClassVar[frozenset[str]] = frozenset(
        ("sub_total", "tax_total", "total_amount", "amount_paid", "balance_due")
    )

    currency: str | UnsetType = UNSET
    due_date: date | UnsetType = UNSET
    items: tuple[LineItem, ...] | UnsetType = UNSET
    sub_total: Decimal | UnsetType = UNSET
    tax_total: Decimal | UnsetType = UNSET
    total_amount: Decimal | UnsetType = UNSET
    amount_paid: Decimal | UnsetType = UNSET
    balance_due: Decimal | UnsetType = UNSET
    notes: str | UnsetType | None = UNSET


class DocumentPaymentRecorded(Event, frozen=True, kw_only=True):
    """A payment, and the document's amounts after it. `payments` holds only the new payment, in a list."""

    phrase: ClassVar[str] = "recorded {payment} on {object}"

    payments: tuple[Payment, ...]
    amount_paid: Decimal
    balance_due: Decimal
    status: str

    def apply(self, aggregate: Any) -> None:
        # The aggregate needs only its amounts for its decisions, so it does not keep the payments.
        aggregate.amount_paid, aggregate.balance_due = self.amount_paid, self.balance_due
        aggregate.status = self.status


class DocumentPaid(Event, frozen=True, kw_only=True):
    """The balance due has become zero."""

    phrase: ClassVar[str] = "recorded that {object} is paid in full"

    status: str
    paid_at: str


class DocumentVoided(Event, frozen=True, kw_only=True):
    """The document was made void: it is still stored, and no longer counts."""

    phrase: ClassVar[str] = "voided {object}"

    status: str
    voided_at: str


class DocumentOverdueChanged(Event, frozen=True, kw_only=True):
    """The document became overdue, or is no longer overdue."""

    is_overdue: bool
