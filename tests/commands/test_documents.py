"""The handlers of invoices and bills, with a unit of work in memory: what they record, and what they refuse first."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from commands.bill import RecordBillPayment, UpdateBill
from commands.command import Command
from commands.dispatch import handle
from commands.document import RecordPayment
from commands.invoice import DraftInvoice, RecordInvoicePayment, UpdateInvoice
from commands.memory import InMemoryUnitOfWork
from domain.document import Document
from domain.errors import Invalid, InvalidTransition, NotFound, StaleVersion
from domain.errors.document import ActionRefused
from tests.support.sample_commands import AT, LINE, draft_bill, draft_invoice

PAID_ON = date(2026, 1, 20)


@dataclass
class Kind:
    """The commands on one kind of document."""

    draft: Any
    update: Any
    pay: type[RecordPayment]
    issued: str
    id: str

    def drafted(self, **options: Any) -> InMemoryUnitOfWork:
        """A unit of work that holds one draft."""
        uow = InMemoryUnitOfWork(AT, **options)
        handle(self.draft(), uow)
        return uow

    def issue(self, uow: InMemoryUnitOfWork) -> Any:
        return handle(self.update(id=self.id, status=self.issued), uow)

    def payment(self, amount: str, **fields: Any) -> RecordPayment:
        return self.pay(id=self.id, amount=Decimal(amount), **{"paid_on": PAID_ON, **fields})


INVOICE = Kind(draft_invoice, UpdateInvoice, RecordInvoicePayment, "sent", "inv_1")
BILL = Kind(draft_bill, UpdateBill, RecordBillPayment, "open", "bill_1")


@pytest.fixture(params=[INVOICE, BILL], ids=["invoice", "bill"])
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param


def events_after(uow: InMemoryUnitOfWork, command: Command) -> list[str]:
    """The names of the events that the command records, without the kind."""
    before = len(uow.events)
    handle(command, uow)
    return [event.topic.partition(".")[2] for event in uow.events[before:]]


def test_a_draft_is_recorded_with_its_totals(kind):
    (drafted,) = kind.drafted().events
    assert (drafted.originator_id, drafted.timestamp) == (kind.id, AT)
    assert {str(drafted.changes()[name]) for name in ("total_amount", "balance_due")} == {"82600.00"}


def test_an_invoice_without_a_number_gets_the_next_one_of_the_series():
    uow = InMemoryUnitOfWork(AT, numbers=["INV-2025-26-0001"])
    invoice: Any = handle(draft_invoice(invoice_number=None), uow)
    assert invoice.invoice_number == "INV-2025-26-0001"


@pytest.mark.parametrize(("number", "year"), [(None, 2025), ("A-1", None)])
def test_only_an_invoice_without_a_number_needs_a_series(number, year):
    command: DraftInvoice = draft_invoice(invoice_number=number, invoice_date=date(2026, 3, 31))
    assert command.series_year() == year


def test_a_draft_that_is_due_before_its_date_is_refused(kind):
    uow = InMemoryUnitOfWork(AT)
    with pytest.raises(Invalid, match="dueDate must not be before"):
        handle(kind.draft(due_date=date(2026, 1, 9)), uow)
    assert uow.events == []


def test_fields_and_status_change_together(kind):
    uow = kind.drafted()
    assert events_after(uow, kind.update(id=kind.id, notes="Thanks", status=kind.issued)) == [
        "updated",
        {"sent": "sent", "open": "opened"}[kind.issued],
    ]


def test_a_change_to_the_present_values_records_nothing(kind):
    uow = kind.drafted()
    assert events_after(uow, kind.update(id=kind.id, items=(LINE,), status="draft")) == []


def test_a_wrong_field_is_refused_before_a_stale_version(kind):
    uow = kind.drafted(if_match=frozenset((7,)))
    with pytest.raises(Invalid):
        handle(kind.update(id=kind.id, due_date=date(2026, 1, 9)), uow)


def test_a_stale_version_is_refused_before_a_wrong_transition(kind):
    uow = kind.drafted(if_match=frozenset((7,)))
    with pytest.raises(StaleVersion) as refused:
        handle(kind.update(id=kind.id, status="paid"), uow)
    assert refused.value.current == 1


def test_a_wrong_transition_records_nothing_of_the_change(kind):
    uow = kind.drafted()
    with pytest.raises(InvalidTransition) as refused:
        handle(kind.update(id=kind.id, notes="Thanks", status="paid"), uow)
    assert (refused.value.allowed, len(uow.events)) == ((kind.issued, "void"), 1)


def test_a_document_that_is_past_due_when_it_is_issued_is_overdue_at_once(kind):
    uow = kind.drafted()
    uow.at = datetime(2026, 2, 1, tzinfo=AT.tzinfo)
    assert kind.issue(uow).is_overdue
    assert uow.events[-1].topic.endswith(".overdue")


def test_a_payment_gets_an_id_and_a_time(kind):
    uow = kind.drafted()
    kind.issue(uow)
    handle(kind.payment("600.00", method="upi", reference="UTR1"), uow)
    (payment,) = uow.events[-1].changes()["payments"]
    assert (payment.id, str(payment.amount), payment.recorded_at) == ("pay_2", "600.00", "2026-01-20T09:30:00.000000Z")
    assert (payment.paid_on, payment.method, payment.reference) == (PAID_ON, "upi", "UTR1")


def test_the_last_payment_ends_being_overdue(kind):
    uow = kind.drafted()
    uow.at = datetime(2026, 2, 1, tzinfo=AT.tzinfo)
    kind.issue(uow)
    assert events_after(uow, kind.payment("82600")) == ["payment_recorded", "paid", "overdue_cleared"]


def test_a_wrong_payment_is_refused_before_a_stale_version(kind):
    uow = kind.drafted(if_match=frozenset((7,)))
    with pytest.raises(Invalid, match="amount must be at most the balance due"):
        handle(kind.payment("82600.01"), uow)


def test_a_stale_version_is_refused_before_a_status_without_payments(kind):
    uow = kind.drafted(if_match=frozenset((7,)))
    with pytest.raises(StaleVersion):
        handle(kind.payment("1"), uow)


def test_a_draft_takes_no_payment(kind):
    with pytest.raises(ActionRefused):
        handle(kind.payment("1"), kind.drafted())


def test_a_document_of_the_other_kind_is_not_found(kind):
    other = BILL if kind is INVOICE else INVOICE
    uow = other.drafted()
    for command in (kind.update(id=other.id), kind.pay(id=other.id, amount=Decimal(1), paid_on=PAID_ON)):
        with pytest.raises(NotFound):
            handle(command, uow)


def test_a_handler_returns_the_document_as_it_is_stored(kind):
    uow = kind.drafted()
    returned: Any = kind.issue(uow)
    stored: Document = uow.get(type(returned), kind.id)
    assert (stored.version, stored.status) == (returned.version, returned.status) == (2, kind.issued)
