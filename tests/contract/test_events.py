"""`/events` and the events of one object: content, order, pages, and which key sees which event."""

import pytest

from projections.views.events import public_names
from tests.support.cases import all_cases
from tests.support.client import error_of, fold_events, list_events
from tests.support.scenarios import (
    MAKERS,
    active_employee,
    active_party,
    draft_bill,
    draft_credit_note,
    draft_debit_note,
    draft_invoice,
    draft_vendor_credit,
    issued_credit_note,
    issued_debit_note,
    issued_vendor_credit,
    open_bill,
    paid_bill,
    paid_invoice,
    pending_leave,
    refunded_credit_note,
    refunded_vendor_credit,
    reverse_payment,
    reverse_refund,
    sent_invoice,
    void_bill,
    void_invoice,
)
from tests.support.waiting import wait_until

PAST_DUE = {"invoiceDate": "2026-01-01", "dueDate": "2026-01-02"}
BY_THE_SERVER = ("id", "createdAt", "updatedAt", "version", "availableActions")


def changed(api, path, *bodies):
    for body in bodies:
        api.update(path, body)
    return api.read(path)


def credited_invoice(api):
    """Make an overdue invoice that a credit note settles, and of which another one was made void."""
    invoice = sent_invoice(api, **PAST_DUE)
    first = issued_credit_note(api, invoiceId=invoice["id"], amount="100")
    issued_credit_note(api, invoiceId=invoice["id"])
    api.update(f"credit-notes/{first['id']}", {"status": "void"})
    return api.read(f"invoices/{invoice['id']}")


NOTES = ("credit_note", "debit_note", "vendor_credit")


def debited_invoice(api):
    """Make a paid invoice that is owed again because of a debit note, of which another one was made void."""
    invoice = paid_invoice(api, **PAST_DUE)
    void = issued_debit_note(api, invoiceId=invoice["id"])
    issued_debit_note(api, invoiceId=invoice["id"], amount="1.00")
    api.update(f"debit-notes/{void['id']}", {"status": "void"})
    return api.read(f"invoices/{invoice['id']}")


def credited_bill(api):
    """Make an overdue bill that a vendor credit settles, and of which another one was made void."""
    bill = open_bill(api, billDate=PAST_DUE["invoiceDate"], dueDate=PAST_DUE["dueDate"])
    first = issued_vendor_credit(api, billId=bill["id"], amount="100")
    issued_vendor_credit(api, billId=bill["id"])
    api.update(f"vendor-credits/{first['id']}", {"status": "void"})
    return api.read(f"bills/{bill['id']}")


LIVES = {
    "a paid invoice": paid_invoice,
    "an invoice whose payment bounced": lambda api: reverse_payment(api, "invoices", paid_invoice(api, **PAST_DUE)),
    "an invoice written off": lambda api: api.create(
        f"invoices/{sent_invoice(api)['id']}/payments",
        {"kind": "write_off", "amount": "82600", "paidOn": "2026-01-20", "reference": "Insolvent"},
    ),
    "a bill that was paid twice": lambda api: reverse_payment(api, "bills", paid_bill(api)),
    "a changed void invoice": lambda api: changed(
        api, f"invoices/{draft_invoice(api)['id']}", {"clientName": None, "currency": "JPY"}, {"status": "void"}
    ),
    "an overdue invoice": lambda api: changed(
        api, f"invoices/{sent_invoice(api, **PAST_DUE)['id']}", {"dueDate": "2099-01-01"}, {"notes": "soon"}
    ),
    "a paid bill": paid_bill,
    "a changed void bill": lambda api: changed(
        api, f"bills/{draft_bill(api)['id']}", {"vendorId": "other", "notes": "n"}, {"status": "void"}
    ),
    "an overdue bill": lambda api: changed(
        api, f"bills/{open_bill(api, billDate='2026-01-01', dueDate='2026-01-02')['id']}", {"dueDate": "2099-01-01"}
    ),
    "a cancelled leave": lambda api: changed(
        api, f"leaves/{pending_leave(api)['id']}", {"status": "approved", "note": "Enjoy"}, {"status": "cancelled"}
    ),
    "a changed and shortened leave": lambda api: changed(
        api,
        f"leaves/{pending_leave(api, employeeId='late', startDate='2099-06-01', endDate='2099-06-05')['id']}",
        {"reason": "A wedding", "metadata": {"form": "7"}},
        {"status": "approved"},
        {"endDate": "2099-06-03", "metadata": {"back": "early"}},
    ),
    "a changed and archived party": lambda api: changed(
        api, f"parties/{active_party(api, email='a@acme.example')['id']}", {"email": None}, {"status": "archived"}
    ),
    "a changed and archived employee": lambda api: changed(
        api, f"employees/{active_employee(api)['id']}", {"leftOn": "2026-03-31"}, {"status": "archived"}
    ),
    "an issued and refunded credit note": refunded_credit_note,
    "a credit note whose refund came back": lambda api: reverse_refund(api, "credit-notes", refunded_credit_note(api)),
    "a changed and void credit note": lambda api: changed(
        api,
        f"credit-notes/{draft_credit_note(api, amount='100.00')['id']}",
        {"items": [{"lineNumber": 1, "quantity": 1}], "notes": "Late"},
        {"status": "issued"},
        {"status": "void"},
    ),
    "an invoice with credit notes": credited_invoice,
    "a changed and void debit note": lambda api: changed(
        api,
        f"debit-notes/{draft_debit_note(api)['id']}",
        {"items": [{"lineNumber": 1, "quantity": 1}], "notes": "Late"},
        {"status": "issued"},
        {"status": "void"},
    ),
    "an invoice with debit notes": debited_invoice,
    "an issued and refunded vendor credit": refunded_vendor_credit,
    "a vendor credit whose refund came back": lambda api: reverse_refund(
        api, "vendor-credits", refunded_vendor_credit(api)
    ),
    "a changed and void vendor credit": lambda api: changed(
        api,
        f"vendor-credits/{draft_vendor_credit(api, amount='100.00')['id']}",
        {"number": "CR-B/1", "items": [{"lineNumber": 1, "quantity": 1}], "notes": "Late"},
        {"status": "issued"},
        {"status": "void"},
    ),
    "a bill with vendor credits": credited_bill,
    "a denied leave": lambda api: changed(api, f"leaves/{pending_leave(api)['id']}", {"status": "denied"}),
}


def collection_of(resource):
    kind = resource["id"].partition("_")[0]
    return {
        "inv": "invoices",
        "party": "parties",
        "cn": "credit-notes",
        "dn": "debit-notes",
        "vc": "vendor-credits",
    }.get(kind, f"{kind}s")


def test_an_event_says_what_happened_to_what_when_and_by_whom(api):
    request = {"X-Request-Id": "my-request.1"}
    invoice = api.update(f"invoices/{draft_invoice(api)['id']}", {"notes": "New"}, headers=request)
    event = api.read("events")[-1]
    assert event == {
        "id": event["id"],
        "position": event["position"],
        "livemode": True,
        "type": "invoice.updated",
        "resourceType": "invoice",
        "resourceId": invoice["id"],
        "version": 2,
        "occurredAt": invoice["updatedAt"],
        "actor": {"type": "api_key", "id": api.read("me")["key"]["id"]},
        "requestId": "my-request.1",
        "data": {"notes": "New"},
    }
    assert event["id"].startswith("evt_") and len(event["id"]) > 20


@all_cases("life", LIVES)
def test_the_changed_fields_of_all_events_together_are_the_resource(api, life):
    resource = LIVES[life](api)
    events = api.read(f"{collection_of(resource)}/{resource['id']}/events")
    for version, event in enumerate(events, 1):
        assert event["version"] == version and event["resourceId"] == resource["id"]
        assert event["type"].startswith(f"{event['resourceType']}.")
        assert set(event["data"]) <= set(resource)
    fields = fold_events(events)
    for name in set(resource) - set(BY_THE_SERVER):
        assert fields.get(name) == resource[name], name
    assert (events[0]["occurredAt"], events[-1]["occurredAt"]) == (resource["createdAt"], resource["updatedAt"])


def test_every_event_type_of_the_contract_occurs(api):
    for make in LIVES.values():
        make(api)
    shared = ["drafted", "updated", "payment_recorded", "payment_reversed", "paid", "voided"]
    shared += ["overdue", "overdue_cleared"]
    documented = {
        *(f"{kind}.{step}" for kind in ("invoice", "bill") for step in shared),
        *("invoice.sent", "bill.opened"),
        *("leave.requested", "leave.updated", "leave.approved", "leave.shortened", "leave.denied", "leave.cancelled"),
        *(f"{kind}.{step}" for kind in ("party", "employee") for step in ("created", "updated", "archived")),
        *("invoice.credited", "invoice.credit_reversed"),
        *("invoice.debited", "invoice.debit_reversed", "bill.credited", "bill.credit_reversed"),
        *(f"{kind}.{step}" for kind in NOTES for step in ("created", "updated", "issued", "voided")),
        *(f"{kind}.{step}" for kind in ("credit_note", "vendor_credit") for step in ("refunded", "refund_reversed")),
    }
    assert {event["type"] for event in list_events(api, "events", limit=100)} == documented == set(public_names())


def test_the_log_is_in_order_and_every_event_has_its_own_id(api):
    for make in LIVES.values():
        make(api)
    events = api.read("events", limit=100)
    positions = [event["position"] for event in events]
    assert positions == list(range(positions[0], positions[0] + len(events)))
    assert [event["occurredAt"] for event in events] == sorted(event["occurredAt"] for event in events)
    assert len({event["id"] for event in events}) == len(events)


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_the_links_walk_the_whole_log_in_both_directions(api, order, limit):
    void_invoice(api)
    paid_bill(api)
    log = api.read("events", limit=100)
    expected = log if order == "asc" else log[::-1]
    assert list_events(api, "events", order=order, limit=limit) == expected
    assert len(api.read("events", order=order, limit=limit)) == min(limit, len(log))


def test_after_and_before_exclude_the_position_itself(api):
    paid_invoice(api)
    log = api.read("events")
    at = log[1]["position"]
    assert api.read("events", after=at) == log[2:]
    assert api.read("events", order="desc", before=at) == log[:1]
    assert api.read("events", after=0) == log


def test_descending_pages_may_start_beyond_the_end(api):
    paid_invoice(api)
    assert api.read("events", order="desc", before=10**17) == api.read("events")[::-1]


def test_type_takes_one_or_several_types(api):
    paid_invoice(api)
    void_bill(api)
    wanted = "invoice.sent,bill.voided"
    assert [event["type"] for event in api.read("events", type=wanted)] == ["invoice.sent", "bill.voided"]
    assert [event["type"] for event in api.read("events", type="invoice.paid")] == ["invoice.paid"]


def test_next_after_advances_on_an_empty_page_too(api):
    void_invoice(api)
    end = api.read("events")[-1]["position"]
    page = api.get("events", params={"type": "bill.paid"}).json()
    assert (page["data"], page["pagination"]["nextAfter"], page["pagination"]["hasMore"]) == ([], end, False)
    paid_bill(api)
    [paid] = api.read("events", type="bill.paid", after=end)
    page = api.get("events", params={"after": paid["position"]}).json()
    assert (page["data"], page["pagination"]["nextAfter"]) == ([], paid["position"])


def test_events_of_keys_are_never_shown_and_leave_gaps(organization, api):
    first = draft_invoice(api)
    organization.new_key()
    second = draft_invoice(api)
    events = api.read("events")
    assert [event["resourceId"] for event in events] == [first["id"], second["id"]]
    assert [event["position"] for event in events] == [2, 4]
    error_of(api.get("events", params={"type": "api_key.issued"}), 400, "invalid_parameter")


@pytest.mark.parametrize(
    ("scopes", "kinds"),
    [
        (["billing:read"], {"invoice", "bill"}),
        (["leaves:read"], {"leave"}),
        (["billing:read", "leaves:read"], {"invoice", "bill", "leave"}),
        (["billing:write", "leaves:write"], set()),
        (["billing:write", "leaves:read"], {"leave"}),
    ],
)
def test_an_event_shows_only_to_a_key_with_the_read_scope_of_its_module(organization, api, scopes, kinds):
    for make in MAKERS.values():
        make(api)
    key = organization.api(scopes)
    page = key.get("events").json()
    assert {event["resourceType"] for event in page["data"]} == kinds
    types = "invoice.drafted,bill.drafted,leave.requested"
    assert {event["resourceType"] for event in key.read("events", type=types)} == kinds
    organization.new_key()
    # Another client has written: a standby that answers this key may have it a moment later.
    wait_until(lambda: key.get("events").json()["pagination"]["nextAfter"] > page["pagination"]["nextAfter"])


@all_cases("path", ["events", "invoices/{id}/events"])
@all_cases(
    "params",
    [
        *({"limit": limit} for limit in ("0", "101", "x", "")),
        *({"after": after} for after in ("-1", "1.5", "x", "", "9" * 19 + "x")),
        *({"type": word} for word in ("invoice.exploded", "invoice", "", "invoice.sent,")),
        *({"order": order} for order in ("up", "ASC", "")),
        {"order": "desc", "before": "x"},
    ],
)
def test_a_wrong_parameter_is_refused(api, path, params):
    path = path.format(id=draft_invoice(api)["id"])
    assert error_of(api.get(path, params=params), 400, "invalid_parameter")


@all_cases("params", [{"before": "1"}, {"order": "desc", "after": "1"}, {"cursor": "x"}, {"asOf": "x"}])
def test_a_parameter_of_the_other_direction_is_refused(api, params):
    error_of(api.get("events", params=params), 400, "unknown_parameter")


def test_a_refused_or_empty_change_records_no_event(api):
    invoice = sent_invoice(api)
    before = api.read("events")
    error_of(api.patch(f"invoices/{invoice['id']}", json={"status": "draft"}), 409, "invalid_transition")
    error_of(api.post("bills", json={}), 422, "validation_failed")
    api.update(f"invoices/{invoice['id']}", {"status": "sent"})
    assert api.read("events") == before
