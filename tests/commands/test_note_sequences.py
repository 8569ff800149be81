"""Any sequence of credit notes, debit notes about money, payments, write-offs, reversals and refunds: lines add up,
nothing is negative or more than the invoice, nothing is refunded that nobody has paid, a note is issued as its draft
was shown, and one that is made void gives back exactly what it took."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.dispatch import handle
from commands.document import NewLineItem
from commands.invoice import DraftInvoice, RecordInvoicePayment, ReverseInvoicePayment, UpdateInvoice
from commands.memory import InMemoryUnitOfWork
from commands.notes.credit_note import (
    CreateCreditNote,
    RecordCreditNoteRefund,
    ReverseCreditNoteRefund,
    UpdateCreditNote,
)
from commands.notes.debit_note import CreateDebitNote, UpdateDebitNote
from commands.notes.note import NewNoteItem
from domain.documents.payment import KINDS, PAYMENT, UNPAID_REMAINDERS
from domain.errors import Invalid, InvalidTransition
from domain.errors.note import DraftOutdated, TakesWrittenOff
from domain.invoice import Invoice
from domain.notes.credit_note import CreditNote
from domain.notes.debit_note import DebitNote
from domain.notes.left import left_of
from projections.registry import ROWS
from tests.commands.test_gst_sequences import DISCOUNTS, LINES, discount_of
from tests.support.gst_documents import organization
from tests.support.restored import check_restored
from tests.support.sample_commands import AT

DAY, LATE, LATER = date(2026, 1, 10), date(2026, 12, 1), date(2026, 12, 6)
"""The day of the invoice, a day after which a note lowers no tax, and a day that has not come yet."""
NOW = datetime(2026, 12, 5, 6, tzinfo=UTC)
TAXES = ("cgst", "sgst", "igst", "cess")
PARTS = ("taxableAmount", *TAXES, "taxPayableByRecipient")
ZERO = Decimal(0)
INDIVISIBLE = "cannot be divided so"
SHOWN = ("items", *PARTS, "untaxedAmount", "taxTotal", "roundOff", "totalAmount", "taxAdjustment")
"""What a draft says of its amounts, and the issued note, too."""


class World:
    """An organization with one invoice that was sent and its credit notes, in memory."""

    def __init__(self, data: Any) -> None:
        self.uow = InMemoryUnitOfWork(NOW)
        self.data, self.numbers = data, count(1)
        self.home = data.draw(st.sampled_from([None, "27", "27", "29"]), "home")
        self.uow.supplier = None if self.home is None else organization(self.home)
        self.currency = data.draw(st.sampled_from(["INR", "INR", "JPY", "KWD"]), "currency")
        lines = data.draw(LINES, "lines")
        discount = data.draw(DISCOUNTS, "discount") if self.currency == "INR" else None
        command = self._draft(
            due_date=date(2026, 1, 31),
            currency=self.currency,
            items=tuple(self._line(line) for line in lines),
            place_of_supply=data.draw(st.sampled_from([None, "27", "29"]), "place"),
            reverse_charge=self.home is not None and data.draw(st.integers(0, 5), "reverse") == 0,
            discount=discount_of(discount),
            round_off=data.draw(st.sampled_from([None, "nearest"]), "roundOff"),
        )
        self.document = handle(command, self.uow).id
        self.notes: list[str] = []
        self.debits: list[str] = []
        self.at_issue: dict[str, Any] = {}
        handle(self._issue(), self.uow)

    def _draft(self, **fields: Any) -> Any:
        return DraftInvoice(client_id="acme", invoice_number="A1", invoice_date=DAY, **fields)

    def _issue(self) -> Any:
        return UpdateInvoice(id=self.document, status="sent")

    def _line(self, line: Any) -> Any:
        command = line.command()
        if self.home is None or self.currency != "INR":
            return type(command)(command.description, command.quantity, command.unit_price, command.tax_rate)
        return command

    @property
    def step(self) -> Decimal:
        return Decimal(1).scaleb(-{"INR": 2, "JPY": 0, "KWD": 3}[self.currency])

    def run(self, command: Any) -> Any:
        self.uow.at += timedelta(seconds=1)
        return handle(command, self.uow)

    def shown(self, id: str) -> Any:
        """Return the object as the API shows it; its stored row must give it back."""
        kind = {"cn": CreditNote, "dn": DebitNote}.get(id.partition("_")[0], Invoice)
        events = [event for event in self.uow.events if event.originator_id == id]
        check_restored(kind, events)
        return json.loads(ROWS[kind.kind].to_json(ROWS[kind.kind].fold_all(events)))

    def left(self) -> Any:
        return left_of(self.uow.get(Invoice, self.document))

    def check(self) -> None:
        invoice = self.shown(self.document)
        notes = [self.shown(id) for id in self.notes]
        standing = [note for note in notes if note["status"] == "issued"]
        for note in notes:
            check_note(note)
        debits = [note for id in self.debits if (note := self.shown(id))["status"] == "issued"]
        check_balance(invoice, standing, debits)
        check_refunds(invoice, standing)
        check_lines(invoice, standing, debits, self.left())


def number(of: Mapping[str, Any], name: str) -> Decimal:
    return Decimal(of.get(name, "0"))


def check_note(note: Any) -> None:
    """The lines add up to the header, nothing is negative, and CGST equals SGST."""
    for item in note["items"]:
        assert min(number(item, name) for name in (*PARTS, "taxAmount", "untaxedAmount", "totalAmount")) >= 0
        assert item.get("cgst") == item.get("sgst")
        if "igst" in item:
            assert sum(number(item, name) for name in TAXES) == number(item, "taxAmount")
        whole = number(item, "taxableAmount") + number(item, "taxAmount") + number(item, "untaxedAmount")
        assert whole == number(item, "totalAmount") > 0
        if not note["taxAdjustment"]:
            assert number(item, "taxableAmount") == number(item, "taxAmount") == 0
    for name in (*PARTS, "untaxedAmount"):
        assert sum((number(item, name) for item in note["items"]), ZERO) == number(note, name), name
    assert sum((number(item, "taxAmount") for item in note["items"]), ZERO) == number(note, "taxTotal")
    total = sum((number(item, "totalAmount") for item in note["items"]), ZERO) + number(note, "roundOff")
    assert total == number(note, "totalAmount") > 0
    applied, refunded, due = (number(note, name) for name in ("amountApplied", "amountRefunded", "refundDue"))
    assert min(applied, refunded, due) >= 0
    assert sum((number(each, "amount") for each in note["refunds"] if not each["reversedAt"]), ZERO) == refunded
    assert applied + refunded + due == (total if note["status"] == "issued" else 0)


def check_balance(invoice: Any, standing: list[Any], debits: list[Any]) -> None:
    """The balance is what payments and notes leave of the total, and the status follows it."""
    applied = sum((number(note, "amountApplied") for note in standing), ZERO)
    assert number(invoice, "amountCredited") == applied
    paid, settled, balance = (number(invoice, name) for name in ("amountPaid", "amountSettled", "balanceDue"))
    debited = sum((number(note, "totalAmount") for note in debits), ZERO)
    assert number(invoice, "amountDebited") == debited
    assert number(invoice, "totalAmount") + debited - paid - settled - applied == balance >= 0
    assert invoice["status"] == ("paid" if not balance else "partially_paid" if paid or settled else "sent")
    assert (invoice["paidAt"] is None) == (invoice["status"] != "paid")
    assert ("void" in invoice["availableActions"]) == (invoice["status"] == "sent" and not [*standing, *debits])


def check_refunds(invoice: Any, standing: list[Any]) -> None:
    """What is to be refunded, or was, is at most what was paid or withheld as tax.

    After a payment was taken back, it can be more; then so much is due, and nothing can be refunded until it is paid.
    """
    paid = [each for each in invoice["payments"] if not each["reversedAt"] and each["kind"] not in UNPAID_REMAINDERS]
    received = sum((number(each, "amount") for each in paid), ZERO)
    if any(each["reversedAt"] for each in invoice["payments"]):
        received += number(invoice, "balanceDue")
    assert sum((number(note, "refundDue") + number(note, "amountRefunded") for note in standing), ZERO) <= received


def check_lines(invoice: Any, standing: list[Any], debits: list[Any], left: Any) -> None:
    """No line is corrected by more than it came to, and what is left of it is what its notes have not taken."""
    taken: dict[int, dict[str, Decimal]] = {}
    for note in standing:
        for item in note["items"]:
            of_line = taken.setdefault(item["lineNumber"], {})
            for name in (*PARTS, "taxAmount", "untaxedAmount", "totalAmount", "quantity"):
                of_line[name] = of_line.get(name, ZERO) + number(item, name)
    added: dict[int, Decimal] = {}
    for item in (item for note in debits for item in note["items"]):
        added[item["lineNumber"]] = added.get(item["lineNumber"], ZERO) + number(item, "untaxedAmount")
    for place, (item, rest) in enumerate(zip(invoice["items"], left.lines, strict=True), 1):
        of_line = taken.get(place, {})
        value = Decimal(item.get("taxableAmount", item["amount"]))
        assert value - of_line.get("taxableAmount", ZERO) == rest.amounts.taxable_amount >= 0
        for name in (*TAXES, "taxPayableByRecipient"):
            assert number(item, name) >= of_line.get(name, ZERO)
        assert number(item, "taxAmount") - of_line.get("taxAmount", ZERO) == rest.amounts.taxes >= 0
        whole = value + number(item, "taxAmount") + added.get(place, ZERO)
        assert whole - of_line.get("totalAmount", ZERO) == rest.amounts.total >= 0
        assert number(item, "quantity") - of_line.get("quantity", ZERO) == rest.quantity >= 0
        if not rest.amounts.total and not rest.amounts.untaxed_amount:
            assert not any(rest.amounts)
    credited, debited = (sum((number(note, "totalAmount") for note in each), ZERO) for each in (standing, debits))
    assert number(invoice, "totalAmount") + debited - credited == left.total
    assert left.total >= 0


def wanted(world: World) -> dict[str, Any]:
    """Return what a request says of the lines: parts that are there, an amount, or nothing."""
    left, data = world.left(), world.data
    lines = [line for line in left.lines if line.amounts.total > 0]
    choice = data.draw(st.sampled_from(["all", "amount", "items", "items"]), "wanted")
    if choice == "amount":
        amounts = [world.step, left.total / 2, left.total - world.step, left.total, left.total + world.step]
        amount = data.draw(st.sampled_from(amounts), "amount")
        return {"amount": max(world.step, amount.quantize(world.step))}
    if choice == "items" and lines:
        chosen = data.draw(st.lists(st.sampled_from(lines), min_size=1, unique_by=lambda line: line.line_number))
        return {"items": tuple(part(world, line) for line in chosen)}
    return {}


def part(world: World, line: Any) -> NewNoteItem:
    how = world.data.draw(st.sampled_from(["all", "quantity", "amount", "paisa"]), "how")
    quantity = min(Decimal(1), line.quantity)
    if how == "quantity" and quantity > 0:
        return NewNoteItem(line.line_number, quantity)
    if how == "amount":
        return NewNoteItem(line.line_number, None, max(world.step, (line.amounts.total / 3).quantize(world.step)))
    return NewNoteItem(line.line_number, None, world.step) if how == "paisa" else NewNoteItem(line.line_number)


def is_possible(world: World, asked: dict[str, Any]) -> bool:
    left = world.left()
    if left.total <= 0:
        return False
    if (amount := asked.get("amount")) is not None:
        return bool(amount == left.total or amount < min(left.total, left.of_lines))
    return True


def decide(world: World, command: Any, asked: dict[str, Any]) -> Any:
    """Run a command that decides amounts; return None if it is refused, which must be for a reason."""
    try:
        made = world.run(command)
    except Invalid as refusal:
        reasons = str(refusal)
        rounds_to_nothing = "must come to more than 0" in reasons or "comes to" in reasons
        assert not is_possible(world, asked) or INDIVISIBLE in reasons or rounds_to_nothing, reasons
        return None
    assert is_possible(world, asked)
    return made


def draft(world: World) -> None:
    asked = wanted(world)
    adjustment = world.data.draw(st.sampled_from([None, None, None, True, False]), "taxAdjustment")
    day = world.data.draw(st.sampled_from([DAY, DAY, DAY, LATE, LATER]), "date")
    command = CreateCreditNote(
        invoice_id=world.document, reason="Returned", date=day, tax_adjustment=adjustment, **asked
    )
    made = decide(world, command, asked)
    if made is not None:
        world.notes.append(made.id)
        is_taxed = world.shown(world.document).get("supplyType") is not None
        assert made.tax_adjustment == (adjustment if adjustment is not None else day == DAY or not is_taxed)


def change(world: World) -> None:
    id = drafted(world)
    asked = wanted(world) if id else {}
    if id and asked:
        decide(world, UpdateCreditNote(id=id, **asked), asked)


def issue(world: World) -> None:
    id = drafted(world)
    if id is None:
        return
    before, draft = (world.left(), world.shown(world.document)["balanceDue"]), world.shown(id)
    if draft["date"] == LATER.isoformat():
        with pytest.raises(Invalid, match="must not be after today"):
            world.run(UpdateCreditNote(id=id, status="issued"))
        return
    try:
        world.run(UpdateCreditNote(id=id, status="issued"))
    except Invalid:
        return  # less is left than the draft wants
    except TakesWrittenOff:
        assert number(draft, "totalAmount") > before[0].total - written_off(world) < before[0].total
        return
    except DraftOutdated:
        assert not takes_no_more(draft, before[0])
        return
    world.at_issue[id] = before
    note = world.shown(id)
    assert {name: note.get(name) for name in SHOWN} == {name: draft.get(name) for name in SHOWN}
    assert world.left().total == before[0].total - number(note, "totalAmount")


def written_off(world: World) -> Decimal:
    payments = world.uow.get(Invoice, world.document).payments.values()
    return sum((each.amount for each in payments if each.is_standing and each.kind in UNPAID_REMAINDERS), ZERO)


def takes_no_more(draft: Any, left: Any) -> bool:
    """Return whether a draft could be issued as it is: nothing of a line would become negative, or stay by itself."""
    whole = sum((number(item, "totalAmount") for item in draft["items"]), ZERO)
    if whole + left.round_off == left.total and number(draft, "roundOff") != left.round_off:
        return False
    if number(draft, "totalAmount") > left.total or (whole < left.of_lines and number(draft, "roundOff")):
        return False
    for item in draft["items"]:
        rest = left.lines[item["lineNumber"] - 1]
        names = {"taxableAmount": "taxable_amount", "taxPayableByRecipient": "tax_payable_by_recipient"}
        pairs = [(number(item, name), getattr(rest.amounts, names.get(name, name))) for name in PARTS]
        pairs += [(number(item, "taxAmount"), rest.amounts.taxes), (number(item, "quantity"), rest.quantity)]
        pairs += [(number(item, "totalAmount"), rest.amounts.total)]
        if any(taken > left for taken, left in pairs):
            return False
        takes_rest = rest.amounts.worth == number(item, "taxableAmount") + number(item, "taxAmount")
        if takes_rest and rest.amounts.tax_payable_by_recipient != number(item, "taxPayableByRecipient"):
            return False
    return True


def void(world: World) -> None:
    if not world.notes:
        return
    id = world.data.draw(st.sampled_from(world.notes), "voided")
    note = world.shown(id)
    balance = number(world.shown(world.document), "balanceDue")
    try:
        world.run(UpdateCreditNote(id=id, status="void"))
    except InvalidTransition:
        assert number(note, "amountRefunded") > 0
        return
    applied = number(note, "amountApplied")
    assert number(world.shown(world.document), "balanceDue") == balance + applied
    if set(world.at_issue) == {id} and not world.debits:
        assert world.left() == world.at_issue[id][0]
    world.at_issue.pop(id, None)


def debit(world: World) -> None:
    """Issue a debit note about money alone, of one line or of the whole invoice."""
    amount = world.data.draw(st.sampled_from([world.step, 3 * world.step, Decimal(50)]), "debited")
    place = world.data.draw(st.integers(0, len(world.left().lines)), "debited line")
    what: dict[str, Any] = {"items": (NewNoteItem(place, None, amount),)} if place else {"amount": amount}
    command = CreateDebitNote(invoice_id=world.document, reason="Freight", tax_adjustment=False, **what)
    if not place and not any(item.amount for item in world.uow.get(Invoice, world.document).items):
        with pytest.raises(Invalid, match="the lines come to 0"):
            world.run(command)
        return
    made = world.run(command)
    world.debits.append(made.id)
    world.run(UpdateDebitNote(id=made.id, status="issued"))


def void_debit(world: World) -> None:
    if not world.debits:
        return
    id = world.data.draw(st.sampled_from(world.debits), "voided debit note")
    before = world.shown(world.document)
    try:
        world.run(UpdateDebitNote(id=id, status="void"))
    except InvalidTransition:
        assert world.shown(world.document) == before


def refund(world: World) -> None:
    owing = [id for id in world.notes if number(world.shown(id), "refundDue") > 0]
    if not owing:
        return
    id = world.data.draw(st.sampled_from(owing), "refunded")
    due = number(world.shown(id), "refundDue")
    with pytest.raises(Invalid):
        world.run(RecordCreditNoteRefund(id=id, amount=due + world.step))
    command = RecordCreditNoteRefund(id=id, amount=world.data.draw(st.sampled_from([due, world.step]), "amount"))
    if number(world.shown(world.document), "balanceDue") > 0:
        with pytest.raises(InvalidTransition, match="are still due"):
            world.run(command)
        return
    world.run(command)


def take_refund_back(world: World) -> None:
    """Reverse a refund: it is to be refunded again, and once none counts, the note can be made void again."""
    notes = [note for id in world.notes if number(note := world.shown(id), "amountRefunded") > 0]
    if not notes:
        return
    note = world.data.draw(st.sampled_from(notes), "note with refunds")
    refund = world.data.draw(st.sampled_from([each for each in note["refunds"] if not each["reversedAt"]]), "refund")
    world.run(ReverseCreditNoteRefund(id=note["id"], refund_id=refund["id"], reason="It came back"))
    after = world.shown(note["id"])
    assert number(after, "refundDue") == number(note, "refundDue") + number(refund, "amount")
    assert ("void" in after["availableActions"]) == (number(after, "amountRefunded") == 0)


def pay(world: World) -> None:
    invoice = world.shown(world.document)
    balance = number(invoice, "balanceDue")
    if balance <= 0:
        return
    amount = world.data.draw(st.sampled_from([balance, world.step]), "paid")
    kind = world.data.draw(st.sampled_from([PAYMENT, PAYMENT, *KINDS]), "kind")
    reference = f"Reference {next(world.numbers)}"
    command = RecordInvoicePayment(id=world.document, amount=amount, paid_on=DAY, kind=kind, reference=reference)
    if kind in UNPAID_REMAINDERS and amount > world.left().total - written_off(world):
        with pytest.raises(Invalid, match="notes that are to be refunded have taken the rest"):
            world.run(command)
        return
    world.run(command)


def reverse(world: World) -> None:
    invoice = world.uow.get(Invoice, world.document)
    standing = [payment for payment in invoice.payments.values() if payment.is_standing]
    if standing:
        id = world.data.draw(st.sampled_from(standing), "taken back").id
        world.run(ReverseInvoicePayment(id=world.document, payment_id=id, reason="It bounced"))


def void_invoice(world: World) -> None:
    invoice = world.shown(world.document)
    if any(world.shown(id)["status"] == "issued" for id in [*world.notes, *world.debits]):
        with pytest.raises(InvalidTransition):
            world.run(UpdateInvoice(id=world.document, status="void"))
        assert world.shown(world.document) == invoice


def drafted(world: World) -> str | None:
    drafts = [id for id in world.notes if world.shown(id)["status"] == "draft"]
    return world.data.draw(st.sampled_from(drafts), "note") if drafts else None


STEPS = [draft, draft, draft, change, issue, issue, issue, void, refund, pay, reverse, void_invoice]
STEPS += [debit, debit, void_debit, take_refund_back]


@pytest.mark.thorough
@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_sequence_keeps_every_line_and_the_balance(data):
    world = World(data)
    for _ in range(data.draw(st.integers(3, 14), "steps")):
        data.draw(st.sampled_from(STEPS), "step")(world)
        world.check()


@pytest.mark.thorough
@settings(max_examples=100, deadline=None)
@given(st.data())
def test_notes_of_a_paisa_and_of_the_rest_take_the_invoice_to_the_last_paisa(data):
    world = World(data)
    for _ in range(data.draw(st.integers(0, 5), "notes")):
        if data.draw(st.booleans(), "debit"):
            debit(world)
        asked = wanted(world)
        made = decide(world, CreateCreditNote(invoice_id=world.document, reason="Returned", date=DAY, **asked), asked)
        if made is not None:
            world.notes.append(made.id)
            world.run(UpdateCreditNote(id=made.id, status="issued"))
    if world.left().total > 0:
        made = world.run(CreateCreditNote(invoice_id=world.document, reason="The rest", date=DAY))
        world.notes.append(made.id)
        world.run(UpdateCreditNote(id=made.id, status="issued"))
    world.check()
    invoice = world.shown(world.document)
    assert world.left().total == 0
    assert invoice["status"] == "paid" and number(invoice, "balanceDue") == 0
    notes = [world.shown(id) for id in world.notes]
    total = sum((number(note, "totalAmount") for note in notes), ZERO)
    assert total == number(invoice, "totalAmount") + number(invoice, "amountDebited")
    if not number(invoice, "roundOff") and not any(number(note, "untaxedAmount") for note in notes):
        for name in (*TAXES, "taxPayableByRecipient", "taxTotal"):
            assert sum((number(note, name) for note in notes), ZERO) == number(invoice, name), name


ALL_OF_IT: list[dict[str, Any]] = [{}, {"items": (NewNoteItem(1),)}, {"items": (NewNoteItem(1, Decimal(1)),)}]


@pytest.mark.parametrize("wanted", ALL_OF_IT)
@pytest.mark.parametrize(("price", "debited"), [("100", "59"), ("100", "0.01"), ("0", "5")])
def test_a_note_that_takes_what_a_debit_of_money_has_added_takes_no_more_tax_than_the_line_has(price, debited, wanted):
    note = issued_after_debit(price, debited, wanted)
    item = note.items[0]
    assert (item.taxable_amount, item.tax_amount) == (Decimal(price), Decimal(price) * Decimal("0.18"))
    assert item.untaxed_amount == Decimal(debited)


def issued_after_debit(price: str, debited: str, wanted: dict[str, Any]) -> Any:
    """Return a credit note of an invoice of one line that a debit note about money has raised."""
    uow = InMemoryUnitOfWork(AT)
    uow.supplier = organization("27")
    line = NewLineItem("Chair", Decimal(1), Decimal(price), Decimal(18))
    dates: dict[str, Any] = {"invoice_date": DAY, "due_date": date(2026, 1, 31)}
    free = NewLineItem("Table", Decimal(1), Decimal(10), Decimal(0))
    items = (line,) if price != "0" else (line, free)
    invoice = handle(
        DraftInvoice(client_id="acme", invoice_number="A1", items=items, place_of_supply="27", **dates), uow
    )
    handle(UpdateInvoice(id=invoice.id, status="sent"), uow)
    what = (NewNoteItem(1, None, Decimal(debited)),)
    command = CreateDebitNote(invoice_id=invoice.id, reason="Freight", tax_adjustment=False, items=what)
    handle(UpdateDebitNote(id=handle(command, uow).id, status="issued"), uow)
    note = handle(CreateCreditNote(invoice_id=invoice.id, reason="Returned", **wanted), uow)
    return handle(UpdateCreditNote(id=note.id, status="issued"), uow)
