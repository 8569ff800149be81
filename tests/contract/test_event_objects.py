"""`include=object`: each event with the resource as it stood after it, on the log and on an object's events."""

import pytest

from tests.support.cases import all_cases
from tests.support.client import error_of, list_events
from tests.support.scenarios import (
    LINE,
    MAKERS,
    draft_invoice,
    open_bill,
    paid_bill,
    paid_invoice,
    pay_invoice,
    pending_leave,
    sent_invoice,
    void_bill,
    void_invoice,
)

COLLECTIONS = {"invoice": "invoices", "bill": "bills", "leave": "leaves"}
MEBIBYTE = 1024 * 1024


def decided_leave(api):
    return api.update(f"leaves/{pending_leave(api)['id']}", {"status": "approved", "note": "Enjoy"})


def without_object(event):
    return {name: value for name, value in event.items() if name != "object"}


LIVES = (paid_invoice, void_invoice, paid_bill, void_bill, decided_leave, pending_leave, open_bill, draft_invoice)


@pytest.fixture
def lived(api):
    """Objects of each kind, to which something has happened."""
    for make in LIVES:
        make(api)
    return api


@all_cases("order", ["asc", "desc"])
@all_cases("limit", [1, 3, 100])
def test_each_event_comes_with_the_object_as_it_stood_then(lived, order, limit):
    events = list_events(lived, "events", order=order, limit=limit, include="object")
    assert len(events) > 12
    for event in events:
        path = f"{COLLECTIONS[event['resourceType']]}/{event['resourceId']}"
        assert event["object"] == lived.read(path, version=event["version"])
    assert [without_object(event) for event in events] == list_events(lived, "events", order=order, limit=limit)


@all_cases("collection", MAKERS)
def test_the_events_of_an_object_have_it_too(api, collection):
    path = f"{collection}/{MAKERS[collection](api)['id']}"
    step = {"invoices": "void", "bills": "void", "leaves": "denied"}[collection]
    api.update(path, {"status": step})
    events = api.read(f"{path}/events", include="object")
    assert [event["object"]["status"] for event in events][-1] == step
    assert [event["object"] for event in events] == [api.read(path, version=n + 1) for n in range(len(events))]


def test_a_part_of_a_history_is_folded_from_its_beginning(api):
    invoice = sent_invoice(api)
    for _ in range(5):
        pay_invoice(api, invoice, "1.00")
    path = f"invoices/{invoice['id']}"
    middle = api.read(f"{path}/events")[3]
    [event] = api.read("events", after=middle["position"] - 1, limit=1, include="object")
    assert event["object"] == api.read(path, version=4) and len(event["object"]["payments"]) == 2


def test_a_filter_by_type_leaves_out_events_but_not_their_effects(api):
    invoice = paid_invoice(api)
    [event] = api.read("events", type="invoice.paid", include="object")
    assert event["object"] == api.read(f"invoices/{invoice['id']}")


@pytest.mark.parametrize(("scope", "kinds"), [("billing:read", {"invoice", "bill"}), ("leaves:read", {"leave"})])
def test_a_key_sees_the_objects_of_its_scopes_alone(organization, api, scope, kinds):
    for make in LIVES:
        make(api)
    events = organization.api(scopes=[scope]).read("events", limit=100, include="object")
    assert {event["resourceType"] for event in events} == kinds
    assert all(event["object"]["id"] == event["resourceId"] for event in events)


def test_it_costs_one_credit(api):
    paid_invoice(api)
    before = api.read("usage")["used"]
    assert len(api.read("events", include="object")) > 2
    assert api.read("usage")["used"] == before + 1


@all_cases("value", ["items", "Object", "object,object", "", "objects", "resource", "\0"])
@all_cases("path", ["events", "bills/bill_1/events"])
def test_nothing_else_can_be_included(api, path, value):
    error = error_of(api.get(path, params={"include": value}), 400, "invalid_parameter")
    assert [detail["field"] for detail in error["details"]] == ["include"]


OUTCOME = ("status", "amountPaid", "balanceDue", "paidAt", "isOverdue")


@pytest.mark.parametrize("due", ["2026-01-31", "2099-01-31"], ids=["overdue", "in time"])
@pytest.mark.parametrize(("collection", "make"), [("invoices", sent_invoice), ("bills", open_bill)])
def test_a_payment_in_full_carries_the_state_that_it_leaves(api, collection, make, due):
    path = f"{collection}/{make(api, dueDate=due)['id']}"
    api.create(f"{path}/payments", {"amount": "600.00", "paidOn": "2026-02-02"})
    paid = api.create(f"{path}/payments", {"amount": "82000.00", "paidOn": "2026-02-03"})
    steps = [event for event in api.read(f"{path}/events", include="object") if "payments" in event["data"]]
    assert [step["data"]["status"] for step in steps] == ["partially_paid", "paid"]
    assert {name: steps[1]["object"][name] for name in OUTCOME} == {name: paid[name] for name in OUTCOME}
    assert steps[1]["data"].items() >= {"status": "paid", "balanceDue": "0.00", "paidAt": paid["paidAt"]}.items()
    assert ("isOverdue" in steps[1]["data"]) == (due == "2026-01-31")
    assert api.read("events", type=steps[1]["type"], include="object") == steps


def test_what_a_payment_in_full_means_still_has_events_of_its_own(api):
    path = f"invoices/{sent_invoice(api, dueDate='2026-01-31')['id']}"
    paid = api.create(f"{path}/payments", {"amount": "82600.00", "paidOn": "2026-02-03"})
    *_, cleared = events = api.read(f"{path}/events", include="object")
    assert [event["type"] for event in events][-3:] == [
        "invoice.payment_recorded",
        "invoice.paid",
        "invoice.overdue_cleared",
    ]
    assert [event["data"] for event in events][-2:] == [
        {"status": "paid", "paidAt": paid["paidAt"]},
        {"isOverdue": False},
    ]
    assert cleared["object"] == paid


def heavy(**fields):
    return {"items": [{**LINE, "description": "\u20b9" * 480}] * 200, **fields}


def pages_of(api, path, **params):
    response = api.get(path, params=params)
    pages = [response]
    while response.json()["pagination"]["hasMore"]:
        response = api.get(response.json()["pagination"]["nextUrl"])
        pages.append(response)
    return pages


@pytest.fixture
def large_events(api):
    """14 events of large invoices, and then 12 of small changes of three of these."""
    invoices = [draft_invoice(api, **heavy()) for _ in range(14)]
    for invoice in invoices[:3]:
        for note in range(4):
            api.update(f"invoices/{invoice['id']}", {"notes": str(note)})
    return api


@all_cases("order", ["asc", "desc"])
@all_cases("include", [{}, {"include": "object"}])
def test_a_page_of_large_events_ends_before_4_mebibytes(large_events, order, include):
    pages = pages_of(large_events, "events", order=order, limit=100, **include)
    positions = [event["position"] for page in pages for event in page.json()["data"]]
    expected = range(2, 2 + 14 + 12)
    assert positions == list(expected if order == "asc" else expected[::-1])
    assert len(pages) > 1 and all(len(page.content) <= 4 * MEBIBYTE for page in pages)
    assert all(page.json()["data"] for page in pages)


def test_small_changes_of_a_large_object_are_limited_too(api):
    invoice = draft_invoice(api, **heavy())
    for note in range(30):
        api.update(f"invoices/{invoice['id']}", {"notes": str(note)})
    pages = pages_of(api, f"invoices/{invoice['id']}/events", limit=100, include="object")
    events = [event for page in pages for event in page.json()["data"]]
    assert [event["object"]["notes"] for event in events] == [None, *map(str, range(30))]
    assert len(pages) > 1 and all(len(page.content) <= 4 * MEBIBYTE for page in pages)
