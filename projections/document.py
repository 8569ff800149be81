"""What the rows of invoices and bills share: a summary for lists, details, and the columns of their tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import msgspec

from domain.aggregate import Event
from domain.calendar import financial_year, instant
from domain.document import Document
from domain.payment import Payment
from domain.pricing import LineItem
from projections.projection import RowProjection, join_details
from projections.query.search import search_text

_encode = msgspec.json.Encoder().encode


class Details(msgspec.Struct):
    """The fields that one document always has, and a list only with `include=items`."""

    items: Sequence[LineItem] = ()
    payments: tuple[Payment, ...] = ()


class DocumentRow(msgspec.Struct):
    """A document as the API shows it, in two parts."""

    summary: Any
    details: Details


class DocumentProjection(RowProjection[DocumentRow]):
    """Folds the events of a document; their fields have the names of the resource's fields."""

    aggregate: ClassVar[type[Document]]
    summary: ClassVar[type[msgspec.Struct]]
    """The resource without items and payments; its fields are in the order of the API."""
    party: ClassVar[str]
    """The prefix of the fields about the other party: `client` or `vendor`."""

    def fold(self, row: DocumentRow | None, event: Event) -> DocumentRow:
        changes = event.changes()
        at = instant(event.timestamp)
        items = changes.pop("items", None)
        payments = changes.pop("payments", ())
        changes.pop("number_from_series", None)  # it is for the next decision, and no field of the resource
        if row is None:
            base = {
                "id": event.originator_id,
                "created_at": at,
                "updated_at": at,
                "version": 1,
                "available_actions": (),
            }
            row = DocumentRow(self.summary(**base, **changes), Details())
        else:
            for name, value in changes.items():
                setattr(row.summary, name, value)
        if items is not None:
            row.details.items = items
        for payment in payments:
            row.details.payments = _with_payment(row.details.payments, payment)
        row.summary.updated_at = at
        row.summary.version = event.originator_version
        has_payments = row.summary.balance_due != row.summary.total_amount
        row.summary.available_actions = self.aggregate.actions(row.summary.status, has_payments)
        return row

    def values(self, row: DocumentRow) -> tuple[Any, ...]:
        summary = row.summary
        day = getattr(summary, self.aggregate.date_field)
        number = getattr(summary, self.aggregate.number_field)
        party_id, party_name = getattr(summary, f"{self.party}_id"), getattr(summary, f"{self.party}_name")
        return (
            number,
            financial_year(day),
            party_id,
            summary.status,
            day,
            summary.due_date,
            summary.total_amount,
            summary.is_overdue,
            search_text(number, party_id, party_name, summary.notes),
            summary.created_at,
            summary.updated_at,
            summary.version,
            _encode(summary).decode(),
            _encode(row.details).decode(),
        )

    def to_json(self, row: DocumentRow) -> bytes:
        return join_details(_encode(row.summary), _encode(row.details))


def _with_payment(payments: tuple[Payment, ...], changed: Payment) -> tuple[Payment, ...]:
    """Return the payments with a new one at the end, or with one that was taken back in its place."""
    if changed.is_standing:
        return (*payments, changed)
    return tuple(changed if payment.id == changed.id else payment for payment in payments)
