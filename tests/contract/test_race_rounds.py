"""16 clients, 2 workers, many rounds: of simultaneous requests for the same thing exactly one succeeds."""

from collections import Counter
from threading import Barrier

import pytest

from tests.support.client import data_of
from tests.support.scenarios import draft_invoice, invoice_body, leave_body, sent_invoice
from tests.support.waiting import run_at_once

CLIENTS = 16
RUPEE = [{"description": "One rupee", "quantity": 1, "unitPrice": 1, "taxRate": 0}]


@pytest.fixture(params=[15, pytest.param(50, marks=pytest.mark.long)])
def count(request):
    """How many rounds there are."""
    return request.param


@pytest.fixture
def race(organization, count):
    """Lets all clients do `ask(client, round, number)` at the same moment, in each round; their answers by round."""
    clients = [organization.api() for _ in range(CLIENTS)]
    start = Barrier(CLIENTS, timeout=60)

    def run(ask):
        def one_client(number):
            responses = []
            for round in range(count):
                start.wait()
                responses.append(ask(clients[number], round, number))
            return responses

        return list(zip(*run_at_once(CLIENTS, one_client), strict=True))

    return run


def outcome(responses):
    """How many answers there were of each status and code."""
    return Counter((response.status_code, response.json().get("error", {}).get("code")) for response in responses)


def read_after(rounds, api, path, **params):
    """Read with another key than those of the clients what all their writes have led to."""
    positions = [int(answer.headers.get("Position", "0")) for responses in rounds for answer in responses]
    return data_of(api.get(path, params=params, headers={"If-Position": str(max(positions))}), 200)


def test_of_requests_with_one_idempotency_key_one_takes_effect_and_all_get_its_response(race, api, count):
    body = invoice_body()
    rounds = race(
        lambda client, round, number: client.post("invoices", json=body, headers={"Idempotency-Key": f"r-{round}"})
    )
    for responses in rounds:
        assert {(response.status_code, response.content, response.headers["Location"]) for response in responses} == {
            (201, responses[0].content, responses[0].headers["Location"])
        }
        assert sum("Idempotent-Replayed" not in response.headers for response in responses) == 1
    assert len(read_after(rounds, api, "invoices", limit=100)) == count


def test_of_overlapping_leaves_one_is_accepted_and_the_others_name_it(race, api, count):
    rounds = race(
        lambda client, round, number: client.post(
            "leaves",
            json=leave_body(employeeId=f"e-{round}", startDate=f"2099-03-{number + 1:02d}", endDate="2099-03-20"),
        )
    )
    for responses in rounds:
        assert outcome(responses) == {(201, None): 1, (409, "leave_overlap"): CLIENTS - 1}
        [won] = [response.json()["data"]["id"] for response in responses if response.status_code == 201]
        losers = [response for response in responses if response.status_code == 409]
        assert {response.json()["error"]["conflictingId"] for response in losers} == {won}
    assert len(read_after(rounds, api, "leaves", limit=100)) == count


def test_of_simultaneous_payments_of_the_balance_one_is_accepted(race, api, count):
    invoices = [sent_invoice(api, items=RUPEE)["id"] for _ in range(count)]
    payment = {"amount": "1.00", "paidOn": "2026-01-20"}
    rounds = race(lambda client, round, number: client.post(f"invoices/{invoices[round]}/payments", json=payment))
    for responses in rounds:
        assert outcome(responses) == {(201, None): 1, (422, "amount_exceeds_balance"): CLIENTS - 1}
    paid = read_after(rounds, api, "invoices", limit=100, include="items")
    assert {(invoice["status"], invoice["balanceDue"], len(invoice["payments"])) for invoice in paid} == {
        ("paid", "0.00", 1)
    }


def test_of_changes_with_one_if_match_one_is_accepted(race, api, count):
    path = f"invoices/{draft_invoice(api)['id']}"
    rounds = race(
        lambda client, round, number: client.patch(
            path, json={"notes": f"{round} {number}"}, headers={"If-Match": f'"{round + 1}"'}
        )
    )
    for round, responses in enumerate(rounds):
        assert outcome(responses) == {(200, None): 1, (412, "precondition_failed"): CLIENTS - 1}
        [won] = [response.json()["data"] for response in responses if response.status_code == 200]
        assert won["version"] == round + 2
        assert api.read(path, version=round + 2)["notes"] == won["notes"]
    assert read_after(rounds, api, path)["version"] == count + 1
