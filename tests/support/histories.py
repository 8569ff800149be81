"""Objects with events that are not saved, for tests of projections without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from domain.aggregate import Aggregate, Event
from domain.api_key import ApiKey
from domain.bill import Bill
from domain.document import Document
from domain.documents.payment import NewPayment
from domain.documents.pricing import Line
from domain.invoice import Invoice
from domain.leave import Leave
from projections.projection import RowProjection

AT = datetime(2026, 1, 20, 9, 30, tzinfo=UTC)
"""When each object is created."""
LATER = AT + timedelta(hours=1)
"""When an object's later events happen."""
TODAY = date(2026, 1, 20)
LINE = Line("Consulting", Decimal(20), Decimal(3500), Decimal(18))


def drafted_invoice(id: str = "inv_1", **changes: Any) -> Invoice:
    """A draft of 82600.00 INR under the number INV-1."""
    fields: dict[str, Any] = {
        "number": "INV-1",
        "client_id": "acme",
        "client_name": "Acme Traders",
        "currency": "INR",
        "invoice_date": date(2026, 1, 10),
        "due_date": date(2026, 1, 31),
        "lines": (LINE,),
        "notes": None,
    }
    return Invoice.draft(id, at=AT, **{**fields, **changes})


def drafted_bill(**changes: Any) -> Bill:
    """A draft of 82600.00 INR under the vendor's number B-1."""
    fields: dict[str, Any] = {
        "number": "B-1",
        "vendor_id": "mills",
        "vendor_name": None,
        "currency": "INR",
        "bill_date": date(2026, 4, 1),
        "due_date": date(2026, 4, 30),
        "lines": (LINE,),
        "notes": "Cotton",
    }
    return Bill.draft("bill_1", at=AT, **{**fields, **changes})


def requested_leave(**changes: Any) -> Leave:
    """A request for three days in February."""
    fields: dict[str, Any] = {
        "employee_id": "emp-7",
        "employee_name": "Asha Rao",
        "type": "earned",
        "start_date": date(2026, 2, 2),
        "end_date": date(2026, 2, 4),
        "day_part": "full",
        "reason": None,
    }
    return Leave.request("leave_1", at=AT, **{**fields, **changes})


def issued_key() -> ApiKey:
    """A key that does not expire."""
    return ApiKey.issue(
        "key_1",
        at=AT,
        name="Zapier",
        scopes=("billing:read",),
        credit_limit=10,
        key_hash="aa" * 32,
        last_four="wxyz",
        expires_at=None,
    )


def pay(document: Document, amount: str) -> None:
    """Record a payment of this amount."""
    document.record_payment(f"pay_{amount}", NewPayment(Decimal(amount), TODAY), LATER, TODAY)


def events_of(*aggregates: Aggregate) -> list[Event]:
    """Return the events of these objects, object by object, and clear them."""
    return [event for aggregate in aggregates for event in aggregate.collect_events()]  # type: ignore[misc]


def row_of(projection: RowProjection[Any], aggregate: Aggregate) -> Any:
    """Return the row of an object after all its events."""
    return projection.fold_all(events_of(aggregate))


class Logged(NamedTuple):
    """An event at its position in the log. In tests, the function `read` takes the place of the log's mapper."""

    position: int
    event: Event

    @property
    def originator_id(self) -> str:
        return self.event.originator_id

    @property
    def originator_version(self) -> int:
        return self.event.originator_version

    @property
    def name(self) -> str:
        return self.event.topic


def logged(*events: Event) -> list[Any]:
    """Return the events as a log holds them, from position 1 on."""
    return [Logged(position, event) for position, event in enumerate(events, 1)]


def read(stored: Logged) -> Event:
    return stored.event
