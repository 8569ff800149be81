"""What the product page's invoice takes in the log and in its row: parties, GST and notes must not make it grow.

An organization that uses none of them pays for none of them: their fields are absent until they are used.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from commands.dispatch import handle
from commands.document import NewLineItem
from commands.invoice import DraftInvoice, UpdateInvoice
from commands.memory import InMemoryUnitOfWork
from infra.log.mapper import MAPPER
from projections.invoice import INVOICES

# As version 6c548ac9 (28 November 2026) stored them, the last one before parties, GST and notes.
DRAFTED = (
    '{"status":"draft","currency":"INR","dueDate":"2026-02-09","items":[{"description":"Consulting","quan'
    'tity":"20","unitPrice":"3500.00","taxRate":"18","hsnSac":null,"amount":"70000.00","taxAmount":"12600'
    '.00","totalAmount":"82600.00"}],"subTotal":"70000.00","taxTotal":"12600.00","totalAmount":"82600.00"'
    ',"amountPaid":"0.00","amountSettled":"0.00","balanceDue":"82600.00","isOverdue":false,"notes":null,"'
    'metadata":{},"invoiceNumber":"INV-2025-26-0001","clientId":"acme-traders","clientName":null,"invoice'
    'Date":"2026-01-10","numberFromSeries":false}'
)
SENT = '{"status":"sent","sentAt":"2026-01-10T09:30:15.123456Z"}'
SUMMARY = (
    '{"id":"inv_1","invoiceNumber":"INV-2025-26-0001","status":"sent","clientId":"acme-traders","clientNa'
    'me":null,"currency":"INR","invoiceDate":"2026-01-10","dueDate":"2026-02-09","subTotal":"70000.00","t'
    'axTotal":"12600.00","totalAmount":"82600.00","amountPaid":"0.00","amountSettled":"0.00","balanceDue"'
    ':"82600.00","isOverdue":false,"notes":null,"metadata":{},"sentAt":"2026-01-10T09:30:15.123456Z","pai'
    'dAt":null,"voidedAt":null,"createdAt":"2026-01-10T09:30:15.123456Z","updatedAt":"2026-01-10T09:30:15'
    '.123456Z","version":2,"availableActions":["update","void","recordPayment"]}'
)
DETAILS = (
    '{"items":[{"description":"Consulting","quantity":"20","unitPrice":"3500.00","taxRate":"18","hsnSac":'
    'null,"amount":"70000.00","taxAmount":"12600.00","totalAmount":"82600.00"}],"payments":[]}'
)
OTHER_COLUMNS = 16
"""How many columns its row had besides these two."""
MOST_GROWTH = 1.05


@pytest.fixture
def events():
    """Return the events of the product page's invoice, which was sent."""
    uow = InMemoryUnitOfWork(datetime(2026, 1, 10, 9, 30, 15, 123456, tzinfo=UTC))
    line = NewLineItem("Consulting", Decimal(20), Decimal(3500), Decimal(18))
    days: dict[str, Any] = {"invoice_date": date(2026, 1, 10), "due_date": date(2026, 2, 9)}
    command = DraftInvoice(client_id="acme-traders", invoice_number="INV-2025-26-0001", items=(line,), **days)
    handle(UpdateInvoice(id=handle(command, uow).id, status="sent"), uow)
    return uow.events


def test_its_events_grow_by_five_percent_at_most(events):
    stored = [MAPPER.to_stored_event(event).state.decode() for event in events]
    for now, before in zip(stored, (DRAFTED, SENT), strict=True):
        assert len(now) <= MOST_GROWTH * len(before), now


def test_its_row_grows_by_five_percent_at_most(events):
    folded: Any = INVOICES.fold_all(events)
    row = dict(zip(INVOICES.columns, INVOICES.values(folded), strict=True))
    assert len(row.pop("summary")) <= MOST_GROWTH * len(SUMMARY)
    assert len(row.pop("details")) <= MOST_GROWTH * len(DETAILS)
    assert len(row) <= OTHER_COLUMNS
