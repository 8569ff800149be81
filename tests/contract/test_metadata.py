"""Metadata: pairs of texts on invoices, bills and leaves, merged by changes, in every state and in every past."""

import pytest

from tests.support.cases import all_cases
from tests.support.client import error_of
from tests.support.scenarios import (
    MAKERS,
    draft_bill,
    draft_invoice,
    invoice_body,
    open_bill,
    paid_bill,
    paid_invoice,
    partially_paid_invoice,
    pending_leave,
    sent_invoice,
    void_bill,
    void_invoice,
)

FIFTY = {f"k{number}": str(number) for number in range(50)}


def leave_in(status):
    return lambda api: api.update(f"leaves/{pending_leave(api)['id']}", {"status": status})


STATES = {
    "a draft": ("invoices", draft_invoice),
    "a sent invoice": ("invoices", sent_invoice),
    "a partially paid invoice": ("invoices", partially_paid_invoice),
    "a paid invoice": ("invoices", paid_invoice),
    "a void invoice": ("invoices", void_invoice),
    "a draft of a bill": ("bills", draft_bill),
    "an open bill": ("bills", open_bill),
    "a paid bill": ("bills", paid_bill),
    "a void bill": ("bills", void_bill),
    "a pending leave": ("leaves", pending_leave),
    "an approved leave": ("leaves", leave_in("approved")),
    "a denied leave": ("leaves", leave_in("denied")),
    "a cancelled leave": ("leaves", leave_in("cancelled")),
}


@all_cases("state", STATES)
def test_metadata_can_be_changed_in_every_state_and_changes_nothing_else(api, state):
    collection, make = STATES[state]
    before = make(api)
    assert before["metadata"] == {}
    path = f"{collection}/{before['id']}"
    after = api.update(path, {"metadata": {"orderId": "1042", "a.b-c_D": ""}})
    differ = {name for name in after if after[name] != before[name]}
    assert differ == {"metadata", "updatedAt", "version"}
    assert after["metadata"] == {"orderId": "1042", "a.b-c_D": ""}
    assert after["version"] == before["version"] + 1
    assert api.read(path) == after
    assert api.read(path, version=before["version"])["metadata"] == {}
    event = api.read(f"{path}/events")[-1]
    assert event["type"].endswith(".updated") and event["data"] == {"metadata": after["metadata"]}


@all_cases("collection", MAKERS)
@all_cases(
    ("changes", "expected"),
    [
        ({"c": "3"}, {"a": "1", "b": "2", "c": "3"}),
        ({"a": "other"}, {"a": "other", "b": "2"}),
        ({"a": None}, {"b": "2"}),
        ({"a": None, "b": None}, {}),
        ({"a": None, "c": "é\u200b\n"}, {"b": "2", "c": "é\u200b\n"}),
        ({"A": "upper"}, {"a": "1", "b": "2", "A": "upper"}),
        ({"a": ""}, {"a": "", "b": "2"}),
        (None, {}),
        ("", {}),
    ],
)
def test_a_change_merges_and_null_removes(api, collection, changes, expected):
    path = f"{collection}/{MAKERS[collection](api, metadata={'a': '1', 'b': '2'})['id']}"
    assert api.update(path, {"metadata": changes})["metadata"] == expected
    assert api.read(path)["metadata"] == expected


@all_cases("collection", MAKERS)
@all_cases("changes", [{}, {"a": "1"}, {"b": "2", "a": "1"}, {"never": None}, {"b": "2", "gone": None}])
def test_a_change_that_changes_nothing_makes_no_event(api, collection, changes):
    before = MAKERS[collection](api, metadata={"a": "1", "b": "2"})
    assert api.update(f"{collection}/{before['id']}", {"metadata": changes}) == before


@all_cases("collection", MAKERS)
@all_cases(
    ("sent", "stored"),
    [({}, {}), (None, {}), ("", {}), ({"a": None}, {}), ({"a": "1", "b": None}, {"a": "1"}), (FIFTY, FIFTY)],
)
def test_a_new_object_takes_metadata(api, collection, sent, stored):
    created = MAKERS[collection](api, metadata=sent)
    assert created["metadata"] == stored
    assert api.read(f"{collection}/{created['id']}/events")[0]["data"]["metadata"] == stored


LONGEST = {"k" * 40: "v" * 500, "0": "\U0001f600" * 500, "-": " ", "._-": "\t"}


@pytest.mark.parametrize("collection", MAKERS)
def test_the_longest_pairs_are_taken_as_they_are(api, collection):
    assert MAKERS[collection](api, metadata=LONGEST)["metadata"] == LONGEST


WRONG = [
    ({"": "1"}, "metadata."),
    ({"k" * 41: "1"}, f"metadata.{'k' * 40}"),
    ({"a b": "1"}, "metadata.a b"),
    ({"é": "1"}, "metadata.é"),
    ({"a[b]": "1"}, "metadata.a[b]"),
    ({"a\n": "1"}, "metadata.a\n"),
    ({"a=b": None}, "metadata.a=b"),
    ({"a": 1}, "metadata.a"),
    ({"a": 1.5}, "metadata.a"),
    ({"a": True}, "metadata.a"),
    ({"a": ["1"]}, "metadata.a"),
    ({"a": {"b": "c"}}, "metadata.a"),
    ({"a": "v" * 501}, "metadata.a"),
    ({"a": "x\0"}, "metadata.a"),
    ([], "metadata"),
    ("text", "metadata"),
    (7, "metadata"),
    ({**FIFTY, "one-more": ""}, "metadata"),
]


@all_cases("collection", MAKERS)
@all_cases(("metadata", "field"), WRONG)
def test_wrong_metadata_is_named_in_new_objects_and_in_changes(api, collection, metadata, field):
    existing = MAKERS[collection](api)
    body = {name: value for name, value in existing.items() if name in _CREATED[collection]}
    responses = [
        api.post(collection, json={**body, **_OTHER[collection], "metadata": metadata}),
        api.patch(f"{collection}/{existing['id']}", json={"metadata": metadata}),
    ]
    for response in responses:
        assert [each["field"] for each in error_of(response, 422, "validation_failed")["details"]] == [field]
    assert api.read(f"{collection}/{existing['id']}") == existing


_CREATED = {
    "invoices": ("clientId", "invoiceDate", "dueDate"),
    "bills": ("vendorId", "billDate", "dueDate"),
    "leaves": ("employeeId", "type", "startDate", "endDate"),
}
_OTHER = {
    "invoices": {"items": invoice_body()["items"]},
    "bills": {"items": invoice_body()["items"], "billNumber": "other"},
    "leaves": {"employeeId": "other"},
}


def test_every_wrong_pair_is_named_at_once(api):
    response = api.post(
        "invoices", json={**invoice_body(), "metadata": {"a b": "1", "ok": "1", "n": 2}, "dueDate": "x"}
    )
    details = error_of(response, 422, "validation_failed")["details"]
    assert {detail["field"] for detail in details} == {"metadata.a b", "metadata.n", "dueDate"}


@all_cases("collection", MAKERS)
@all_cases(
    ("changes", "fits"),
    [
        ({"k0": "changed"}, True),
        ({"k0": None, "new": "1"}, True),
        ({"k0": None, "k1": None, "new": "1", "newer": "2"}, True),
        ({f"k{number}": None for number in range(50)} | {f"n{number}": "" for number in range(50)}, True),
        ({"new": "1"}, False),
        ({"k0": None, "new": "1", "newer": "2"}, False),
        ({"never": None, "new": "1"}, False),
    ],
)
def test_the_number_of_pairs_is_counted_after_the_merge(api, collection, changes, fits):
    before = MAKERS[collection](api, metadata=FIFTY)
    response = api.patch(f"{collection}/{before['id']}", json={"metadata": changes})
    if fits:
        assert len(response.json()["data"]["metadata"]) == 50
    else:
        assert [each["field"] for each in error_of(response, 422, "validation_failed")["details"]] == ["metadata"]


def test_metadata_comes_with_other_changes_in_one_event_and_with_a_status(api):
    path = f"invoices/{draft_invoice(api)['id']}"
    invoice = api.update(path, {"metadata": {"a": "1"}, "notes": "n", "status": "sent"})
    assert (invoice["metadata"], invoice["notes"], invoice["status"], invoice["version"]) == (
        {"a": "1"},
        "n",
        "sent",
        3,
    )
    path = f"leaves/{pending_leave(api)['id']}"
    leave = api.update(path, {"metadata": {"a": "1"}, "reason": "r"})
    assert (leave["metadata"], leave["reason"], leave["version"]) == ({"a": "1"}, "r", 2)
    leave = api.update(path, {"metadata": {"a": "2"}, "status": "approved", "note": "ok"})
    assert (leave["metadata"], leave["status"], leave["decisionNote"]) == ({"a": "2"}, "approved", "ok")


def test_a_refused_change_leaves_the_metadata_as_it_was(api):
    leave = leave_in("denied")(api)
    response = api.patch(f"leaves/{leave['id']}", json={"metadata": {"a": "1"}, "status": "approved"})
    error_of(response, 409, "invalid_transition")
    invoice = paid_invoice(api)
    response = api.patch(f"invoices/{invoice['id']}", json={"metadata": {"a": "1"}, "dueDate": "2099-01-01"})
    error_of(response, 422, "read_only_field")
    assert (api.read(f"leaves/{leave['id']}"), api.read(f"invoices/{invoice['id']}")) == (leave, invoice)


def test_a_shortened_leave_takes_metadata_in_the_same_change(api):
    leave = pending_leave(api, startDate="2099-06-01", endDate="2099-06-05")
    path = f"leaves/{leave['id']}"
    api.update(path, {"status": "approved"})
    shorter = api.update(path, {"endDate": "2099-06-03", "metadata": {"why": "back"}})
    assert (shorter["endDate"], shorter["metadata"]) == ("2099-06-03", {"why": "back"})
    assert [event["type"] for event in api.read(f"{path}/events")][2:] == ["leave.shortened", "leave.updated"]
