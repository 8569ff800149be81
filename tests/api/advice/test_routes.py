"""What a request to an unknown address, or with a wrong method, is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.advice.ids import id_advice
from api.advice.routes import Routes, method_advice
from domain.accounts.key_secret import new_secret
from tests.support.cases import all_cases
from tests.support.openapi import ROUTES

KNOWN = Routes(ROUTES)
PATHS = [path for path, _ in ROUTES]
KEY = new_secret(lambda alphabet: alphabet[7])


@all_cases(
    ("path", "suggestion"),
    [
        ("/api/v1/invoice", "/api/v1/invoices"),
        ("/v1/invoices", "/api/v1/invoices"),
        ("/invoices", "/api/v1/invoices"),
        ("/api/invoices", "/api/v1/invoices"),
        ("/api/v2/invoices", "/api/v1/invoices"),
        ("/api/v1/Invoices", "/api/v1/invoices"),
        ("/api/v1//invoices", "/api/v1/invoices"),
        ("/api/v1/invocies", "/api/v1/invoices"),
        ("/api/v1/expenses/bill_1", "/api/v1/bills/{id}"),
        ("/api/v1/leave-requests", "/api/v1/leaves"),
        ("/api/v1/invoices/inv_1/payment", "/api/v1/invoices/{id}/payments"),
        ("/api/v1/invoices/inv_1/history", "/api/v1/invoices/{id}/events"),
        ("/api/v1/bills/b/payments/p/refund", "/api/v1/bills/{id}/payments/{paymentId}/reversal"),
        ("/api/v1/customers", "/api/v1/parties"),
        ("/api/v1/staff/x", "/api/v1/employees/{id}"),
        ("/api/v1/suppliers/x", "/api/v1/parties/{id}"),
        ("/api/v1/account", "/api/v1/me"),
        ("/api/v1/swagger.json", "/api/v1/openapi.json"),
        ("/api/v1/events/evt_1", "/api/v1/events"),
    ],
)
def test_an_address_that_is_nearly_one_is_recognized(path, suggestion):
    found = KNOWN.suggest(path)
    assert found.path == suggestion and suggestion in found.message


@all_cases(
    ("path", "advice"),
    [
        ("/api/v1/invoices/inv_1/send", 'PATCH /api/v1/invoices/{id} with {"status": "sent"}'),
        ("/api/v1/invoices/inv_1/cancel", 'PATCH /api/v1/invoices/{id} with {"status": "void"}'),
        ("/api/v1/bills/bill_1/open", 'PATCH /api/v1/bills/{id} with {"status": "open"}'),
        ("/api/v1/leaves/leave_1/approve", 'PATCH /api/v1/leaves/{id} with {"status": "approved"}'),
        ("/api/v1/leaves/leave_1/reject", 'PATCH /api/v1/leaves/{id} with {"status": "denied"}'),
        ("/api/v1/subscriptions", "POST /api/v1/webhooks"),
        ("/api/v1/payments", "POST /api/v1/invoices/{id}/payments"),
        (f"/api/v1/invoices/{KEY}/x", "is leaked"),
    ],
)
def test_what_the_api_does_in_another_way_is_explained(path, advice):
    assert advice in KNOWN.suggest(path).message


@all_cases("path", ["/", "/api/v1", "/nonsense", "/favicon.ico", "/docs/guides/nope", "/a" * 2000, "/%00"])
def test_an_address_that_is_like_none_has_no_suggestion(path):
    assert KNOWN.suggest(path) == (None, "")


SEGMENT = st.sampled_from(
    ["api", "v1", "invoice", "bills", "x", "payments", "send", "Events", "me", "", KEY, "sd_live_x"]
)


@given(st.one_of(st.text(), st.lists(st.one_of(SEGMENT, st.text()), max_size=9).map("/".join)))
def test_a_suggested_address_exists_and_nothing_is_repeated(path):
    found = KNOWN.suggest(path)
    assert found.path in (None, *PATHS)
    assert KEY not in found.message and len(found.message) < 250


@pytest.mark.parametrize(
    ("method", "allowed", "advice"),
    [
        ("PUT", "GET, PATCH, OPTIONS", "with PATCH"),
        ("DELETE", "GET, PATCH, OPTIONS", "void"),
        ("POST", "GET, PATCH, OPTIONS", "POST to the list"),
        ("PATCH", "GET, POST, OPTIONS", "needs the id"),
        ("PURGE", "GET, PATCH, OPTIONS", ""),
        ("DELETE", "GET, OPTIONS", ""),
    ],
)
def test_the_error_of_a_wrong_method_says_what_to_do_instead(method, allowed, advice):
    text = method_advice(method, allowed)
    assert advice in text and bool(text) == bool(advice)


@pytest.mark.parametrize(
    ("kind", "id", "advice"),
    [
        ("invoice", "bill_01KEXAMPLE0000000000000000", "of another kind of object: bill"),
        ("bill", "INV-2025-26-0001", "begin with bill_"),
        ("leave", "42", "begin with leave_"),
        ("invoice", "inv_x", ""),
        ("payment", "x", ""),
    ],
)
def test_an_id_of_the_wrong_form_is_told_which_form_it_has(kind, id, advice):
    text = id_advice(kind, id)
    assert advice in text and bool(text) == bool(advice)
