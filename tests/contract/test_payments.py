"""Payments, and being overdue: an event that commands record in the same commit, when it starts and when it ends."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.calendar import day_in
from infra.identity.organizations import create_organization
from tests.support.cases import all_cases
from tests.support.client import data_of, error_of
from tests.support.scenarios import LINE, invoice_body, partially_paid_invoice, pay_invoice, sent_invoice

PAST = {"invoiceDate": "2026-01-10", "dueDate": "2026-01-31"}


def payments(invoice):
    return f"invoices/{invoice['id']}/payments"


def payment(**changes):
    return {"amount": "1.00", "paidOn": "2026-01-20", **changes}


def test_a_payment_is_recorded_with_all_its_fields(api):
    invoice = sent_invoice(api)
    response = api.post(payments(invoice), json=payment(method="upi", reference="UTR 1/२"))
    after = data_of(response, 201)
    entry = after["payments"][0]
    assert entry | {"id": "", "recordedAt": ""} == {
        "id": "",
        "kind": "payment",
        "amount": "1.00",
        "paidOn": "2026-01-20",
        "method": "upi",
        "reference": "UTR 1/२",
        "recordedAt": "",
        "reversedAt": None,
        "reversedOn": None,
        "reversalReason": None,
    }
    assert entry["id"].startswith("pay_") and entry["recordedAt"] == after["updatedAt"]
    assert response.headers["ETag"] == f'"{after["version"]}"'
    assert api.read(f"invoices/{invoice['id']}") == after


def test_payments_add_up_and_the_last_one_makes_the_invoice_paid(api):
    invoice = sent_invoice(api)
    amounts = []
    for amount in ("0.01", "82598.99", "1"):
        invoice = pay_invoice(api, invoice, amount)
        amounts.append((invoice["amountPaid"], invoice["balanceDue"], invoice["status"]))
    assert amounts == [
        ("0.01", "82599.99", "partially_paid"),
        ("82599.00", "1.00", "partially_paid"),
        ("82600.00", "0.00", "paid"),
    ]
    assert invoice["paidAt"] == invoice["updatedAt"]
    assert [each["amount"] for each in invoice["payments"]] == ["0.01", "82598.99", "1.00"]


@pytest.mark.parametrize("amount", ["82599.01", "82600", 999999999999999])
def test_a_payment_above_the_balance_is_refused(api, amount):
    invoice = partially_paid_invoice(api)
    error = error_of(api.post(payments(invoice), json=payment(amount=amount)), 422, "amount_exceeds_balance")
    assert [detail["field"] for detail in error["details"]] == ["amount"]
    assert api.read(f"invoices/{invoice['id']}") == invoice


@all_cases("amount", [0, "0.00", -1, "1.001", "NaN", "1e15", None, True, ""])
def test_an_amount_that_is_not_valid_in_the_currency_is_refused(api, amount):
    error_of(api.post(payments(sent_invoice(api)), json=payment(amount=amount)), 422, "validation_failed")


@pytest.mark.parametrize(
    ("currency", "amount", "status"), [("JPY", "1.5", 422), ("KWD", "1.005", 201), ("JPY", "1.0", 201)]
)
def test_a_payment_has_no_more_decimals_than_the_currency(api, currency, amount, status):
    invoice = sent_invoice(api, currency=currency)
    assert api.post(payments(invoice), json=payment(amount=amount)).status_code == status


def test_every_wrong_field_of_a_payment_is_named_at_once(api):
    body = {"amount": "82600.001", "paidOn": "2099-01-01", "method": " ", "id": "pay_1", "bogus": 1}
    error = error_of(api.post(payments(sent_invoice(api)), json=body), 422, "validation_failed")
    assert sorted((detail["field"], detail["code"]) for detail in error["details"]) == [
        ("amount", "amount_exceeds_balance"),
        ("amount", "validation_failed"),
        ("bogus", "unknown_field"),
        ("id", "read_only_field"),
        ("method", "validation_failed"),
        ("paidOn", "validation_failed"),
    ]


def test_a_payment_of_today_is_accepted_and_a_future_one_is_not(api):
    today = day_in("Asia/Kolkata", datetime.now(UTC))
    invoice = sent_invoice(api)
    api.create(payments(invoice), payment(paidOn=today.isoformat()))
    later = (today + timedelta(days=2)).isoformat()
    error_of(api.post(payments(invoice), json=payment(paidOn=later)), 422, "validation_failed")


@pytest.mark.parametrize(("time_zone", "status"), [("Pacific/Kiritimati", 201), ("Pacific/Niue", 422)])
def test_today_is_the_organizations_day(organization, owner, time_zone, status):
    # These two are 25 hours apart: what is today in the one is always to come in the other.
    organization.id = create_organization(owner, "Island Traders", time_zone).id
    api = organization.api()
    today = day_in("Pacific/Kiritimati", datetime.now(UTC)).isoformat()
    assert api.post(payments(sent_invoice(api)), json=payment(paidOn=today)).status_code == status


def test_an_old_draft_is_not_overdue(api):
    assert api.create("invoices", invoice_body(**PAST))["isOverdue"] is False


def test_sending_a_past_due_invoice_makes_it_overdue_in_the_same_response(api):
    after = sent_invoice(api, **PAST)
    assert (after["isOverdue"], after["version"]) == (True, 3)


def test_a_partial_payment_leaves_it_overdue_and_the_last_one_ends_that(api):
    invoice = sent_invoice(api, **PAST)
    assert pay_invoice(api, invoice, "1")["isOverdue"] is True
    after = pay_invoice(api, invoice, "82599")
    assert (after["isOverdue"], after["status"]) == (False, "paid")


def test_a_new_due_date_can_end_and_start_being_overdue(api):
    path = f"invoices/{sent_invoice(api, **PAST)['id']}"
    assert api.update(path, {"dueDate": "2099-01-31"})["isOverdue"] is False
    assert api.update(path, {"dueDate": "2026-02-01"})["isOverdue"] is True


def test_making_it_void_ends_being_overdue(api):
    path = f"invoices/{sent_invoice(api, **PAST)['id']}"
    assert api.update(path, {"status": "void"})["isOverdue"] is False


def test_overdue_is_recorded_once(api):
    invoice = sent_invoice(api, **PAST)
    assert api.update(f"invoices/{invoice['id']}", {"notes": "soon?"})["version"] == invoice["version"] + 1


def test_an_invoice_of_zero_is_never_overdue(api):
    assert sent_invoice(api, items=[{**LINE, "unitPrice": 0}], **PAST)["isOverdue"] is False
