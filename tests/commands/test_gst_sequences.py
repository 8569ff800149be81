"""Any sequence of drafts, changes of the party, of the profile, of places and dates, of sending, paying, reversing and
making void: the amounts are those of the naive implementation, and what was sent stays as it was."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.dispatch import handle
from commands.document import NewLineItem
from commands.invoice import DraftInvoice, RecordInvoicePayment, ReverseInvoicePayment, UpdateInvoice
from commands.memory import InMemoryUnitOfWork
from commands.overdue import RefreshDraftInvoice
from commands.parties.party import CreateParty, UpdateParty
from domain.errors import DomainError, Invalid
from domain.invoice import Invoice
from domain.tax.discount import Discount
from projections.registry import ROWS
from tests.support.gst import gstin
from tests.support.gst_documents import organization
from tests.support.naive_gst import ABROAD, NaiveDocument, NaiveLine, compute, kind_of
from tests.support.restored import check_restored
from tests.support.sample_commands import AT

NAMES = {
    "subTotal": "amount", "discountTotal": "off", "taxableAmount": "taxable", "cgst": "cgst", "sgst": "sgst",
    "igst": "igst", "cess": "cess", "taxPayableByRecipient": "payable", "taxTotal": "tax", "roundOff": "round_off",
    "totalAmount": "total",
}  # fmt: skip
KINDS = {"intra": "intra_state", "inter": "inter_state", "zero": "zero_rated", "none": None}
HOMES = (None, "04", "27", "29")
TREATMENTS = ("registered", "unregistered", "sez", "overseas", "deemed_export")
PLACES = st.sampled_from([None, "27", "29", ABROAD])
DISCOUNTS = st.sampled_from([None, {"percent": "10"}, {"percent": "33.333"}, {"amount": "0.05"}])


@dataclass(frozen=True)
class Line:
    """A line of an invoice, for both implementations."""

    quantity: str
    price: str
    rate: str
    discount: Any = None
    cess: str | None = None

    def command(self) -> NewLineItem:
        cess = None if self.cess is None else Decimal(self.cess)
        numbers = Decimal(self.quantity), Decimal(self.price), Decimal(self.rate)
        return NewLineItem("Cloth", *numbers, None, discount_of(self.discount), cess)

    def naive(self) -> NaiveLine:
        numbers = Fraction(self.quantity), Fraction(self.price), Fraction(self.rate)
        return NaiveLine(*numbers, *parts_of(self.discount), Fraction(self.cess or 0))


LINES = st.lists(
    st.builds(
        Line,
        st.sampled_from(["1", "3", "2.5"]),
        st.sampled_from(["10.10", "33.33", "100.05", "7777.77"]),
        st.sampled_from(["0", "5", "12", "18"]),
        DISCOUNTS,
        st.sampled_from([None, None, None, "12"]),
    ),
    min_size=1,
    max_size=3,
)


@dataclass
class Model:
    """What requests have said about an invoice, and what it came to when it was last computed."""

    lines: list[Line]
    of_party: bool
    place: str | None
    discount: Any
    rounds: bool
    reverse: bool
    status: str = "draft"
    amounts: Any = None
    kind: str = "none"
    paid: int = 0


def discount_of(sent: Any) -> Discount | None:
    return None if sent is None else Discount(**{name: Decimal(value) for name, value in sent.items()})


def parts_of(sent: Any) -> tuple[Fraction | None, Fraction | None]:
    found = {} if sent is None else {name: Fraction(value) for name, value in sent.items()}
    return found.get("percent"), found.get("amount")


class World:
    """An organization with a party and invoices, in memory, and the models of the invoices."""

    def __init__(self) -> None:
        serial = count(1)
        self.uow = InMemoryUnitOfWork(AT, new_id=lambda prefix: f"{prefix}_{next(serial):026}")
        self.home: str | None = "27"
        self.lut = False
        self.uow.supplier = organization("27")
        self.treatment, self.state = "registered", "29"
        party = CreateParty(name="Bharat", roles=("client",), gstin=gstin("29"))
        self.party = handle(party, self.uow).id
        self.models: dict[str, Model] = {}
        self.numbers = count(1)

    def expect(self, model: Model) -> NaiveDocument | None:
        """Return what the model is to be computed from now; None if the law does not allow it."""
        treatment, state = (self.treatment, self.state) if model.of_party else ("unregistered", None)
        place = model.place or (ABROAD if treatment == "overseas" else state) or self.home or ""
        treatment = "overseas" if not model.of_party and model.place == ABROAD else treatment
        naive = NaiveDocument(
            2, [line.naive() for line in model.lines], *parts_of(model.discount), model.rounds,
            self.home, place, treatment, self.lut, model.reverse,
        )  # fmt: skip
        is_export = place == ABROAD or treatment == "sez"
        if self.home is None and (model.reverse or any(line.cess for line in model.lines)):
            return None
        return None if model.reverse and is_export else naive

    def compute(self, model: Model, naive: NaiveDocument) -> None:
        model.amounts, model.kind = compute(naive).totals, kind_of(naive)

    def run(self, command: Any, *, is_allowed: bool = True) -> Any:
        """Run a command; return None if it is refused, which must be so exactly if it is not allowed."""
        self.uow.at += timedelta(seconds=1)
        if is_allowed:
            return handle(command, self.uow)
        with pytest.raises(Invalid):
            handle(command, self.uow)
        return None

    def check(self, id: str) -> None:
        model, events = self.models[id], [event for event in self.uow.events if event.originator_id == id]
        row: Any = ROWS["invoice"].fold_all(events)
        shown = json.loads(ROWS["invoice"].to_json(row))
        assert shown["status"] == model.status
        for name, naive in NAMES.items():
            if name in shown:
                assert Decimal(shown[name]) * 100 == model.amounts[naive], name
            else:
                assert name in ("discountTotal", "roundOff") or model.kind == "none" or naive == "payable", name
        assert shown.get("supplyType") == KINDS[model.kind]
        check_restored(Invoice, events)


def change_profile(world: World, data: Any) -> None:
    world.home, world.lut = data.draw(st.sampled_from(HOMES)), data.draw(st.booleans())
    world.uow.supplier = None if world.home is None else organization(world.home, lut=world.lut)


def change_party(world: World, data: Any) -> None:
    world.treatment, state = data.draw(st.sampled_from(TREATMENTS)), data.draw(st.sampled_from(["27", "29", "07"]))
    world.state = ABROAD if world.treatment == "overseas" else state
    number = gstin(state) if world.treatment in ("registered", "sez", "deemed_export") else None
    changes: dict[str, Any] = {
        "gst_treatment": world.treatment,
        "state_code": world.state,
        "gstin": number,
        "pan": None,
    }
    if number is not None:
        changes.pop("pan")
    world.run(UpdateParty(id=world.party, **changes))


def draft(world: World, data: Any) -> None:
    model = Model(
        data.draw(LINES), data.draw(st.booleans()), data.draw(PLACES), data.draw(DISCOUNTS), data.draw(st.booleans()),
        data.draw(st.integers(0, 4)) == 0,
    )  # fmt: skip
    naive = world.expect(model)
    command = DraftInvoice(
        client_id=world.party if model.of_party else "acme",
        invoice_number=f"A{next(world.numbers)}",
        invoice_date=date(2026, 1, 10),
        due_date=date(2026, 1, 31),
        items=tuple(line.command() for line in model.lines),
        place_of_supply=model.place,
        reverse_charge=model.reverse,
        discount=discount_of(model.discount),
        round_off="nearest" if model.rounds else None,
    )
    made = world.run(command, is_allowed=naive is not None)
    if made is not None and naive is not None:
        world.compute(model, naive)
        world.models[made.id] = model


def changed(world: World, data: Any, model: Model) -> tuple[Model, dict[str, Any]]:
    """Return a model with one change, and the fields of the request that asks for it."""
    lines, place, discount = data.draw(LINES), data.draw(PLACES), data.draw(DISCOUNTS)
    day = data.draw(st.sampled_from([date(2026, 1, 9), date(2026, 1, 11)]))
    choices: list[tuple[Model, dict[str, Any]]] = [
        (model, {}),
        (model, {"invoice_date": day}),
        (replace(model, lines=lines), {"items": tuple(line.command() for line in lines)}),
        (replace(model, place=place), {"place_of_supply": place}),
        (replace(model, discount=discount), {"discount": discount_of(discount)}),
        (replace(model, rounds=not model.rounds), {"round_off": None if model.rounds else "nearest"}),
        (replace(model, reverse=not model.reverse), {"reverse_charge": not model.reverse}),
        (replace(model, of_party=not model.of_party), {"client_id": "acme" if model.of_party else world.party}),
    ]
    return choices[data.draw(st.integers(0, len(choices) - 1))]


def change(world: World, data: Any, id: str) -> None:
    """Change something of a draft, and perhaps send it in the same request."""
    model = world.models[id]
    if model.status != "draft":
        return
    new, sent = changed(world, data, model)
    sends, naive = data.draw(st.booleans()), world.expect(new)
    status: dict[str, Any] = {"status": "sent"} if sends else {}
    if world.run(UpdateInvoice(id=id, **sent, **status), is_allowed=naive is not None) is None or naive is None:
        return
    world.compute(new, naive)
    if sends:
        new.status = "sent" if new.amounts["total"] else "paid"
    world.models[id] = new


def refresh(world: World, data: Any, id: str) -> None:
    world.run(RefreshDraftInvoice(id=id))
    model = world.models[id]
    naive = world.expect(model) if model.status == "draft" else None
    if naive is not None:
        world.compute(model, naive)


def pay(world: World, data: Any, id: str) -> None:
    model = world.models[id]
    left = 0 if model.amounts is None else model.amounts["total"] - model.paid
    if model.status not in ("sent", "partially_paid") or left < 1:
        return
    amount = data.draw(st.sampled_from(sorted({1, left})))
    world.run(RecordInvoicePayment(id=id, amount=Decimal(amount).scaleb(-2), paid_on=date(2026, 1, 20)))
    model.paid += amount
    model.status = "paid" if model.paid == model.amounts["total"] else "partially_paid"


def reverse(world: World, data: Any, id: str) -> None:
    model, invoice = world.models[id], world.uow.get(Invoice, id)
    standing = [payment for payment in invoice.payments.values() if payment.is_standing]
    if not standing:
        return
    world.run(ReverseInvoicePayment(id=id, payment_id=standing[0].id, reason="It bounced"))
    model.paid -= int(standing[0].amount.scaleb(2))
    model.status = "partially_paid" if model.paid else "sent"


def void(world: World, data: Any, id: str) -> None:
    model = world.models[id]
    try:
        handle(UpdateInvoice(id=id, status="void"), world.uow)
    except DomainError:
        assert model.status in ("paid", "partially_paid")
    else:
        model.status = "void"


ANYWHERE = (change_profile, change_party, draft)
STEPS = [*ANYWHERE, change_party, draft, change, change, change, refresh, pay, reverse, void]


@pytest.mark.thorough
@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_sequence_comes_to_what_the_naive_implementation_says(data):
    world = World()
    for _ in range(data.draw(st.integers(4, 20))):
        step = data.draw(
            st.sampled_from([change_profile, change_party, draft, draft, change, change, refresh, pay, reverse, void])
        )
        if step in (change_profile, change_party, draft):
            step(world, data)
        elif world.models:
            step(world, data, data.draw(st.sampled_from(sorted(world.models))))
        for id in world.models:
            world.check(id)
