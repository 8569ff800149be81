"""The worker's command: it records that a document has become overdue, once."""

from datetime import date, timedelta

import pytest

from commands.bill import UpdateBill
from commands.command import Command
from commands.dispatch import handle
from commands.invoice import UpdateInvoice
from commands.memory import InMemoryUnitOfWork
from commands.overdue import RefreshOverdueBill, RefreshOverdueInvoice
from domain.errors import NotFound
from tests.support.sample_commands import AT, draft_bill, draft_invoice

CASES = {
    "invoice": (draft_invoice, UpdateInvoice(id="inv_1", status="sent"), RefreshOverdueInvoice(id="inv_1")),
    "bill": (draft_bill, UpdateBill(id="bill_1", status="open"), RefreshOverdueBill(id="bill_1")),
}


@pytest.mark.parametrize("kind", CASES)
@pytest.mark.parametrize(("due", "is_overdue"), [(date(2026, 1, 20), False), (date(2026, 1, 19), True)])
def test_a_document_is_overdue_from_the_day_after_its_due_date(kind, due, is_overdue):
    draft, issue, refresh = CASES[kind]
    uow = InMemoryUnitOfWork(AT - timedelta(days=1))
    handle(draft(due_date=due), uow)
    handle(issue, uow)
    uow.at = AT
    handle(refresh, uow)
    handle(refresh, uow)
    assert [event.topic for event in uow.events[2:]] == [f"{kind}.overdue"] * is_overdue


@pytest.mark.parametrize("kind", CASES)
def test_an_unknown_document_is_not_found(kind):
    refresh: Command = CASES[kind][2]
    with pytest.raises(NotFound):
        handle(refresh, InMemoryUnitOfWork(AT))
