"""A payment that is taken back stays in the list and no longer counts; everything follows in the same commit."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from httpx import Response

from domain.calendar import day_in
from tests.support.cases import all_cases
from tests.support.client import Api, data_of, error_of, list_events
from tests.support.scenarios import BILLS, INVOICES, ISSUED, MAKERS, reverse_payment
from tests.support.waiting import run_at_once

ISSUED_STATUS = {"invoices": "sent", "bills": "open"}
PAST = {"invoices": {"invoiceDate": "2026-01-10"}, "bills": {"billDate": "2026-01-10"}}
TODAY = day_in("Asia/Kolkata", datetime.now(UTC))


@pytest.fixture(params=ISSUED)
def collection(request):
    return request.param


def pay(api, collection, document, amount, **fields):
    return api.create(f"{collection}/{document['id']}/payments", {"amount": amount, "paidOn": "2026-01-20", **fields})


def paid(api, collection, **changes):
    document = ISSUED[collection](api, **changes)
    return pay(api, collection, document, document["balanceDue"])


def path_of(collection, document, number=-1):
    return f"{collection}/{document['id']}/payments/{document['payments'][number]['id']}/reversal"


def test_the_payment_stays_in_the_list_and_no_longer_counts(api, collection):
    before = paid(api, collection)
    response = api.post(path_of(collection, before), json={"reason": "Cheque 118 bounced", "reversedOn": "2026-01-22"})
    after = data_of(response, 201)
    [was], [now] = before["payments"], after["payments"]
    assert now == was | {
        "reversedAt": after["updatedAt"],
        "reversedOn": "2026-01-22",
        "reversalReason": "Cheque 118 bounced",
    }
    assert (after["status"], after["amountPaid"], after["balanceDue"]) == (
        ISSUED_STATUS[collection],
        "0.00",
        after["totalAmount"],
    )
    assert (before["paidAt"] is None, after["paidAt"]) == (False, None)
    assert response.headers["ETag"] == f'"{after["version"]}"' and after["version"] == before["version"] + 1
    assert api.read(f"{collection}/{after['id']}") == after
    assert after in api.read(collection, include="items", limit=100)


def test_the_event_holds_the_payment_and_what_changed(api, collection):
    after = reverse_payment(api, collection, paid(api, collection))
    event = list_events(api, f"{collection}/{after['id']}/events")[-1]
    assert event["type"] == f"{collection.removesuffix('s')}.payment_reversed"
    assert event["data"] == {
        "payments": after["payments"],
        "amountPaid": "0.00",
        "amountSettled": "0.00",
        "balanceDue": after["totalAmount"],
        "status": after["status"],
        "paidAt": None,
    }


def test_without_a_day_it_is_today(api, collection):
    [payment] = reverse_payment(api, collection, paid(api, collection))["payments"]
    assert payment["reversedOn"] == TODAY.isoformat()


def test_one_of_two_payments_is_taken_back_and_the_other_one_counts(api, collection):
    document = ISSUED[collection](api)
    for amount in ("600", "82000"):
        document = pay(api, collection, document, amount)
    after = data_of(api.post(path_of(collection, document, 0), json={"reason": "x"}), 201)
    assert (after["status"], after["amountPaid"], after["balanceDue"]) == ("partially_paid", "82000.00", "600.00")
    assert [payment["reversedAt"] is None for payment in after["payments"]] == [False, True]
    assert pay(api, collection, after, "600")["status"] == "paid"


@all_cases("kind", ["tds", "write_off", "round_off"])
def test_what_was_settled_without_money_is_taken_back_too(api, collection, kind):
    document = pay(api, collection, ISSUED[collection](api), "82600", kind=kind, reference="why")
    assert (document["status"], document["amountSettled"]) == ("paid", "82600.00")
    after = reverse_payment(api, collection, document)
    assert (after["status"], after["amountSettled"]) == (ISSUED_STATUS[collection], "0.00")


def test_with_nothing_standing_it_can_be_made_void(api, collection):
    document = paid(api, collection)
    path = f"{collection}/{document['id']}"
    error_of(api.patch(path, json={"status": "void"}), 409, "invalid_transition")
    after = reverse_payment(api, collection, document)
    assert after["availableActions"] == ["update", "void", "recordPayment"]
    assert api.update(path, {"status": "void"})["status"] == "void"


def test_a_past_due_document_is_overdue_again_in_the_same_commit(api, collection):
    document = paid(api, collection, **PAST[collection], dueDate="2026-01-31")
    assert document["isOverdue"] is False
    after = reverse_payment(api, collection, document)
    assert after["isOverdue"] is True
    types = [event["type"].partition(".")[2] for event in list_events(api, f"{collection}/{after['id']}/events")]
    assert types[-4:] == ["paid", "overdue_cleared", "payment_reversed", "overdue"]
    assert [document["id"] for document in api.read(collection, overdue="true")] == [after["id"]]


def test_the_actions_offer_it_exactly_where_a_payment_stands(api, collection):
    for status, make in (INVOICES if collection == "invoices" else BILLS).items():
        offered = "reversePayment" in make(api)["availableActions"]
        assert offered == (status in ("partially_paid", "paid")), status


def test_a_second_reversal_is_refused(api, collection):
    document = paid(api, collection)
    after = reverse_payment(api, collection, document)
    error_of(api.post(path_of(collection, document), json={"reason": "again"}), 409, "already_reversed")
    pay(api, collection, after, "1")
    error = error_of(api.post(path_of(collection, document), json={"reason": "again"}), 409, "already_reversed")
    assert after["payments"][0]["id"] in error["message"] and TODAY.isoformat() in error["message"]


REASONS = [None, "", 7, ["x"], "x" * 501, "a\0b", True, {"text": "x"}]


@all_cases("reason", REASONS)
def test_the_reason_is_a_text_of_1_to_500_characters(api, collection, reason):
    path = path_of(collection, paid(api, collection))
    error = error_of(api.post(path, json={"reason": reason}), 422, "validation_failed")
    assert [detail["field"] for detail in error["details"]] == ["reason"]


@all_cases("reason", [" ", "\u200b", "\t\n", "\u00a0\u2003", "\u202e\u2066", "\ufeff", "\u00ad"])
def test_the_reason_has_a_character_that_shows(api, collection, reason):
    path = path_of(collection, paid(api, collection))
    error_of(api.post(path, json={"reason": reason}), 422, "validation_failed")


@all_cases("reason", ["x", "x" * 500, "चेक बाउंस", " - ", "🙂"])
def test_any_other_reason_is_kept_as_sent(api, collection, reason):
    after = reverse_payment(api, collection, paid(api, collection), reason=reason)
    assert after["payments"][0]["reversalReason"] == reason


@all_cases(
    ("day", "is_valid"),
    [
        ("2026-01-20", True),
        ("2026-01-19", False),
        (TODAY.isoformat(), True),
        ((TODAY + timedelta(days=2)).isoformat(), False),
        ("2026-02-30", False),
        ("2099-01-01", False),
        ("20260121", False),
        (20260121, False),
    ],
)
def test_the_day_lies_between_the_payment_and_today(api, collection, day, is_valid):
    response = api.post(path_of(collection, paid(api, collection)), json={"reason": "x", "reversedOn": day})
    if is_valid:
        assert data_of(response, 201)["payments"][0]["reversedOn"] == day
    else:
        error = error_of(response, 422, "validation_failed")
        assert [detail["field"] for detail in error["details"]] == ["reversedOn"]


def test_every_wrong_field_is_named_at_once(api, collection):
    body = {"reversedOn": "2026-01-19", "amount": "1", "id": "pay_1", "paymentId": "pay_1"}
    error = error_of(api.post(path_of(collection, paid(api, collection)), json=body), 422, "validation_failed")
    assert sorted((detail["field"], detail["code"]) for detail in error["details"]) == [
        ("amount", "unknown_field"),
        ("id", "read_only_field"),
        ("paymentId", "unknown_field"),
        ("reason", "validation_failed"),
        ("reversedOn", "validation_failed"),
    ]


def test_an_unknown_payment_is_not_found(api, collection):
    document, other = paid(api, collection), paid(api, collection)
    for id in ("pay_0", document["id"], other["payments"][0]["id"], "x" * 65, "%00", "pay_1%27"):
        for body in ({"reason": "x"}, {}, {"bogus": 1}):
            path = f"{collection}/{document['id']}/payments/{id}/reversal"
            error_of(api.post(path, json=body), 404, "not_found")
    error_of(
        api.post(f"{collection}/{document['id']}x/payments/pay_0/reversal", json={"reason": "x"}), 404, "not_found"
    )


def test_another_organization_and_the_other_collection_find_nothing(api, collection, other_organization):
    document = paid(api, collection)
    other = "bills" if collection == "invoices" else "invoices"
    path = path_of(collection, document)
    error_of(api.post(path.replace(collection, other), json={"reason": "x"}), 404, "not_found")
    error_of(other_organization.api().post(path, json={"reason": "x"}), 404, "not_found")
    assert api.read(f"{collection}/{document['id']}") == document


def test_reading_scopes_do_not_reverse(api, organization, collection):
    path = path_of(collection, paid(api, collection))
    reader = organization.api(["billing:read", "leaves:write"])
    error_of(reader.post(path, json={"reason": "x"}), 403, "insufficient_scope")


def test_other_methods_are_refused(api, collection):
    path = path_of(collection, paid(api, collection))
    for method in ("get", "patch", "delete"):
        assert getattr(api, method)(path).headers["Allow"] == "POST, OPTIONS"


def test_if_match_comes_after_the_fields_and_before_the_rules(api, collection):
    document = paid(api, collection)
    path, stale = path_of(collection, document), {"If-Match": f'"{document["version"] - 1}"'}
    error_of(api.post(path, json={}, headers=stale), 422, "validation_failed")
    error_of(api.post(path, json={"reason": "x"}, headers=stale), 412, "precondition_failed")
    current = {"If-Match": f'"{document["version"]}"'}
    data_of(api.post(path, json={"reason": "x"}, headers=current), 201)
    error_of(api.post(path, json={"reason": "x"}, headers=current), 412, "precondition_failed")
    error_of(api.post(path, json={"reason": "x"}), 409, "already_reversed")


def test_a_retry_gives_the_same_response_whatever_happened_since(api, collection):
    document = paid(api, collection)
    path, key = path_of(collection, document), {"Idempotency-Key": str(uuid4())}
    first = api.post(path, json={"reason": "x"}, headers=key)
    pay(api, collection, document, "5")
    again = api.post(path, json={"reason": "x"}, headers=key)
    assert data_of(again, 201) == data_of(first, 201) and again.headers["Idempotent-Replayed"] == "true"
    error_of(api.post(path, json={"reason": "y"}, headers=key), 422, "idempotency_key_reused")


def reversing(api: Api, path: str) -> Callable[[int], Response]:
    """A reversal with a reason of its own by every client."""
    return lambda number: api.post(path, json={"reason": f"racer {number}"})


def test_of_16_reversals_of_one_payment_one_takes_effect(api, collection):
    for _ in range(5):
        document = paid(api, collection)
        path = path_of(collection, document)
        responses = run_at_once(16, reversing(api, path))
        [taken] = [response for response in responses if response.status_code == 201]
        for refused in responses:
            if refused is not taken:
                error_of(refused, 409, "already_reversed")
        after = api.read(f"{collection}/{document['id']}")
        assert after == data_of(taken, 201)
        assert (after["balanceDue"], after["version"]) == (document["totalAmount"], document["version"] + 1)


def test_the_document_as_it_was_keeps_its_payment(api, collection):
    document = paid(api, collection)
    after = reverse_payment(api, collection, document)
    path = f"{collection}/{document['id']}"
    assert api.read(path, version=document["version"]) == document
    assert api.read(path, asOf=document["updatedAt"]) == document
    assert api.read(path, version=after["version"]) == after


def test_a_draft_has_no_payment_to_reverse(api, collection):
    path = f"{collection}/{MAKERS[collection](api)['id']}/payments/pay_1/reversal"
    error_of(api.post(path, json={"reason": "x"}), 404, "not_found")
