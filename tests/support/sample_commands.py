"""Valid commands for a unit of work in memory, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from commands.bill import DraftBill
from commands.document import NewLineItem
from commands.invoice import DraftInvoice
from commands.leave import RequestLeave

AT = datetime(2026, 1, 20, 9, 30, tzinfo=UTC)
"""15:00 on 20 January 2026 in the organization's time zone."""
LINE = NewLineItem("Consulting", Decimal(20), Decimal(3500), Decimal(18))


def draft_invoice(**changes: Any) -> DraftInvoice:
    """Return a command for an invoice of 82600.00 INR with the number INV-1, due in eleven days."""
    fields: dict[str, Any] = {
        "client_id": "acme",
        "client_name": "Acme Traders",
        "invoice_number": "INV-1",
        "invoice_date": date(2026, 1, 10),
        "due_date": date(2026, 1, 31),
        "items": (LINE,),
    }
    return DraftInvoice(**{**fields, **changes})


def draft_bill(**changes: Any) -> DraftBill:
    """Return a command for a bill of 82600.00 INR with the number B-1, due in eleven days."""
    fields: dict[str, Any] = {
        "vendor_id": "mills",
        "vendor_name": "Mills & Sons",
        "bill_number": "B-1",
        "bill_date": date(2026, 1, 10),
        "due_date": date(2026, 1, 31),
        "items": (LINE,),
    }
    return DraftBill(**{**fields, **changes})


def request_leave(**changes: Any) -> RequestLeave:
    """Return a command for a leave of three days in February."""
    fields: dict[str, Any] = {
        "employee_id": "emp-7",
        "type": "earned",
        "start_date": date(2026, 2, 2),
        "end_date": date(2026, 2, 4),
    }
    return RequestLeave(**{**fields, **changes})
