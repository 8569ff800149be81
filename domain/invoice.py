"""Invoices: drafted, sent, paid in one or several payments, or made void."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Self

from msgspec import UNSET, UnsetType

from domain.accounts.series import has_default_form, is_of_series
from domain.aggregate import Event
from domain.calendar import financial_year, instant
from domain.document import DRAFT, Document, NextNumber, check_dates
from domain.documents.corrections import (
    DocumentCredited,
    DocumentCreditReversed,
    DocumentDebited,
    DocumentDebitReversed,
)
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
from domain.tax.rule46 import TaxWarning, missing_particulars
from domain.tax.supply import Supply, outward_supply


class Invoice(Document):
    """A request for payment that the organization sends to a client."""

    class Drafted(DocumentDrafted, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.drafted"
        invoice_number: str
        client_id: str
        client_name: Personal[str | None]
        invoice_date: date
        document_type: str | UnsetType = UNSET
        number_from_series: bool | UnsetType = UNSET
        """False when the client chose a number that has the form of the organization's own series. In all other cases
        the field is absent, because the form shows whether the number is from the series."""

        def apply(self, aggregate: Any) -> None:
            super().apply(aggregate)
            aggregate.number_from_series = is_number_from_series(self, aggregate.invoice_date, before=False)

    class Updated(DocumentUpdated, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.updated"
        invoice_number: str | UnsetType = UNSET
        client_id: str | UnsetType = UNSET
        client_name: Personal[str | UnsetType | None] = UNSET
        invoice_date: date | UnsetType = UNSET
        document_type: str | UnsetType | None = UNSET
        number_from_series: bool | UnsetType = UNSET

        def apply(self, aggregate: Any) -> None:
            before = aggregate.number_from_series
            super().apply(aggregate)
            aggregate.number_from_series = is_number_from_series(self, aggregate.invoice_date, before=before)

    class Sent(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.sent"
        phrase: ClassVar[str] = "sent {object}"
        status: str
        sent_at: str
        supplier: PartySnapshot | UnsetType = UNSET
        """The organization as it was when the invoice was sent; absent if it had no profile."""
        recipient: Personal[PartySnapshot | UnsetType | None] = UNSET
        """The client as it was then; absent if there was neither a party nor GST. None only after it was erased."""
        warnings: tuple[TaxWarning, ...] | UnsetType = UNSET
        """What the law wants on the invoice and it lacks; absent if nothing."""

    class PaymentRecorded(DocumentPaymentRecorded, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.payment_recorded"

    class PaymentReversed(DocumentPaymentReversed, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.payment_reversed"

    class Credited(DocumentCredited, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.credited"

    class CreditReversed(DocumentCreditReversed, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.credit_reversed"

    class Debited(DocumentDebited, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.debited"

    class DebitReversed(DocumentDebitReversed, frozen=True, kw_only=True):
        topic: ClassVar[str] = "invoice.debit_reversed"

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
    party: ClassVar[str] = "client"
    draft_fields: ClassVar[frozenset[str]] = frozenset(
        ["client_id", "client_name", "invoice_number", "invoice_date", "due_date", "currency", "items", "notes"]
    )

    invoice_number: str
    number_from_series: bool
    """Whether the number is from the organization's own series. A draft with such a number gets another one when its
    date moves to another financial year."""
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
        metadata: MetadataChanges = None,
        request: TaxRequest = NOTHING,
        sides: Sides = NOBODY,
        number_from_series: bool = False,
    ) -> Self:
        """Return a new draft with its totals.

        Raises Invalid for a due date before `invoice_date`, for too many pairs of metadata, and for a total of
        TOTAL_LIMIT or more.
        """
        if violations := [*check_dates("invoice_date", invoice_date, due_date), *check_metadata({}, metadata)]:
            raise Invalid([*violations, *check_pricing(lines, currency, request.discount)])
        supply = cls.supply(request, sides, invoice_date)
        if violations := request.check(supply, sides, lines):
            raise Invalid(violations)
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
            metadata=merge_metadata({}, metadata),
            **price_lines(lines, currency, request.terms(supply)),
            **_origin(number_from_series, is_of_series(number, invoice_date)),
        )

    def new_number(self, changes: Mapping[str, Any], next_number: NextNumber | None) -> dict[str, Any]:
        """Return the field `invoice_number` with the next number of the series; an empty dict if the number stays.

        A draft with a number of the series gets a new number when its date moves to another financial year.
        """
        day = changes.get("invoice_date", self.invoice_date)
        if self.status != DRAFT or not self.number_from_series or self._is_renumbered(changes):
            return {}
        if self._is_of_year(day):
            return {}
        assert next_number is not None, "a draft with a number of the series needs `next_number` to change its year"
        return {"invoice_number": next_number()}

    def number_origin(self, changes: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
        """Return the field `number_from_series` for the event; an empty dict if the event does not need the field.

        The event needs the field if the form of the number does not show whether the number is from the series.
        """
        number, day = changed.get("invoice_number"), changed.get("invoice_date", self.invoice_date)
        expected = self.number_from_series if number is None else is_of_series(number, day)
        by_hand = self._is_renumbered(changes)
        return _origin(not by_hand, expected) if by_hand or number is not None else {}

    def _is_of_year(self, day: date) -> bool:
        """Return whether the number of the series is one of the financial year of this day.

        The year that a number shows decides, also if an older version has let the date leave that year. A number with
        the organization's own prefix may show no year, and is of the year of the invoice's date.
        """
        if day == self.invoice_date or is_of_series(self.invoice_number, day):
            return True
        return not has_default_form(self.invoice_number) and financial_year(day) == financial_year(self.invoice_date)

    def _is_renumbered(self, changes: Mapping[str, Any]) -> bool:
        """Return whether the client sends another number. Sending the current number again is not a change."""
        return bool(changes.get("invoice_number", self.invoice_number) != self.invoice_number)

    @classmethod
    def supply(cls, request: TaxRequest, sides: Sides, day: date) -> Supply | None:
        return outward_supply(sides, request.place_of_supply, day, reverse_charge=request.reverse_charge)

    def mark_issued(self, at: datetime, sides: Sides) -> None:
        supplier, recipient = self._snapshots(sides, self.client_name)
        named = {"supplier": supplier, "recipient": recipient, "warnings": self._warnings(supplier, recipient)}
        given = {name: value for name, value in named.items() if value}
        self.record(self.Sent, at, status="sent", sent_at=instant(at), **given)

    def _warnings(self, supplier: PartySnapshot | None, recipient: PartySnapshot | None) -> tuple[TaxWarning, ...]:
        """Return what the law wants on the invoice and it lacks. Nothing is wanted without GST."""
        if supplier is None or recipient is None or self.taxable_amount is None or self.document_type is None:
            return ()
        return missing_particulars(supplier, recipient, self.items, self.taxable_amount, self.currency)


def _origin(is_from_series: bool, expected: bool) -> dict[str, Any]:
    return {} if is_from_series == expected else {"number_from_series": is_from_series}


def is_number_from_series(event: Any, day: date, *, before: bool) -> bool:
    """Return whether the invoice's number is from the organization's own series after this event.

    `event` has the fields of an event, as far as it sets them. `day` is the invoice's date after the event, and
    `before` is the result before the event.
    """
    told = getattr(event, "number_from_series", UNSET)
    if told is not UNSET:
        return bool(told)
    number = getattr(event, "invoice_number", UNSET)
    return before if number is UNSET else is_of_series(number, day)
