"""Any sequence of vendor credits, payments, write-offs, reversals and refunds of one bill: lines add up, nothing is
negative or more than the bill, nothing is refunded that was not paid, a vendor credit is issued as its draft was shown,
and one that is made void gives back exactly what it took."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.bill import DraftBill, RecordBillPayment, ReverseBillPayment, UpdateBill
from commands.notes.vendor_credit import (
    CreateVendorCredit,
    RecordVendorCreditRefund,
    ReverseVendorCreditRefund,
    UpdateVendorCredit,
)
from domain.bill import Bill
from domain.documents.payment import KINDS, PAYMENT, UNPAID_REMAINDERS
from domain.errors import Invalid, InvalidTransition
from domain.errors.note import DraftOutdated, TakesWrittenOff
from domain.notes.left import left_of
from domain.notes.vendor_credit import VendorCredit
from projections.registry import ROWS
from tests.commands.test_note_sequences import (
    DAY,
    LATE,
    SHOWN,
    TAXES,
    ZERO,
    World,
    check_lines,
    check_note,
    check_refunds,
    decide,
    number,
    wanted,
)
from tests.support.restored import check_restored


class BillWorld(World):
    """An organization with one bill that was opened and its vendor credits, in memory."""

    def _draft(self, **fields: Any) -> Any:
        return DraftBill(vendor_id="mills", bill_number="B1", bill_date=DAY, **fields)

    def _issue(self) -> Any:
        return UpdateBill(id=self.document, status="open")

    def shown(self, id: str) -> Any:
        """Return the object as the API shows it; its stored row must give it back."""
        kind = VendorCredit if id.startswith("vc_") else Bill
        events = [event for event in self.uow.events if event.originator_id == id]
        check_restored(kind, events)
        return json.loads(ROWS[kind.kind].to_json(ROWS[kind.kind].fold_all(events)))

    def left(self) -> Any:
        return left_of(self.uow.get(Bill, self.document))

    def check(self) -> None:
        bill, notes = self.shown(self.document), [self.shown(id) for id in self.notes]
        standing = [note for note in notes if note["status"] == "issued"]
        for note in notes:
            check_note(note)
        check_balance(bill, standing)
        check_refunds(bill, standing)
        check_lines(bill, standing, [], self.left())


def check_balance(bill: Any, standing: list[Any]) -> None:
    """The balance is what payments and vendor credits leave of the total, and the status follows it."""
    applied = sum((number(note, "amountApplied") for note in standing), ZERO)
    paid, settled, balance = (number(bill, name) for name in ("amountPaid", "amountSettled", "balanceDue"))
    assert number(bill, "amountCredited") == applied
    assert number(bill, "totalAmount") - paid - settled - applied == balance >= 0
    assert bill["status"] == ("paid" if not balance else "partially_paid" if paid or settled else "open")
    assert (bill["paidAt"] is None) == (bill["status"] != "paid")
    assert ("void" in bill["availableActions"]) == (bill["status"] == "open" and not standing)


def draft(world: BillWorld) -> None:
    asked = wanted(world)
    adjustment = world.data.draw(st.sampled_from([None, None, None, True, False]), "taxAdjustment")
    day = world.data.draw(st.sampled_from([DAY, DAY, LATE]), "date")
    command = CreateVendorCredit(
        bill_id=world.document,
        number=f"CR/{next(world.numbers)}",
        reason="Damaged",
        date=day,
        tax_adjustment=adjustment,
        **asked,
    )
    made = decide(world, command, asked)
    if made is not None:
        world.notes.append(made.id)
        is_taxed = world.shown(world.document).get("supplyType") is not None
        assert made.tax_adjustment == (adjustment if adjustment is not None else day == DAY or not is_taxed)


def drafted(world: BillWorld) -> str | None:
    drafts = [id for id in world.notes if world.shown(id)["status"] == "draft"]
    return world.data.draw(st.sampled_from(drafts), "note") if drafts else None


def change(world: BillWorld) -> None:
    id = drafted(world)
    asked = wanted(world) if id else {}
    if id and asked:
        given = f"CR/{next(world.numbers)}"
        if decide(world, UpdateVendorCredit(id=id, number=given, **asked), asked) is not None:
            assert world.shown(id)["number"] == given


def issue(world: BillWorld) -> None:
    id = drafted(world)
    if id is None:
        return
    before, draft = world.left(), world.shown(id)
    try:
        world.run(UpdateVendorCredit(id=id, status="issued"))
    except (Invalid, DraftOutdated, TakesWrittenOff):
        assert world.left() == before  # less is left than the draft wants, or it was written off
        return
    assert {name: world.shown(id).get(name) for name in SHOWN} == {name: draft.get(name) for name in SHOWN}
    world.at_issue[id] = before
    assert world.left().total == before.total - number(world.shown(id), "totalAmount")


def void(world: BillWorld) -> None:
    if not world.notes:
        return
    id = world.data.draw(st.sampled_from(world.notes), "voided")
    note, balance = world.shown(id), number(world.shown(world.document), "balanceDue")
    try:
        world.run(UpdateVendorCredit(id=id, status="void"))
    except InvalidTransition:
        assert number(note, "amountRefunded") > 0
        return
    assert number(world.shown(world.document), "balanceDue") == balance + number(note, "amountApplied")
    if set(world.at_issue) == {id}:
        assert world.left() == world.at_issue[id]
    world.at_issue.pop(id, None)


def refund(world: BillWorld) -> None:
    owing = [id for id in world.notes if number(world.shown(id), "refundDue") > 0]
    if not owing:
        return
    id = world.data.draw(st.sampled_from(owing), "refunded")
    due = number(world.shown(id), "refundDue")
    with pytest.raises(Invalid):
        world.run(RecordVendorCreditRefund(id=id, amount=due + world.step))
    command = RecordVendorCreditRefund(id=id, amount=world.data.draw(st.sampled_from([due, world.step]), "amount"))
    if number(world.shown(world.document), "balanceDue") > 0:
        with pytest.raises(InvalidTransition, match="are still due"):
            world.run(command)
        return
    world.run(command)


def take_refund_back(world: BillWorld) -> None:
    refunds = [(id, each["id"]) for id in world.notes for each in world.shown(id)["refunds"] if not each["reversedAt"]]
    if refunds:
        id, refund = world.data.draw(st.sampled_from(refunds), "taken back")
        world.run(ReverseVendorCreditRefund(id=id, refund_id=refund, reason="It came back"))


def pay(world: BillWorld) -> None:
    balance = number(world.shown(world.document), "balanceDue")
    if balance <= 0:
        return
    amount = world.data.draw(st.sampled_from([balance, world.step]), "paid")
    kind = world.data.draw(st.sampled_from([PAYMENT, PAYMENT, *KINDS]), "kind")
    reference = f"Reference {next(world.numbers)}"
    command = RecordBillPayment(id=world.document, amount=amount, paid_on=DAY, kind=kind, reference=reference)
    if kind in UNPAID_REMAINDERS and amount > world.uow.get(Bill, world.document).not_written_off:
        with pytest.raises(Invalid, match="notes that are to be refunded have taken the rest"):
            world.run(command)
        return
    world.run(command)


def reverse(world: BillWorld) -> None:
    standing = [payment for payment in world.uow.get(Bill, world.document).payments.values() if payment.is_standing]
    if standing:
        id = world.data.draw(st.sampled_from(standing), "taken back").id
        world.run(ReverseBillPayment(id=world.document, payment_id=id, reason="It bounced"))


def void_bill(world: BillWorld) -> None:
    bill = world.shown(world.document)
    if any(world.shown(id)["status"] == "issued" for id in world.notes):
        with pytest.raises(InvalidTransition):
            world.run(UpdateBill(id=world.document, status="void"))
        assert world.shown(world.document) == bill


STEPS = [draft, draft, draft, change, issue, issue, issue, void, refund, pay, reverse, void_bill]
STEPS += [take_refund_back]


@pytest.mark.thorough
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_sequence_keeps_every_line_and_the_balance(data):
    world = BillWorld(data)
    for _ in range(data.draw(st.integers(3, 14), "steps")):
        data.draw(st.sampled_from(STEPS), "step")(world)
        world.check()


@pytest.mark.thorough
@settings(max_examples=75, deadline=None)
@given(st.data())
def test_parts_and_then_the_rest_take_the_bill_to_the_last_paisa(data):
    world = BillWorld(data)
    for _ in range(data.draw(st.integers(0, 4), "vendor credits")):
        draft(world)
        issue(world)
    if world.left().total > 0:
        made = world.run(CreateVendorCredit(bill_id=world.document, number="CR/last", reason="The rest", date=DAY))
        world.notes.append(made.id)
        world.run(UpdateVendorCredit(id=made.id, status="issued"))
    world.check()
    bill, notes = world.shown(world.document), [world.shown(id) for id in world.notes]
    issued = [note for note in notes if note["status"] == "issued"]
    assert bill["status"] == "paid" and world.left().total == number(bill, "balanceDue") == 0
    assert sum((number(note, "totalAmount") for note in issued), ZERO) == number(bill, "totalAmount")
    if not number(bill, "roundOff") and not any(number(note, "untaxedAmount") for note in issued):
        for name in (*TAXES, "taxPayableByRecipient", "taxTotal"):
            assert sum((number(note, name) for note in issued), ZERO) == number(bill, name), name
