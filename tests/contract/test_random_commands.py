"""Random commands on invoices and bills: the API's responses, the folded events and a small model agree."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, multiple, rule

from tests.support.client import data_of
from tests.support.machine import Machine, run_machine
from tests.support.oracle import DUE, ISSUED, LINES, PAISA, STATUSES, Document
from tests.support.scenarios import bill_body, invoice_body

NUMBERS = {"INV-7": "inv-7", "inv-7 ": "inv-7", "ＩＮＶ－７": "inv-7", "B/8": "b/8", "b/8": "b/8"}
"""Numbers of bills, of one vendor and one year, with what they are compared by."""
KINDS = ("payment", "payment", "tds", "write_off", "round_off")


class Business(Machine):
    """One organization, to which anything may happen that its API takes."""

    documents: Bundle[Document] = Bundle("documents")

    def __init__(self):
        super().__init__()
        self.paid = 0
        self.numbered: list[tuple[str, Document]] = []

    @rule(target=documents, kind=st.sampled_from(list(ISSUED)), due=st.sampled_from(DUE), one=st.sampled_from(LINES))
    def draft(self, kind, due, one):
        body = (invoice_body if kind == "invoices" else bill_body)(dueDate=due, items=[one])
        resource = self.api.create(kind, body)
        model = Document(kind, resource["id"], due, [one])
        self.agree(model, resource)
        return model

    @rule(
        target=documents,
        number=st.sampled_from(list(NUMBERS)),
        due=st.sampled_from(DUE),
        one=st.sampled_from(LINES),
    )
    def enter(self, number, due, one):
        key = NUMBERS[number]
        holder = next((bill for held, bill in self.numbered if held == key and bill.status != "void"), None)
        response = self.api.post("bills", json=bill_body(billNumber=number, dueDate=due, items=[one]))
        if holder is not None:
            assert self.refused(holder, response, 409, "duplicate_number")["conflictingId"] == holder.id
            return multiple()
        bill = data_of(response, 201)
        model = Document("bills", bill["id"], due, [one])
        self.numbered.append((key, model))
        self.agree(model, bill)
        return model

    @rule(target=documents, which=st.integers(0, 9), number=st.sampled_from(list(NUMBERS)))
    def void_and_enter_again(self, which, number):
        """Make a bill void, if its status allows that, and enter a number, its own or another one."""
        if not self.numbered:
            return multiple()
        _, model = self.numbered[which % len(self.numbered)]
        self.patch(model=model, changes={"status": "void"})
        return self.enter(number=number, due=model.due, one=model.lines[0])

    @rule(
        model=documents,
        changes=st.fixed_dictionaries(
            {},
            optional={
                "dueDate": st.sampled_from(DUE),
                "notes": st.sampled_from([None, "", "Thank you"]),
                "items": st.lists(st.sampled_from(LINES), min_size=1, max_size=3),
                "status": st.sampled_from(STATUSES),
            },
        ),
    )
    def patch(self, model, changes):
        response = self.api.patch(f"{model.kind}/{model.id}", json=changes)
        fields = {name: value for name, value in changes.items() if name != "status"}
        status = changes.get("status", model.status)
        if status in set(ISSUED.values()) - {model.issued}:
            self.refused(model, response, 422, "validation_failed")
        elif not set(fields) <= model.writable():
            self.refused(model, response, 422, "read_only_field")
        elif status != model.status and status not in model.steps():
            assert self.refused(model, response, 409, "invalid_transition")["allowed"] == model.steps()
        else:
            model.change(fields)
            model.step(status)
            model.settle()
            self.agree(model, data_of(response, 200))

    @rule(model=documents, how=st.sampled_from(["a part", "all", "too much"]), kind=st.sampled_from(KINDS))
    def pay(self, model, how, kind):
        due = model.balance
        amount = {"a part": PAISA, "all": due or PAISA, "too much": due + PAISA}[how]
        self.paid += 1
        body = {"kind": kind, "amount": str(amount), "paidOn": "2026-01-20", "reference": f"UTR {self.paid}"}
        response = self.api.post(f"{model.kind}/{model.id}/payments", json=body)
        if amount > due:
            self.refused(model, response, 422, "amount_exceeds_balance")
        elif model.status not in (model.issued, "partially_paid"):
            assert self.refused(model, response, 409, "invalid_transition")["allowed"] == model.steps()
        else:
            document = data_of(response, 201)
            model.pay(document["payments"][-1]["id"], kind, amount)
            model.settle()
            self.agree(model, document)
            again = self.api.post(f"{model.kind}/{model.id}/payments", json=body)
            error = self.refused(model, again, 409, "duplicate_payment")
            assert error["conflictingId"] == document["payments"][-1]["id"]

    @rule(model=documents, which=st.integers(0, 3), twice=st.booleans())
    def reverse(self, model, which, twice):
        if not model.payments:
            return
        id = model.payments[which % len(model.payments)][0]
        path = f"{model.kind}/{model.id}/payments/{id}/reversal"
        document = data_of(self.api.post(path, json={"reason": "The cheque bounced"}), 201)
        model.reverse(id)
        model.settle()
        self.agree(model, document)
        if twice:
            self.refused(model, self.api.post(path, json={"reason": "Again"}), 409, "already_reversed")


@pytest.mark.parametrize("examples", [3, pytest.param(10, marks=pytest.mark.long)])
def test_the_answers_the_events_and_the_model_agree_whatever_is_done(service, owner, examples):
    run_machine(Business, examples, steps=25, service=service, owner=owner)
