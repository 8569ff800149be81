"""Random commands over HTTP: after each step the API's answer, the fold of the events, and a small model agree."""

from copy import deepcopy
from decimal import Decimal

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, multiple, rule, run_state_machine_as_test

from tests.model import TERMS, Document, Leave, Refusal
from tests.support import Organization, data_of, error_of, folded

BY_THE_SERVER = ("id", "createdAt", "updatedAt", "version", "availableActions")
LINES = st.builds(
    lambda quantity, price, rate: {"description": "x", "quantity": quantity, "unitPrice": price, "taxRate": rate},
    st.integers(1, 3),
    st.sampled_from([0, 10, 100]),
    st.sampled_from([0, 5, 18]),
)
VALUES = {
    "day": st.sampled_from(["2026-03-31", "2026-04-01"]),
    "number": st.sampled_from(["N/1", "N/2", "N/3"]),
    "party": st.sampled_from(["acme", "zen"]),
    "dueDate": st.sampled_from(["2026-03-31", "2026-05-01", "2099-01-31"]),
    "items": st.lists(LINES, min_size=1, max_size=2),
    "notes": st.sampled_from([None, "a", "b"]),
}
SPANS = st.tuples(st.sampled_from(["2026-02-0", "2099-02-0"]), st.integers(2, 3), st.sampled_from([-1, 0, 0, 0, 1]))
# A step costs several requests, so a failure is told as it was found: to make it smaller would take minutes.
LIMITS = settings(
    phases=[Phase.generate],
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)


class Books(RuleBasedStateMachine):
    """One organization's documents and leaves, driven through the API."""

    documents = Bundle("documents")
    leaves = Bundle("leaves")

    def __init__(self, url, owner):
        super().__init__()
        self.organization = Organization(url, owner)
        self.api = self.organization.api()
        self.objects, self.log, self.sent = {}, [], []

    def teardown(self):
        """The lists and the whole log are what the model says."""
        for collection in ("invoices", "bills", "leaves"):
            listed = {found["id"]: found["version"] for found in self.api.got(collection, limit=100)}
            mine = {id: found.version for id, found in self.objects.items() if found.collection == collection}
            assert listed == mine
        events = self.api.got("events", limit=100) if self.log else []
        assert [(event["resourceId"], event["version"], event["type"]) for event in events] == self.log[:100]
        self.organization.close()

    @rule(target=documents, collection=st.sampled_from([*TERMS]), data=st.data())
    def draft(self, collection, data):
        body = {self._name(collection, field): data.draw(values, field) for field, values in VALUES.items()}
        return self._make(collection, body, lambda: Document(collection, body))

    @rule(document=documents, wanted=st.sets(st.sampled_from(["status", *VALUES])), version=st.data())
    def patch(self, document, wanted, version):
        terms = TERMS[self.objects[document].collection]
        values = {**VALUES, "status": st.sampled_from(["draft", terms["issued"], terms["issued"], "void", "paid"])}
        names = {field: self._name(self.objects[document].collection, field) for field in wanted}
        body = {names[field]: version.draw(values[field], field) for field in sorted(wanted)}
        self._change(document, "PATCH", "", body, Document.patch, version)

    @rule(document=documents, version=st.data())
    def issue(self, document, version):
        body = {"status": TERMS[self.objects[document].collection]["issued"]}
        self._change(document, "PATCH", "", body, Document.patch, version)

    @rule(
        document=documents,
        share=st.sampled_from(["1.00", "10.5", "all", "more"]),
        day=st.sampled_from(["2026-01-20", "2026-01-20", "2099-01-01"]),
        version=st.data(),
    )
    def pay(self, document, share, day, version):
        due = max(self.objects[document].balance, Decimal("0.01"))
        amount = {"all": due, "more": due + Decimal("0.01")}.get(share, share)
        body = {"amount": str(amount), "paidOn": day}
        pay = lambda model, body, is_stale: model.pay(Decimal(body["amount"]), body["paidOn"], is_stale)  # noqa: E731
        self._change(document, "POST", "/payments", body, pay, version)

    @rule(
        target=leaves,
        employee=st.sampled_from(["asha", "asha", "ravi"]),
        span=SPANS,
        part=st.sampled_from(["full", "first_half", "second_half"]),
    )
    def request(self, employee, span, part):
        month, first, more = span
        body = {"employeeId": employee, "type": "sick", "startDate": f"{month}{first}", "dayPart": part}
        body["endDate"] = f"{month}{first + more}"
        return self._make("leaves", body, lambda: Leave(body))

    @rule(
        leave=leaves,
        status=st.sampled_from([None, "pending", "approved", "denied", "cancelled", "cancelled"]),
        note=st.sampled_from([None, None, "n", "m"]),
        version=st.data(),
    )
    def decide(self, leave, status, note, version):
        body = {name: value for name, value in (("status", status), ("note", note)) if value is not None}
        self._change(leave, "PATCH", "", body, Leave.decide, version)

    @rule(data=st.data())
    def send_again(self, data):
        """The answer of then, whatever has happened since; the log is compared in the end."""
        if self.sent:
            method, path, body, headers, answer = data.draw(st.sampled_from(self.sent))
            again = self.api.request(method, path, json=body, headers=headers)
            assert (again.status_code, again.content) == (answer.status_code, answer.content)
            assert again.headers["Idempotent-Replayed"] == "true"

    @staticmethod
    def _name(collection, field):
        return TERMS[collection].get(field, field)

    def _make(self, collection, body, make):
        try:
            model = make()
            self._clash(model)
        except Refusal as refusal:
            self._send("POST", collection, body, {}, refusal)
            return multiple()
        made = self._send("POST", collection, body, {})
        self.objects[made["id"]] = model
        self._agree(made, model, [])
        return made["id"]

    def _change(self, id, method, action, body, act, version):
        model = deepcopy(self.objects[id])
        before = list(model.log)
        seen = version.draw(st.sampled_from([None, None, model.version, model.version + 1]), "If-Match")
        headers = {} if seen is None else {"If-Match": f'"{seen}"'}
        path = f"{model.collection}/{id}{action}"
        try:
            act(model, body, seen not in (None, model.version))
            self._clash(model, id)
        except Refusal as refusal:
            self._send(method, path, body, headers, refusal)
            current = self.api.got(f"{model.collection}/{id}")
            assert current["version"] == self.objects[id].version
            return
        answer = self._send(method, path, body, headers)
        self.objects[id] = model
        self._agree(answer, model, before)

    def _clash(self, model, id=None):
        others = [other for key, other in self.objects.items() if key != id and other.collection == model.collection]
        if isinstance(model, Document):
            if any(model.number_key() == other.number_key() for other in others):
                raise Refusal(409, ["duplicate_number"])
        elif any(model.halves() & other.halves() for other in others):
            raise Refusal(409, ["leave_overlap"])

    def _send(self, method, path, body, headers, refusal=None):
        headers = {**headers, "Idempotency-Key": f"step-{len(self.sent)}"}
        answer = self.api.request(method, path, json=body, headers=headers)
        if refusal is not None:
            error_of(answer, refusal.status, refusal.code)
            return None
        self.sent.append((method, path, body, headers, answer))
        return data_of(answer, 201 if method == "POST" else 200)

    def _agree(self, answer, model, before):
        """The answer is what the model says, what is read again, and what the events add up to."""
        id, path = answer["id"], f"{model.collection}/{answer['id']}"
        assert {name: answer[name] for name in model.shown()} == model.shown()
        events = self.api.got(f"{path}/events", limit=100)
        assert [event["type"] for event in events] == model.log and model.log[: len(before)] == before
        fields = folded(events)
        assert {name: fields.get(name) for name in answer if name not in BY_THE_SERVER} == {
            name: value for name, value in answer.items() if name not in BY_THE_SERVER
        }
        assert self.api.got(path) == self.api.got(path, version=answer["version"]) == answer
        new = model.log[len(before) :]
        self.log += [(id, version, name) for version, name in enumerate(new, len(before) + 1)]


def test_whatever_is_asked_the_api_the_events_and_the_model_agree(service, owner):
    class TheseBooks(Books):
        def __init__(self):
            super().__init__(service.url, owner)

    run_state_machine_as_test(TheseBooks, settings=LIMITS)
