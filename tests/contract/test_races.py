"""Many clients at once: payments of the balance, automatic numbers, notes of one invoice, and lists read meanwhile."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.support.client import Api, data_of, error_of
from tests.support.scenarios import LINE, draft_invoice, invoice_body, sent_invoice
from tests.support.waiting import run_at_once

CLIENTS, ROUNDS = 16, 20
SMALL = {"items": [{**LINE, "quantity": 1, "unitPrice": "10.00", "taxRate": 0}]}


def posting(api: Api, path: str, body: dict[str, Any]) -> Callable[[int], httpx.Response]:
    """The same request by every client."""
    return lambda number: api.post(path, json=body)


def noting(api: Api, path: str) -> Callable[[int], httpx.Response]:
    """A note of its own by every client."""
    return lambda number: api.patch(path, json={"notes": f"note {number}"})


def test_of_16_payments_of_the_balance_one_is_accepted(api):
    for _ in range(ROUNDS):
        invoice = sent_invoice(api, items=[{**LINE, "quantity": 1, "unitPrice": 1, "taxRate": 0}])
        path, body = f"invoices/{invoice['id']}/payments", {"amount": "1.00", "paidOn": "2026-01-20"}
        responses = run_at_once(CLIENTS, posting(api, path, body))
        taken = [response for response in responses if response.status_code == 201]
        assert len(taken) == 1
        assert data_of(taken[0], 201)["balanceDue"] == "0.00"
        for refused in responses:
            if refused is not taken[0]:
                error_of(refused, 422, "amount_exceeds_balance")
        after = api.read(f"invoices/{invoice['id']}")
        assert (after["status"], after["balanceDue"], len(after["payments"])) == ("paid", "0.00", 1)


def test_16_automatic_numbers_differ_and_leave_no_gap(api):
    numbers = []
    for _ in range(ROUNDS):
        responses = run_at_once(CLIENTS, posting(api, "invoices", invoice_body(**SMALL)))
        numbers += [data_of(response, 201)["invoiceNumber"] for response in responses]
    assert sorted(numbers) == [f"INV-2025-26-{serial:04d}" for serial in range(1, CLIENTS * ROUNDS + 1)]


def test_of_16_invoices_with_one_number_one_is_accepted(api):
    for turn in range(ROUNDS):
        body = invoice_body(invoiceNumber=f"A/{turn}", **SMALL)
        responses = run_at_once(CLIENTS, posting(api, "invoices", body))
        taken = [response for response in responses if response.status_code == 201]
        assert len(taken) == 1
        for refused in responses:
            if refused is not taken[0]:
                assert error_of(refused, 409, "duplicate_number")["conflictingId"] == data_of(taken[0], 201)["id"]


def test_12_simultaneous_notes_of_one_invoice_are_all_recorded(api):
    for _ in range(ROUNDS):
        path = f"invoices/{draft_invoice(api, **SMALL)['id']}"
        responses = run_at_once(12, noting(api, path))
        invoices = [data_of(response, 200) for response in responses]
        assert sorted(invoice["version"] for invoice in invoices) == list(range(2, 14))
        assert Counter(invoice["notes"] for invoice in invoices) == Counter(f"note {number}" for number in range(12))
        last = max(invoices, key=lambda invoice: invoice["version"])
        assert api.read(path)["notes"] == last["notes"]


def test_of_12_notes_with_one_if_match_one_is_accepted(api):
    path = f"invoices/{draft_invoice(api, **SMALL)['id']}"
    headers = {"If-Match": '"1"'}
    responses = run_at_once(12, lambda number: api.patch(path, json={"notes": str(number)}, headers=headers))
    assert Counter(response.status_code for response in responses) == {200: 1, 412: 11}


@pytest.mark.parametrize(
    "sort", ["createdAt", "-createdAt", "invoiceDate", "-dueDate", "totalAmount", "-invoiceNumber"]
)
def test_no_row_is_missed_or_doubled_while_8_writers_add_pay_and_void(api, sort):
    standing = [sent_invoice(api, **SMALL)["id"] for _ in range(24)]

    def work(number):
        if number == 8:
            return [invoice["id"] for invoice in walk(api, sort)]
        for mine in standing[number * 3 : number * 3 + 3]:
            draft_invoice(api, **SMALL)
            api.create(f"invoices/{mine}/payments", {"amount": "0.01", "paidOn": "2026-01-20"})
            api.update(f"invoices/{draft_invoice(api, **SMALL)['id']}", {"status": "void"})
        return []

    seen = Counter(run_at_once(9, work)[8])
    assert {id: seen[id] for id in standing} == dict.fromkeys(standing, 1)
    assert max(seen.values()) == 1


def walk(api, sort):
    """The rows of all pages, each page fetched by the address that the page before gave."""
    response = api.get("invoices", params={"sort": sort, "limit": 3})
    while True:
        assert response.status_code == 200, response.text
        yield from response.json()["data"]
        url = response.json()["pagination"]["nextUrl"]
        if url is None:
            return
        response = api.get(url)
