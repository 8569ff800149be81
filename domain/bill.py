"""Vendor bills: drafted, opened, paid in one or several payments, or made void."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import ClassVar, Self

from msgspec import UNSET, UnsetType

from domain.aggregate import Event
from domain.calendar import instant
from domain.document import DRAFT, Document, check_dates
from domain.documents.corrections import DocumentCredited, DocumentCreditReversed
from domain.documents.events import (
    DocumentDrafted,
    DocumentOverdueChanged,
    DocumentPaid,
    DocumentPaymentRecorded,
    DocumentPaymentReversed,
    DocumentUpdated,
    DocumentVoided,
)
from domain.documents.pricing import Line, check_pricing, price_lines
from domain.documents.taxation import NOTHING, TaxRequest
from domain.errors import Invalid
from domain.metadata import MetadataChanges, check_metadata, merge_metadata
from domain.personal import Personal
from domain.tax.parties import NOBODY, PartySnapshot, Sides
from domain.tax.supply import Supply, inward_supply


class Bill(Document):
    """A request for payment that a vendor has sent to the organization."""

    class Drafted(DocumentDrafted, frozen=True, kw_only=True):
        topic: ClassVar[str] = "bill.drafted"
        bill_number: str
        vendor_id: str
        vendor_name: Personal[str | None]
        bill_date: date

    class Updated(DocumentUpdated, frozen=True, kw_only=True):
        topic: ClassVar[str] = "bill.updated"
        bill_number: str | UnsetType = UNSET
        vendor_id: str | UnsetType = UNSET
        vendor_name: Personal[str | UnsetType | None] = UNSET
        bill_date: date | UnsetType = UNSET

    class Opened(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "bill.opened"
        phrase: ClassVar[str] = "opened {object}"
        status: str
        opened_at: str
        supplier: Personal[PartySnapshot | UnsetType | None] = UNSET
        """The vendor as it was when the bill was opened; absent if there was neither a party nor GST. None only after
        it was erased."""
        recipient: PartySnapshot | UnsetType = UNSET
        """The organization as it was then; absent if it had no profile."""

    class PaymentRecorded(DocumentPaymentRecorded, frozen=True, kw_only=True):
        topic: ClassVar[str] = "bill.payment_recorded"

    class PaymentReversed(DocumentPaymentReversed, frozen=True, kw_only=True):
        topic: ClassVar[str] = "bill.payment_reversed"

    class Credited(DocumentCredited, frozen=True, kw_only=True):
        topic: ClassVar[str] = "bill.credited"

    class CreditReversed(DocumentCreditReversed, frozen=True, kw_only=True):
        topic: ClassVar[str] = "bill.credit_reversed"

    class Paid(DocumentPaid, frozen=True, kw_only=True):
        topic: ClassVar[str] = "bill.paid"

    class Voided(DocumentVoided, frozen=True, kw_only=True):
        topic: ClassVar[str] = "bill.voided"

    class Overdue(DocumentOverdueChanged, frozen=True, kw_only=True):
        topic: ClassVar[str] = "bill.overdue"
        phrase: ClassVar[str] = "recorded that {object} is overdue"

    class OverdueCleared(DocumentOverdueChanged, frozen=True, kw_only=True):
        topic: ClassVar[str] = "bill.overdue_cleared"
        phrase: ClassVar[str] = "recorded that {object} is no longer overdue"

    kind: ClassVar[str] = "bill"
    id_prefix: ClassVar[str] = "bill"
    issued_status: ClassVar[str] = "open"
    issue_action: ClassVar[str] = "open"
    date_field: ClassVar[str] = "bill_date"
    number_field: ClassVar[str] = "bill_number"
    party: ClassVar[str] = "vendor"
    draft_fields: ClassVar[frozenset[str]] = frozenset(
        ["vendor_id", "vendor_name", "bill_number", "bill_date", "due_date", "currency", "items", "notes"]
    )

    bill_number: str
    vendor_id: str
    vendor_name: str | None
    bill_date: date
    notes: str | None

    @classmethod
    def draft(
        cls,
        id: str,
        *,
        at: datetime,
        number: str,
        vendor_id: str,
        vendor_name: str | None,
        currency: str,
        bill_date: date,
        due_date: date,
        lines: Sequence[Line],
        notes: str | None,
        metadata: MetadataChanges = None,
        request: TaxRequest = NOTHING,
        sides: Sides = NOBODY,
    ) -> Self:
        """Return a new draft with its totals.

        Raises Invalid for a due date before `bill_date`, for too many pairs of metadata, and for a total of
        TOTAL_LIMIT or more.
        """
        if violations := [*check_dates("bill_date", bill_date, due_date), *check_metadata({}, metadata)]:
            raise Invalid([*violations, *check_pricing(lines, currency, request.discount)])
        supply = cls.supply(request, sides, bill_date)
        if violations := request.check(supply, sides, lines):
            raise Invalid(violations)
        return cls.begin(
            id,
            cls.Drafted,
            at,
            bill_number=number,
            status=DRAFT,
            vendor_id=vendor_id,
            vendor_name=vendor_name,
            currency=currency,
            bill_date=bill_date,
            due_date=due_date,
            is_overdue=False,
            notes=notes,
            metadata=merge_metadata({}, metadata),
            **price_lines(lines, currency, request.terms(supply)),
        )

    @classmethod
    def supply(cls, request: TaxRequest, sides: Sides, day: date) -> Supply | None:
        return inward_supply(sides, request.place_of_supply, day, reverse_charge=request.reverse_charge)

    def mark_issued(self, at: datetime, sides: Sides) -> None:
        recipient, supplier = self._snapshots(sides, self.vendor_name)
        given = {name: value for name, value in (("supplier", supplier), ("recipient", recipient)) if value}
        self.record(self.Opened, at, status="open", opened_at=instant(at), **given)
