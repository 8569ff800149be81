"""Invoices and bills are paid, settled, reversed, made void and entered again in any order, in memory.

After each step the aggregate, the row folded from the events, and a small model agree.
"""

from __future__ import annotations

import itertools
import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from commands.bill import RecordBillPayment, ReverseBillPayment, UpdateBill
from commands.dispatch import handle
from commands.document import NewLineItem
from commands.invoice import RecordInvoicePayment, ReverseInvoicePayment, UpdateInvoice
from commands.memory import InMemoryUnitOfWork
from commands.overdue import RefreshOverdueBill, RefreshOverdueInvoice
from domain.bill import Bill
from domain.errors import Invalid, InvalidTransition
from domain.errors.document import ActionRefused, AlreadyReversed, DuplicatePayment, PaymentNotFound
from domain.invoice import Invoice
from projections.balances import BALANCES
from projections.registry import ROWS
from tests.support.payment_model import DocumentModel, PaymentModel
from tests.support.restored import check_restored
from tests.support.sample_commands import AT, draft_bill, draft_invoice

KINDS = ("payment", "tds", "write_off", "round_off")
AMOUNTS = st.sampled_from(["0.61", "0.61", "1.00", "10.01"])
REFERENCES = st.sampled_from(["UTR 1", " utr 1 ", "UTR 2", None])
ISSUED = {Invoice: "sent", Bill: "open"}
DRAFT: dict[Any, Any] = {Invoice: draft_invoice, Bill: draft_bill}
UPDATE: dict[Any, Any] = {Invoice: UpdateInvoice, Bill: UpdateBill}
PAY: dict[Any, Any] = {Invoice: RecordInvoicePayment, Bill: RecordBillPayment}
REVERSE: dict[Any, Any] = {Invoice: ReverseInvoicePayment, Bill: ReverseBillPayment}
REFRESH: dict[Any, Any] = {Invoice: RefreshOverdueInvoice, Bill: RefreshOverdueBill}


def aggregate_of(model: DocumentModel) -> Any:
    return Invoice if model.id.startswith("inv") else Bill


class PaymentMachine(RuleBasedStateMachine):
    documents: Bundle[DocumentModel] = Bundle("documents")
    void: Bundle[DocumentModel] = Bundle("void")

    def __init__(self) -> None:
        super().__init__()
        self.uow = InMemoryUnitOfWork(AT)
        self.models: list[DocumentModel] = []
        self.numbers = itertools.count(1)

    def enter(self, kind: Any, price: str, due: date, number: str) -> DocumentModel:
        line = NewLineItem("Work", Decimal(1), Decimal(price), Decimal(0))
        name = "invoice_number" if kind is Invoice else "bill_number"
        document: Any = handle(DRAFT[kind](items=(line,), due_date=due, **{name: number}), self.uow)
        model = DocumentModel(document.id, number, ISSUED[kind], Decimal(price), due)
        self.models.append(model)
        return model

    def refused(self, error: type[Exception], command: Any) -> Any:
        """The command is refused with this error, and records nothing."""
        before = len(self.uow.events)
        with pytest.raises(error) as refusal:
            handle(command, self.uow)
        assert type(refusal.value) is error and len(self.uow.events) == before
        return refusal.value

    @initialize(target=documents, days=st.integers(0, 2))
    def begin(self, days: int) -> Any:
        """An invoice and a bill that wait for payment: most of what can happen happens to such."""
        models = [self.enter(kind, "10.00", self.uow.today + timedelta(days), "N-0") for kind in ISSUED]
        for model in models:
            self.issue(model)
        return multiple(*models)

    @precondition(lambda self: len(self.models) < 4)
    @rule(target=documents, kind=st.sampled_from([Invoice, Bill]), price=st.sampled_from(["0.00", "1.61"]))
    def draft(self, kind: Any, price: str) -> DocumentModel:
        return self.enter(kind, price, self.uow.today, f"N-{next(self.numbers)}")

    @rule(target=documents, model=consumes(void))
    def enter_again(self, model: DocumentModel) -> DocumentModel:
        return self.enter(aggregate_of(model), str(model.total), model.due, model.number)

    @rule(model=documents)
    def issue_it(self, model: DocumentModel) -> None:
        self.issue(model)

    def issue(self, model: DocumentModel) -> None:
        command = UPDATE[aggregate_of(model)](id=model.id, status=model.issued_status)
        if model.status in ("draft", model.issued_status):
            handle(command, self.uow)
            model.is_issued = True
        else:
            self.refused(InvalidTransition, command)

    @rule(model=documents)
    def reverse_all(self, model: DocumentModel) -> None:
        for which in range(len(model.payments)):
            self.reverse(model, which, 0)

    @rule(target=void, model=documents)
    def make_void(self, model: DocumentModel) -> Any:
        command = UPDATE[aggregate_of(model)](id=model.id, status="void")
        if model.status not in ("draft", model.issued_status, "void"):
            self.refused(InvalidTransition, command)
            return multiple()
        handle(command, self.uow)
        is_new, model.is_void = not model.is_void, True
        return model if is_new else multiple()

    @rule(model=documents, kind=st.sampled_from(KINDS), amount=AMOUNTS, reference=REFERENCES, ago=st.integers(-1, 1))
    def pay(self, model: DocumentModel, kind: str, amount: str, reference: str | None, ago: int) -> None:
        self.pay_with(model, kind, Decimal(amount), self.uow.today - timedelta(ago), reference)

    @rule(model=documents, kind=st.sampled_from(KINDS))
    def pay_the_rest(self, model: DocumentModel, kind: str) -> None:
        if model.balance:
            self.pay_with(model, kind, model.balance, self.uow.today, f"all {next(self.numbers)}")

    @rule(model=documents, which=st.integers(0, 9))
    def pay_once_more(self, model: DocumentModel, which: int) -> None:
        if model.payments:
            payment = model.payments[which % len(model.payments)]
            reference = payment.reference and f" {payment.reference.lower()} "
            self.pay_with(model, payment.kind, payment.amount, payment.paid_on, reference)

    @rule(model=documents, kind=st.sampled_from(KINDS))
    def pay_reverse_and_pay_again(self, model: DocumentModel, kind: str) -> None:
        amount, reference = Decimal("0.61"), f"UTR {next(self.numbers)}"
        for _ in range(2):
            self.pay_with(model, kind, amount, self.uow.today, reference)
            self.pay_with(model, kind, amount, self.uow.today, reference.lower())
            self.reverse(model, len(model.payments) - 1, 0)

    def pay_with(self, model: DocumentModel, kind: str, amount: Decimal, day: date, reference: str | None) -> None:
        fields = {"kind": kind, "amount": amount, "paid_on": day, "reference": reference}
        command = PAY[aggregate_of(model)](id=model.id, **fields)
        lacks_reference = kind in ("write_off", "round_off") and reference is None
        repeated = [each for each in model.payments if each.is_repeated_by(kind, amount, day, reference)]
        if repeated:
            assert self.refused(DuplicatePayment, command).conflicting_id == repeated[0].id
        elif amount > model.balance or day > self.uow.today or lacks_reference:
            self.refused(Invalid, command)
        elif not model.takes_payments:
            self.refused(ActionRefused, command)
        else:
            document: Any = handle(command, self.uow)
            model.payments.append(PaymentModel(list(document.payments)[-1], kind, amount, day, reference))

    @rule(model=documents, which=st.integers(0, 9), after=st.sampled_from([0, 0, 1, -1]))
    def reverse(self, model: DocumentModel, which: int, after: int) -> None:
        if not model.payments:
            self.refused(PaymentNotFound, REVERSE[aggregate_of(model)](id=model.id, payment_id="pay_0", reason="x"))
            return
        payment = model.payments[which % len(model.payments)]
        day = payment.paid_on + timedelta(after)
        fields = {"payment_id": payment.id, "reason": "It bounced", "reversed_on": day}
        command = REVERSE[aggregate_of(model)](id=model.id, **fields)
        if after < 0 or day > self.uow.today:
            self.refused(Invalid, command)
        elif not payment.stands:
            self.refused(AlreadyReversed, command)
        else:
            handle(command, self.uow)
            payment.stands = False

    @rule(model=documents, days=st.integers(-3, 3))
    def move_the_due_date(self, model: DocumentModel, days: int) -> None:
        due = self.uow.today + timedelta(days)
        command = UPDATE[aggregate_of(model)](id=model.id, due_date=due)
        if model.status in ("paid", "void") or due < date(2026, 1, 10):
            self.refused(Invalid, command)
        else:
            handle(command, self.uow)
            model.due = due

    @rule()
    def pass_midnight(self) -> None:
        self.uow.at += timedelta(days=1)
        for model in self.models:
            handle(REFRESH[aggregate_of(model)](id=model.id), self.uow)

    @invariant()
    def all_agree(self) -> None:
        for model in self.models:
            self.agree(model, self.uow.get(aggregate_of(model), model.id))

    def agree(self, model: DocumentModel, document: Any) -> None:
        history = [event for event in self.uow.events if event.originator_id == model.id]
        projection = ROWS[document.kind]
        check_restored(type(document), history)
        row: Any = projection.fold_all(history)
        resource = json.loads(projection.to_json(row))
        shown = model.shown(self.uow.today)
        assert {name: resource[name] for name in shown} == shown
        assert document.balance_due == document.total_amount - document.amount_paid - document.amount_settled >= 0
        assert (document.status, document.balance_due) == (model.status, model.balance)
        assert (document.amount_paid, document.amount_settled) == (model.paid, model.settled)
        assert document.is_overdue == model.is_overdue(self.uow.today)
        assert (resource["paidAt"] is None) == (model.status != "paid")
        assert tuple(document.payments.values()) == row.details.payments
        listed = [(each["id"], each["reversedAt"] is None) for each in resource["payments"]]
        assert listed == [(each.id, each.stands) for each in model.payments]
        self.outstands(model, history)

    def outstands(self, model: DocumentModel, history: list[Any]) -> None:
        """The sum that Home shows counts what is left of it."""
        item: Any = None
        for event in history:
            item = BALANCES.fold(item, event)
        part = BALANCES.part(item)
        assert (part[1] if part else Decimal(0)) == (model.balance if model.takes_payments else 0)


@pytest.mark.thorough
def test_the_aggregate_the_row_and_the_model_agree_whatever_is_done():
    bounds = settings(
        max_examples=25,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
        database=None,
    )
    run_state_machine_as_test(PaymentMachine, settings=bounds)
