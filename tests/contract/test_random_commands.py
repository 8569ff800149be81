"""Random commands on invoices, bills and leaves: the API's responses, the folded events and a small model agree."""

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule, run_state_machine_as_test

from tests.support.client import data_of, error_of
from tests.support.oracle import DUE, ISSUED, LINES, PAISA, STATUSES, Document, Leave, fold
from tests.support.organization import Organization
from tests.support.scenarios import bill_body, invoice_body, leave_body

KINDS = ("payment", "payment", "tds", "write_off", "round_off")
HALVES = ("first_half", "second_half")


class Business(RuleBasedStateMachine):
    """One organization, to which anything may happen that its API takes."""

    service: Any
    owner: Any
    documents: Bundle[Document] = Bundle("documents")
    leaves: Bundle[Leave] = Bundle("leaves")

    def __init__(self):
        super().__init__()
        self.organization = Organization(self.service.url, self.owner)
        self.api = self.organization.api()
        self.asked_for: list[Leave] = []
        self.paid = 0

    def teardown(self):
        self.organization.close()

    def agree(self, model, resource):
        """All tell the same of the object: the answer, the list of its events, each of its versions, and the model."""
        path = f"{model.kind}/{model.id}"
        assert {name: resource[name] for name in model.shown()} == model.shown()
        assert self.api.read(path) == resource
        events = self.api.read(f"{path}/events")
        assert [event["type"].partition(".")[2] for event in events] == model.events
        for version, state in enumerate(fold(events), 1):
            then = self.api.read(path, version=version)
            assert {name: then[name] for name in state} == state
        assert then == resource

    def refused(self, model, response, status, code):
        """The answer says so, and nothing has happened."""
        error = error_of(response, status, code)
        self.agree(model, self.api.read(f"{model.kind}/{model.id}"))
        return error

    @rule(target=documents, kind=st.sampled_from(list(ISSUED)), due=st.sampled_from(DUE), one=st.sampled_from(LINES))
    def draft(self, kind, due, one):
        body = (invoice_body if kind == "invoices" else bill_body)(dueDate=due, items=[one])
        resource = self.api.create(kind, body)
        model = Document(kind, resource["id"], due, [one])
        self.agree(model, resource)
        return model

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
            if amount <= model.balance and model.status == "partially_paid":
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

    @rule(
        target=leaves,
        employee=st.sampled_from(["asha", "ravi"]),
        begun=st.booleans(),
        start=st.integers(0, 3),
        length=st.integers(1, 3),
        part=st.sampled_from(["full", "full", "first_half", "second_half"]),
    )
    def request(self, employee, begun, start, length, part):
        first = date(2026 if begun else 2099, 3, 1) + timedelta(start)
        days = [first + timedelta(number) for number in range(length if part == "full" else 1)]
        halves = frozenset((day, half) for day in days for half in (0, 1) if part in ("full", HALVES[half]))
        body = leave_body(employeeId=employee, startDate=str(days[0]), endDate=str(days[-1]), dayPart=part)
        response = self.api.post("leaves", json=body)
        others = {
            other.id: other
            for other in self.asked_for
            if other.employee == employee and other.status in ("pending", "approved") and other.halves & halves
        }
        if others:
            model = others[error_of(response, 409, "leave_overlap")["conflictingId"]]
            self.agree(model, self.api.read(f"leaves/{model.id}"))
            return model
        resource = data_of(response, 201)
        model = Leave(resource["id"], employee, halves, begun)
        self.asked_for.append(model)
        self.agree(model, resource)
        return model

    @rule(
        model=leaves,
        status=st.sampled_from(["pending", "approved", "denied", "cancelled"]),
        note=st.sampled_from([None, "Enjoy"]),
    )
    def decide(self, model, status, note):
        response = self.api.patch(f"leaves/{model.id}", json={"status": status, "note": note})
        if status == model.status and note not in (None, model.note):
            self.refused(model, response, 422, "read_only_field")
        elif status != model.status and status not in model.steps():
            assert self.refused(model, response, 409, "invalid_transition")["allowed"] == model.steps()
        else:
            if status != model.status:
                model.note = model.note if status == "cancelled" and note is None else note
                model.status = status
                model.events.append(status)
            self.agree(model, data_of(response, 200))


def test_the_answers_the_events_and_the_model_agree_whatever_is_done(service, owner):
    machine = type("Machine", (Business,), {"service": service, "owner": owner})
    bounds = settings(
        max_examples=10,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
        database=None,
    )
    run_state_machine_as_test(machine, settings=bounds)
