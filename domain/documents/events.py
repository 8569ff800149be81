"""The events that invoices and bills share; `Invoice` and `Bill` give each one its stored name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from domain.aggregate import Event
from domain.calendar import Timestamp
from domain.documents.payment import Payment
from domain.documents.pricing import LineItem
from domain.metadata import Metadata
from domain.personal import Personal
from domain.tax.discount import Discount


class StoredPayment(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A payment as it is stored in an event. Older events have no kind and no fields about a reversal."""

    id: str
    kind: str | UnsetType = UNSET
    amount: Decimal
    paid_on: date
    method: Personal[str | None]
    reference: Personal[str | None]
    recorded_at: Timestamp
    reversed_at: Timestamp | UnsetType | None = UNSET
    reversed_on: date | UnsetType | None = UNSET
    reversal_reason: Personal[str | UnsetType | None] = UNSET

    def payment(self) -> Payment:
        """Return the payment as the resource shows it."""
        fields = msgspec.structs.asdict(self)
        return Payment(**{name: value for name, value in fields.items() if value is not UNSET})


class DocumentDrafted(Event, frozen=True, kw_only=True):
    """A new draft. Subclasses add the number, the date, and the client or vendor.

    The fields after the metadata are those of `OPTIONAL` in pricing.py. Those that it does not use are absent.
    """

    phrase: ClassVar[str] = "drafted {object}"

    status: str
    currency: str
    due_date: date
    items: tuple[LineItem, ...]
    sub_total: Decimal
    tax_total: Decimal
    total_amount: Decimal
    amount_paid: Decimal
    amount_settled: Decimal | UnsetType = UNSET
    balance_due: Decimal
    is_overdue: bool
    notes: Personal[str | None]
    metadata: Personal[Metadata | UnsetType | None] = UNSET
    discount: Discount | UnsetType = UNSET
    discount_total: Decimal | UnsetType = UNSET
    taxable_amount: Decimal | UnsetType = UNSET
    cgst: Decimal | UnsetType = UNSET
    sgst: Decimal | UnsetType = UNSET
    igst: Decimal | UnsetType = UNSET
    cess: Decimal | UnsetType = UNSET
    tax_payable_by_recipient: Decimal | UnsetType = UNSET
    round_off: Decimal | UnsetType = UNSET
    place_of_supply: str | UnsetType = UNSET
    place_of_supply_from: str | UnsetType = UNSET
    supply_type: str | UnsetType = UNSET
    state_tax: str | UnsetType = UNSET
    gst_treatment: str | UnsetType = UNSET
    reverse_charge: bool | UnsetType = UNSET

    def changes(self) -> dict[str, Any]:
        return {"metadata": {}, **_with_amount_settled(super().changes())}

    def apply(self, aggregate: Any) -> None:
        super().apply(aggregate)
        aggregate.payments = {}


class DocumentUpdated(Event, frozen=True, kw_only=True):
    """Fields of the document changed. Fields that did not change are absent.

    A field of `OPTIONAL` in pricing.py is null when the document no longer uses it.
    """

    phrase: ClassVar[str] = "changed {object}{fields}"
    derived_fields: ClassVar[frozenset[str]] = frozenset(
        (
            "sub_total",
            "tax_total",
            "total_amount",
            "amount_paid",
            "amount_settled",
            "balance_due",
            "number_from_series",
            "discount_total",
            "taxable_amount",
            "cgst",
            "sgst",
            "igst",
            "cess",
            "tax_payable_by_recipient",
            "place_of_supply_from",
            "supply_type",
            "state_tax",
            "document_type",
            "gst_treatment",
        )
    )

    currency: str | UnsetType = UNSET
    due_date: date | UnsetType = UNSET
    items: tuple[LineItem, ...] | UnsetType = UNSET
    sub_total: Decimal | UnsetType = UNSET
    tax_total: Decimal | UnsetType = UNSET
    total_amount: Decimal | UnsetType = UNSET
    amount_paid: Decimal | UnsetType = UNSET
    amount_settled: Decimal | UnsetType = UNSET
    balance_due: Decimal | UnsetType = UNSET
    notes: Personal[str | UnsetType | None] = UNSET
    metadata: Personal[Metadata | UnsetType | None] = UNSET
    discount: Discount | UnsetType | None = UNSET
    discount_total: Decimal | UnsetType | None = UNSET
    taxable_amount: Decimal | UnsetType | None = UNSET
    cgst: Decimal | UnsetType | None = UNSET
    sgst: Decimal | UnsetType | None = UNSET
    igst: Decimal | UnsetType | None = UNSET
    cess: Decimal | UnsetType | None = UNSET
    tax_payable_by_recipient: Decimal | UnsetType | None = UNSET
    round_off: Decimal | UnsetType | None = UNSET
    place_of_supply: str | UnsetType | None = UNSET
    place_of_supply_from: str | UnsetType | None = UNSET
    supply_type: str | UnsetType | None = UNSET
    state_tax: str | UnsetType | None = UNSET
    gst_treatment: str | UnsetType | None = UNSET
    reverse_charge: bool | UnsetType | None = UNSET

    def changes(self) -> dict[str, Any]:
        return _with_amount_settled(super().changes())


class DocumentPaymentChanged(Event, frozen=True, kw_only=True):
    """The base of the two events about a payment: the payment was recorded, or was taken back.

    `payments` holds this one payment. The other fields are the document's amounts and status after the event.
    """

    payments: tuple[StoredPayment, ...]
    amount_paid: Decimal
    amount_settled: Decimal | UnsetType = UNSET
    balance_due: Decimal
    status: str

    def changes(self) -> dict[str, Any]:
        return super().changes() | {"payments": tuple(stored.payment() for stored in self.payments)}

    def apply(self, aggregate: Any) -> None:
        for name, value in self.changes().items():
            if name == "payments":
                aggregate.payments |= {payment.id: payment for payment in value}
            else:
                setattr(aggregate, name, value)


class DocumentPaymentRecorded(DocumentPaymentChanged, frozen=True, kw_only=True):
    """A payment was recorded: money, or a part of the balance that was settled without money.

    If the payment settles the balance, the event sets the status to `paid`, sets `paid_at` and, if the document was
    overdue, sets `is_overdue` to false. The events `Paid` and, if the document was overdue, `OverdueCleared` follow in
    the same commit. Older events always have the status `partially_paid`, and neither `paid_at` nor `is_overdue`.
    """

    phrase: ClassVar[str] = "recorded {payment} on {object}"

    paid_at: str | UnsetType = UNSET
    is_overdue: bool | UnsetType = UNSET


class DocumentPaymentReversed(DocumentPaymentChanged, frozen=True, kw_only=True):
    """A payment was taken back. The payment stays in the list.

    If the document was paid before the reversal, the event sets `paid_at` to null.
    """

    phrase: ClassVar[str] = "took back {payment} of {object}"

    paid_at: str | UnsetType | None = UNSET


class DocumentPaid(Event, frozen=True, kw_only=True):
    """The balance due has become zero."""

    phrase: ClassVar[str] = "recorded that {object} is paid in full"

    status: str
    paid_at: str


class DocumentVoided(Event, frozen=True, kw_only=True):
    """The document was made void: it stays stored, but no longer counts as outstanding."""

    phrase: ClassVar[str] = "voided {object}"

    status: str
    voided_at: str


class DocumentOverdueChanged(Event, frozen=True, kw_only=True):
    """The document became overdue, or is no longer overdue."""

    is_overdue: bool


def _with_amount_settled(changes: dict[str, Any]) -> dict[str, Any]:
    """Add the settled amount that older events lack: zero, with as many decimal places as the paid amount."""
    if "amount_paid" in changes and "amount_settled" not in changes:
        changes["amount_settled"] = changes["amount_paid"] - changes["amount_paid"]
    return changes
