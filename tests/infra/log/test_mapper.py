"""Between events and the text that is kept of them: what was ever stored can be read for ever."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from eventsourcing.persistence import MapperDeserialisationError

from domain.accounts.budget import Budget
from domain.accounts.organization import Organization
from domain.accounts.people import People
from domain.accounts.zones import Zones
from domain.api_key import ApiKey
from domain.bill import Bill
from domain.documents.payment import NewPayment
from domain.documents.pricing import Line
from domain.invoice import Invoice
from domain.leave import Leave
from domain.parties.employee import Employee
from domain.parties.party import Party
from domain.privacy.erasures import Erasures, OldLog
from domain.registry import EVENTS
from domain.webhook import Owner, Webhook
from infra.log.mapper import MAPPER
from infra.log.records import RecordedEvent
from tests.support.cases import all_cases
from tests.support.gst_histories import taxed_documents
from tests.support.note_histories import corrected_documents

GOLDEN = Path(__file__).parents[2] / "golden" / "events.jsonl"
"""One line for each shape that an event was ever stored in. Lines are added, and never changed or taken away."""
AT = datetime(2026, 1, 10, 9, 30, 15, 123456, UTC)
LINES = (
    Line("Consulting", Decimal(20), Decimal(3500), Decimal(18), "998311"),
    Line("Paper “A4”", Decimal("0.125"), Decimal("10.1005"), Decimal("9.975")),
)


def drafted(**changes):
    fields = {
        "number": "INV-2025-26-0001",
        "client_id": "acme",
        "client_name": "Acme Träders",
        "currency": "INR",
        "invoice_date": date(2026, 1, 10),
        "due_date": date(2026, 1, 31),
        "lines": LINES,
        "notes": "Thank you.",
    }
    return Invoice.draft("inv_1", at=AT, **{**fields, **changes})


def entered():
    return Bill.draft(
        "bill_1",
        at=AT,
        number="V-7",
        vendor_id="paper",
        vendor_name="Paper & Sons",
        currency="INR",
        bill_date=date(2026, 1, 10),
        due_date=date(2026, 1, 31),
        lines=LINES,
        notes="Thank you.",
    )


def requested(**changes):
    fields = {
        "employee_id": "e-7",
        "employee_name": "Asha Rao",
        "type": "sick",
        "start_date": date(2026, 3, 2),
        "end_date": date(2026, 3, 2),
        "day_part": "first_half",
        "reason": "Dentist",
    }
    return Leave.request("leave_1", at=AT, **{**fields, **changes})


def known():
    """Return two parties: one was changed in every field, became active again, and was archived, the other is new."""
    changed = Party.create(
        "party_1",
        at=AT,
        roles=["client"],
        name="Acme Träders",
        external_id="acme",
        gstin="27AAPFU0939F1ZV",
        email="accounts@acme.example",
        phone="+91 98450 12345",
        address="12 MG Road\nPune 411001",
        metadata={"crmId": "7"},
    )
    new = Party.create("party_2", at=AT, roles=["vendor", "client"], name="Asha Rao")
    changed.change({}, "archived", AT)
    nothing = dict.fromkeys(("gstin", "email", "phone", "address", "metadata"))
    others = {"roles": ["vendor"], "name": "Acme", "external_id": "a", "pan": None, "gst_treatment": "overseas"}
    changed.change({**nothing, **others}, "active", AT)
    changed.change({"address": "14 MG Road"}, None, AT)
    return [changed, new]


def hired():
    """Return an employee who has left, was archived and is active again."""
    changed = Employee.create(
        "employee_1",
        at=AT,
        name="Asha Rao",
        email="asha@acme.example",
        external_id="emp-7",
        joined_on=date(2024, 4, 1),
        metadata={"payroll": "1042"},
    )
    changed.change({"left_on": date(2026, 3, 31)}, "archived", AT)
    nothing = dict.fromkeys(("email", "external_id", "joined_on", "left_on", "metadata"))
    changed.change({**nothing, "name": "Asha"}, "active", AT)
    return changed


def issued(**changes):
    fields = {
        "name": "Zapier",
        "scopes": ("billing:read", "leaves:write"),
        "credit_limit": 1000,
        "key_hash": "ab" * 32,
        "last_four": "wxyz",
        "expires_at": AT + timedelta(days=1),
    }
    return ApiKey.issue("key_1", at=AT, **{**fields, **changes})


def people():
    """Return people of whom one was invited, became an admin, and was removed."""
    everybody = People.empty("ppl_1")
    everybody.add("user_1", "owner", AT)
    everybody.invite("user_2", "viewer", AT, "user_1")
    everybody.join("user_2", AT)
    everybody.change_role("user_2", "admin", AT, "viewer", "user_1")
    everybody.remove("user_2", AT, "user_1")
    return everybody


def organization():
    """Return an organization whose name, series and time zone were changed."""
    changed = Organization.empty("org_1")
    changed.update({"name": "Sharma Textiles", "series_prefix": "ST"}, Zones("Asia/Kolkata"), AT)
    changed.update({"time_zone": "America/New_York"}, Zones("Asia/Kolkata"), AT)
    return changed


def erased():
    """Return the erasures of an organization whose log was rewritten, and that has erased the data of one person."""
    erasures = Erasures.empty("erasures_1")
    erasures.upgrade(OldLog(7, "ab" * 32, "a note"), "asha", "2026-11-28T18:30:00.000000Z", AT)
    erasures.erase("party", 2, [9, 3, 4, 5], AT)
    return erasures


def budgeted():
    """Return a budget that was set and removed."""
    budget = Budget.empty("bud_1")
    budget.set(100_000, AT)
    budget.record_use(80_000, AT)
    budget.record_use(0, AT)
    budget.set(None, AT)
    return budget


def hooked():
    """Return a webhook to which everything has happened that can happen."""
    webhook = Webhook.create(
        "whk_1",
        at=AT,
        url="https://example.in/hooks",
        types=["invoice.*"],
        description="Zapier",
        ordered=False,
        scopes=["billing:read"],
        secret_id="whs_1",
        created_by=Owner("api_key", "key_1"),
    )
    webhook.change(AT, url="https://example.in/other", types=None, description=None, ordered=True)
    webhook.pause("request", AT)
    webhook.resume(AT, Owner("user", "usr_1"), from_now=True)
    webhook.disable("failing", AT)
    webhook.rotate("whs_2", timedelta(hours=24), AT)
    webhook.delete(AT)
    return webhook


def histories():
    """Aggregates to which everything has happened that can happen."""
    paid = drafted()
    changes = {
        "invoice_number": "A/1",
        "client_id": "b",
        "client_name": "B",
        "currency": "USD",
        "invoice_date": date(2026, 2, 1),
        "due_date": date(2026, 2, 2),
        "items": LINES[:1],
        "notes": "n",
    }
    paid.update(changes, AT)
    paid.update({"client_name": None, "notes": None}, AT)
    paid.transition_to("sent", AT)
    paid.refresh_overdue(date(2026, 3, 1), AT)
    day, today = date(2026, 2, 3), date(2026, 3, 1)
    paid.record_payment("pay_1", NewPayment(Decimal(1), day, method="UPI", reference="ref 1"), AT, today)
    paid.record_payment("pay_2", NewPayment(paid.balance_due, day), AT, today)
    paid.refresh_overdue(today, AT)
    paid.reverse_payment("pay_2", "The cheque bounced", day, AT, today)
    paid.record_payment("pay_4", NewPayment(Decimal("0.61"), day, "write_off", None, "Too little"), AT, today)
    void = drafted(client_name=None, notes=None, currency="JPY")
    void.update({"currency": "KWD"}, AT)
    void.transition_to("void", AT)
    void.update({"metadata": {"orderId": "SO-7", "source": "Zapier"}}, AT)
    by_hand = drafted(number="INV-2025-26-0007")
    by_hand.update({"invoice_number": "INV-2025-26-0008"}, AT)
    bill, void_bill = entered(), entered()
    changes = {
        "bill_number": "V-8",
        "vendor_id": "b",
        "vendor_name": None,
        "currency": "USD",
        "notes": None,
        "bill_date": date(2026, 2, 1),
        "due_date": date(2026, 2, 2),
        "items": LINES[:1],
    }
    bill.update(changes, AT)
    bill.update({"currency": "JPY"}, AT)
    bill.transition_to("open", AT)
    bill.refresh_overdue(date(2026, 3, 1), AT)
    bill.record_payment("pay_3", NewPayment(bill.balance_due, day, "tds", "NEFT"), AT, today)
    bill.refresh_overdue(today, AT)
    bill.reverse_payment("pay_3", "Paid twice", None, AT, today)
    void_bill.update({"metadata": {"a": "é"}}, AT)
    void_bill.update({"metadata": {"a": None}}, AT)
    void_bill.transition_to("void", AT)
    approved, denied = requested(), requested(employee_name=None, reason=None, day_part="full")
    approved.decide("approved", "Get well", AT, date(2026, 3, 1))
    approved.decide("cancelled", "She is well again", AT, date(2026, 3, 1))
    denied.decide("denied", "We are few that day", AT, date(2026, 3, 1))
    denied.change({"metadata": {"orderId": ""}}, AT, date(2026, 3, 1))
    changed = requested()
    days = {"start_date": date(2026, 3, 3), "end_date": date(2026, 3, 6), "day_part": None}
    changed.change({**days, "type": "earned", "reason": None}, AT, date(2026, 3, 1))
    changed.change({"start_part": "second_half", "end_part": "first_half"}, AT, date(2026, 3, 1))
    changed.decide("approved", None, AT, date(2026, 3, 1))
    changed.change({"end_date": date(2026, 3, 5), "end_part": None}, AT, date(2026, 3, 1))
    changed.change({"end_date": date(2026, 3, 3)}, AT, date(2026, 3, 1))
    rotated, revoked = issued(allowed_cidrs=["10.0.0.1", "2001:db8::/32"], burst=10), issued(expires_at=None)
    revoked.change(AT, name="Make", scopes=["billing:read"], credit_limit=5000, expires_at=AT + timedelta(days=2))
    revoked.change(AT, expires_at=None)
    revoked.change(AT, allowed_cidrs=["203.0.113.0/24"])
    revoked.change(AT, allowed_cidrs=[], burst=1000)
    revoked.change(AT, burst=None)
    rotated.rotate("cd" * 32, "mnop", timedelta(hours=24), AT)
    revoked.record_use(4_000, AT)
    revoked.record_use(3_750, AT)
    rotated.expire(AT + timedelta(days=1))
    revoked.revoke(AT)
    others = [hooked(), budgeted(), people(), organization(), erased(), *known(), hired()]
    taxed = [*taxed_documents(AT), *corrected_documents(AT)]
    return [*taxed, paid, void, by_hand, bill, void_bill, approved, denied, changed, rotated, revoked, *others]


EXAMPLES = [event for aggregate in histories() for event in aggregate.pending_events]


def recorded(name, schema_version, state):
    return RecordedEvent(1, "x_1", 3, name, schema_version, state, "{}", AT)


def golden():
    return [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines()]


def stored_line(event):
    """What an event looks like in the golden file."""
    state = MAPPER.to_stored_event(event).state.decode()
    return {"name": event.topic, "schemaVersion": event.schema_version, "state": state}


def test_there_is_an_example_of_every_event():
    assert {event.topic for event in EXAMPLES} == set(EVENTS)


@all_cases("number", range(len(EXAMPLES)), ids=lambda number: f"{number}-{EXAMPLES[number].topic}")
def test_an_event_comes_back_as_it_went(number):
    event = EXAMPLES[number]
    state = MAPPER.to_stored_event(event).state.decode()
    key = event.originator_id, event.originator_version
    back = MAPPER.event(RecordedEvent(7, *key, event.topic, event.schema_version, state, "{}", AT))
    assert back == msgspec.structs.replace(event, timestamp=AT)
    assert type(back) is type(event)


@all_cases("event", EXAMPLES, ids=lambda event: event.topic)
def test_what_has_a_column_of_its_own_is_not_stored_twice(event):
    state = json.loads(MAPPER.to_stored_event(event).state)
    assert not {"originatorId", "originatorVersion", "timestamp"} & set(state)


def test_every_event_is_in_the_golden_file_in_its_present_shape():
    names = {(line["name"], line["schemaVersion"]) for line in golden()}
    assert {(name, event.schema_version) for name, event in EVENTS.items()} <= names


def test_every_field_of_every_event_is_in_the_golden_file():
    for name, event in EVENTS.items():
        fields = {field.encode_name for field in msgspec.structs.fields(event)}
        columns = {"originatorId", "originatorVersion", "timestamp", "erased"}
        states = [json.loads(line["state"]) for line in golden() if line["name"] == name]
        assert fields - columns <= {field for state in states for field in state}, name


@all_cases("line", golden(), ids=lambda line: f"{line['name']}-{line['schemaVersion']}")
def test_whatever_was_ever_stored_still_loads(line):
    event = MAPPER.event(recorded(line["name"], line["schemaVersion"], line["state"]))
    assert (event.originator_id, event.originator_version, event.timestamp) == ("x_1", 3, AT)
    if line["schemaVersion"] == event.schema_version:
        assert MAPPER.to_stored_event(event).state.decode() == line["state"]


def test_what_happens_today_is_stored_as_the_golden_file_says():
    known = [line for line in golden() if line["schemaVersion"] == EVENTS[line["name"]].schema_version]
    assert all(stored_line(event) in known for event in EXAMPLES)


DAMAGED = {
    "no JSON": ("invoice.sent", 1, '{"status":'),
    "a lacking field": ("invoice.sent", 1, '{"status":"sent"}'),
    "a wrong type": ("invoice.sent", 1, '{"status":5,"sentAt":"x"}'),
    "an unknown name": ("invoice.eaten", 1, "{}"),
    "a shape that nothing lifts": ("invoice.sent", 0, '{"status":"sent","sentAt":"x"}'),
    "a shape that is newer than the code": ("invoice.sent", 99, '{"status":"sent","sentAt":"x"}'),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_a_state_that_cannot_be_read_is_named(case):
    with pytest.raises(MapperDeserialisationError) as raised:
        MAPPER.event(recorded(*DAMAGED[case]))
    assert f"'{DAMAGED[case][0]}' (version 3 of x_1)" in str(raised.value)
