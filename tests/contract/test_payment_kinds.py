"""What settles a balance: money, withheld tax, remainders that nobody pays; and that nothing is recorded twice."""

from uuid import uuid4

import pytest

from tests.support.cases import all_cases
from tests.support.client import data_of, error_of
from tests.support.scenarios import ISSUED, LINE, MAKERS, reverse_payment
from tests.support.waiting import run_at_once

PAID_ON = "2026-01-20"
SMALL = {"items": [{**LINE, "quantity": 1, "unitPrice": "100.00", "taxRate": 0}]}


@pytest.fixture(params=ISSUED)
def collection(request):
    return request.param


@pytest.fixture
def path(api, collection):
    """The payments of a document of 100.00 that waits for payment."""
    return f"{collection}/{ISSUED[collection](api, **SMALL)['id']}/payments"


def payment(amount="60.00", **fields):
    return {"amount": amount, "paidOn": PAID_ON, **fields}


def balance(document):
    return (document["status"], *(document[name] for name in ("amountPaid", "amountSettled", "balanceDue")))


ISSUED_STATUS = {"invoices": "sent", "bills": "open"}
SETTLED = {
    "money alone": ([("payment", "100")], ("paid", "100.00", "0.00", "0.00")),
    "withheld tax and the rest": ([("tds", "10"), ("payment", "90")], ("paid", "90.00", "10.00", "0.00")),
    "withheld tax alone": ([("tds", "10.5")], ("partially_paid", "0.00", "10.50", "89.50")),
    "all written off": ([("write_off", "100")], ("paid", "0.00", "100.00", "0.00")),
    "rounded off": ([("payment", "99.39"), ("round_off", "0.61")], ("paid", "99.39", "0.61", "0.00")),
    "a part written off": ([("write_off", "40"), ("payment", "1")], ("partially_paid", "1.00", "40.00", "59.00")),
    "every kind": (
        [("payment", "80"), ("tds", "10"), ("write_off", "9.5"), ("round_off", "0.5")],
        ("paid", "80.00", "20.00", "0.00"),
    ),
}


@pytest.mark.parametrize("case", SETTLED)
def test_each_kind_counts_in_its_sum_and_the_status_follows_the_balance(api, path, case):
    steps, expected = SETTLED[case]
    for kind, amount in steps:
        after = api.create(path, payment(amount, kind=kind, reference=f"{kind} {amount}"))
    assert balance(after) == expected
    assert [payment["kind"] for payment in after["payments"]] == [kind for kind, _ in steps]
    assert (after["paidAt"] is None) == (after["status"] != "paid")


def test_a_new_document_has_nothing_settled(api, collection):
    assert balance(MAKERS[collection](api, **SMALL, currency="KWD")) == ("draft", "0.000", "0.000", "100.000")


@pytest.mark.parametrize("kind", [{}, {"kind": None}, {"kind": ""}])
def test_without_a_kind_it_is_money(api, path, kind):
    assert api.create(path, payment(**kind))["payments"][0]["kind"] == "payment"


@all_cases("kind", ["cash", "TDS", "write-off", " ", 1, True, ["tds"], "payment "])
def test_another_kind_is_refused(api, path, kind):
    error = error_of(api.post(path, json=payment(kind=kind)), 422, "validation_failed")
    assert [detail["field"] for detail in error["details"]] == ["kind"]


@all_cases("kind", ["write_off", "round_off"])
def test_a_remainder_that_nobody_pays_needs_a_reference(api, path, kind):
    error = error_of(api.post(path, json=payment(kind=kind)), 422, "validation_failed")
    assert [detail["field"] for detail in error["details"]] == ["reference"]


def test_a_missing_reference_is_named_with_the_other_wrong_fields_and_a_wrong_one_once(api, path):
    error = error_of(
        api.post(path, json={"kind": "write_off", "amount": "100.01", "bogus": 1}), 422, "validation_failed"
    )
    assert sorted(detail["field"] for detail in error["details"]) == ["amount", "bogus", "paidOn", "reference"]
    error = error_of(api.post(path, json=payment(kind="round_off", reference=7)), 422, "validation_failed")
    assert [detail["field"] for detail in error["details"]] == ["reference"]


@all_cases("kind", ["tds", "write_off", "round_off"])
def test_no_kind_settles_more_than_the_balance(api, path, kind):
    body = payment("100.01", kind=kind, reference="why")
    error_of(api.post(path, json=body), 422, "amount_exceeds_balance")


@all_cases("field", ["amountSettled", "amountPaid", "balanceDue"])
def test_the_sums_are_computed_and_never_sent(api, collection, field):
    response = api.patch(f"{collection}/{MAKERS[collection](api)['id']}", json={field: "1.00"})
    error_of(response, 422, "read_only_field")


@all_cases("field", ["id", "recordedAt", "reversedAt", "reversedOn", "reversalReason"])
def test_what_the_server_sets_on_a_payment_is_read_only(api, path, field):
    error_of(api.post(path, json=payment(**{field: "x"})), 422, "read_only_field")


SAME = {
    "as it was": "UTR 6021-A",
    "in small letters": "utr 6021-a",
    "with blanks around it": "  UTR 6021-A ",
    "with two blanks and a tab": "UTR \t6021-A",
    "with a no-break space": "UTR\u00a06021-A",
    "full width": "ＵＴＲ ６０２１-Ａ",
    "with a zero-width space": "UTR 60\u200b21-A",
    "with a soft hyphen": "UTR 6021\u00ad-A",
}


@pytest.mark.parametrize("case", SAME)
def test_the_same_payment_once_more_is_refused_and_named(api, path, case):
    [first] = api.create(path, payment("40", reference="UTR 6021-A"))["payments"]
    error = error_of(api.post(path, json=payment("40.00", reference=SAME[case])), 409, "duplicate_payment")
    assert error["conflictingId"] == first["id"] and first["id"] in error["message"]


ANOTHER: dict[str, dict[str, str | None]] = {
    "another reference": {"reference": "UTR 2"},
    "another amount": {"amount": "40.01"},
    "another day": {"paidOn": "2026-01-19"},
    "another kind": {"kind": "tds"},
    "no reference": {"reference": None},
    "a reference that contains it": {"reference": "UTR 1/1"},
}


@pytest.mark.parametrize("case", ANOTHER)
def test_another_payment_is_no_duplicate(api, path, case):
    api.create(path, payment("40", reference="UTR 1"))
    body = {**payment("40", reference="UTR 1"), **ANOTHER[case]}
    assert len(api.create(path, body)["payments"]) == 2


def test_another_method_does_not_make_it_another_payment(api, path):
    api.create(path, payment("40", reference="UTR 1", method="upi"))
    error_of(api.post(path, json=payment("40", reference="UTR 1", method="bank")), 409, "duplicate_payment")


def test_payments_without_a_reference_are_never_duplicates(api, path):
    for _ in range(2):
        after = api.create(path, payment("10"))
    assert balance(after)[1:] == ("20.00", "0.00", "80.00")


def test_the_same_reference_on_another_document_is_another_payment(api, collection):
    for _ in range(2):
        document = ISSUED[collection](api, **SMALL)
        api.create(f"{collection}/{document['id']}/payments", payment(reference="UTR 1"))


def test_a_reversed_payment_can_be_recorded_again(api, path, collection):
    paid = api.create(path, payment(reference="UTR 1"))
    reverse_payment(api, collection, paid)
    again = api.create(path, payment(reference="UTR 1"))
    assert balance(again) == ("partially_paid", "60.00", "0.00", "40.00")


@pytest.mark.parametrize("kind", ["payment", "tds", "write_off", "round_off"])
@pytest.mark.parametrize("amount", ["100", "60", "99.99"])
def test_a_duplicate_above_the_balance_is_a_duplicate_and_another_payment_is_not(api, path, kind, amount):
    [first] = api.create(path, payment(amount, kind=kind, reference="UTR 1"))["payments"]
    again = payment(amount, kind=kind, reference="utr 1")
    assert error_of(api.post(path, json=again), 409, "duplicate_payment")["conflictingId"] == first["id"]
    for change in ({"reference": "utr 2"}, {"amount": "100.01"}, {"paidOn": "2026-01-19"}):
        error_of(api.post(path, json={**again, **change}), 422, "amount_exceeds_balance")


def test_any_payment_of_a_paid_document_is_told_when_it_comes_again(api, path):
    api.create(path, payment("40", reference="UTR 1"))
    after = api.create(path, payment("60", kind="tds", reference="Form 16A"))
    assert after["status"] == "paid"
    again = [payment("40", reference="utr  1"), payment("60.00", kind="tds", reference="FORM 16A")]
    for body, first in zip(again, after["payments"], strict=True):
        assert error_of(api.post(path, json=body), 409, "duplicate_payment")["conflictingId"] == first["id"]
        error_of(api.post(path, json={**body, "bogus": 1}), 422, "unknown_field")
        error_of(api.post(path, json=body, headers={"If-Match": '"1"'}), 412, "precondition_failed")


def test_a_reversed_payment_above_the_balance_is_no_duplicate(api, path, collection):
    reverse_payment(api, collection, api.create(path, payment(reference="UTR 1")))
    api.create(path, payment("50", reference="UTR 2"))
    error_of(api.post(path, json=payment(reference="UTR 1")), 422, "amount_exceeds_balance")


def test_the_fields_and_the_version_of_a_duplicate_are_checked_first(api, path):
    api.create(path, payment("40", reference="UTR 1"))
    body = payment("40", reference="UTR 1")
    error_of(api.post(path, json={**body, "bogus": 1}), 422, "unknown_field")
    error_of(api.post(path, json=body, headers={"If-Match": '"1"'}), 412, "precondition_failed")
    error_of(api.post(path, json=body, headers={"If-Match": "*"}), 409, "duplicate_payment")


def test_a_retry_with_its_key_is_replayed_and_with_another_key_it_is_a_duplicate(api, path):
    keys = [{"Idempotency-Key": str(uuid4())} for _ in range(2)]
    first = api.post(path, json=payment("40", reference="UTR 1"), headers=keys[0])
    again = api.post(path, json=payment("40", reference="UTR 1"), headers=keys[0])
    assert data_of(again, 201) == data_of(first, 201) and again.headers["Idempotent-Replayed"] == "true"
    for _ in range(2):
        response = api.post(path, json=payment("40", reference="UTR 1"), headers=keys[1])
        error_of(response, 409, "duplicate_payment")
    assert api.create(path, payment("40", reference="UTR 2"), headers=keys[1])["balanceDue"] == "20.00"


def test_of_16_requests_with_one_payment_one_is_recorded(api, path):
    responses = run_at_once(16, lambda number: api.post(path, json=payment("5", reference=" UTR 1"[number % 2 :])))
    [taken] = [response for response in responses if response.status_code == 201]
    id = data_of(taken, 201)["payments"][0]["id"]
    refused = [error_of(response, 409, "duplicate_payment") for response in responses if response is not taken]
    assert {error["conflictingId"] for error in refused} == {id}


def test_a_document_of_zero_is_paid_when_it_is_issued_and_has_no_payment_to_reverse(api, collection):
    document = ISSUED[collection](api, items=[{**LINE, "unitPrice": 0}])
    assert balance(document) == ("paid", "0.00", "0.00", "0.00")
    assert document["paidAt"] == document["updatedAt"] and document["availableActions"] == ["update"]


def test_a_draft_becomes_zero_is_issued_and_is_paid_in_one_request(api, collection):
    body = {"items": [{**LINE, "quantity": "0.001", "unitPrice": "0.01"}], "status": ISSUED_STATUS[collection]}
    document = api.update(f"{collection}/{MAKERS[collection](api)['id']}", body)
    assert (document["status"], document["version"]) == ("paid", 4)
