"""A command is two trips to the database, and is refused as if its key had been looked up before anything else."""

import pytest

from infra.identity.keys import revoke_key
from tests.support.organization import credit_rows, set_limit
from tests.support.scenarios import invoice_body, leave_body

BROKEN = {"body": b"{", "headers": {"Content-Type": "application/json"}}
"""A request that is refused before anything is sent to the database."""


@pytest.fixture
def log(owner, local):
    """Return a function that reads the position of the organization's log."""
    sql = "SELECT position FROM org_log WHERE org_id = %s"
    return lambda: owner.execute(sql, (local.id,)).fetchone()[0]


def error_code(result):
    return result.status_code, result.json["error"]["code"]


def test_create_change_and_action_are_two_trips_each(trips, key):
    with trips.counted() as count:
        created = trips.send(key.raw, "POST", "invoices", json=invoice_body())
        assert created.status_code == 201, created.text
        path = f"invoices/{created.json['data']['id']}"
        assert trips.send(key.raw, "PATCH", path, json={"status": "sent"}).status_code == 200
        payment = {"amount": 1, "paidOn": "2026-01-20"}
        assert trips.send(key.raw, "POST", f"{path}/payments", json=payment).status_code == 201
    assert count == [6]


def test_only_an_id_in_the_form_of_ours_is_one_trip_more(trips, key):
    party = trips.send(key.raw, "POST", "parties", json={"name": "Acme", "roles": ["client"]}).json["data"]
    employee = trips.send(key.raw, "POST", "employees", json={"name": "Asha"}).json["data"]
    for path, body, expected in (
        ("invoices", invoice_body(clientId="party_7"), 2),
        ("invoices", invoice_body(clientId=party["id"]), 3),
        ("leaves", leave_body(employeeId="employee_7"), 2),
        ("leaves", leave_body(employeeId=employee["id"]), 3),
    ):
        with trips.counted() as count:
            assert trips.send(key.raw, "POST", path, json=body).status_code == 201
        assert count == [expected], body


def test_a_note_is_a_trip_more_for_its_document_and_one_for_its_number(trips, key):
    invoice = trips.send(key.raw, "POST", "invoices", json=invoice_body()).json["data"]
    assert trips.send(key.raw, "PATCH", f"invoices/{invoice['id']}", json={"status": "sent"}).status_code == 200
    path, body = "credit-notes", {"invoiceId": invoice["id"], "reason": "Returned", "amount": "82600"}
    for method, sent, expected in (
        ("POST", body, 3),
        ("PATCH", {"notes": "Two chairs"}, 2),
        ("PATCH", {"status": "issued"}, 4),
        ("PATCH", {"metadata": {"rma": "7"}}, 2),
        ("PATCH", {"status": "void"}, 3),
    ):
        with trips.counted() as count:
            answer = trips.send(key.raw, method, path, json=sent)
        assert (answer.status_code, count) == (201 if method == "POST" else 200, [expected]), answer.text
        path = f"credit-notes/{answer.json['data']['id']}"
    with trips.counted() as count:
        payment = {"amount": 1, "paidOn": "2026-01-20"}
        paid = trips.send(key.raw, "POST", f"invoices/{invoice['id']}/payments", json=payment)
    assert (paid.status_code, count) == (201, [2])


def test_a_retry_gets_its_first_response_in_two_trips(trips, key, log):
    options = {"json": invoice_body(), "headers": {"Idempotency-Key": "once"}}
    first = trips.send(key.raw, "POST", "invoices", **options)
    before = log()
    with trips.counted() as count:
        again = trips.send(key.raw, "POST", "invoices", **options)
    assert (count, again.headers["Idempotent-Replayed"]) == ([2], "true")
    assert (again.content, log()) == (first.content, before)


def test_the_events_of_a_known_key_name_the_key(trips, key):
    id = trips.send(key.raw, "POST", "invoices", json=invoice_body()).json["data"]["id"]
    (event,) = trips.get(key.raw, f"invoices/{id}/events").json["data"]
    assert event["actor"] == {"type": "api_key", "id": key.row["id"]}


@pytest.mark.parametrize("options", [{"json": invoice_body()}, BROKEN], ids=["valid", "broken"])
def test_a_known_key_that_was_revoked_writes_nothing(trips, key, owner, log, options):
    revoke_key(owner, key.row["id"])
    before = log()
    assert error_code(trips.send(key.raw, "POST", "invoices", **options)) == (401, "api_key_revoked")
    assert log() == before


@pytest.mark.parametrize("options", [{"json": invoice_body()}, BROKEN], ids=["valid", "broken"])
def test_a_known_key_without_credit_writes_nothing(trips, key, owner, log, options):
    set_limit(owner, key, 1)
    before = log()
    refused = trips.send(key.raw, "POST", "invoices", **options)
    assert error_code(refused) == (429, "rate_limited")
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert (log(), len(credit_rows(owner, key))) == (before, 1)


@pytest.mark.parametrize("options", [{"json": invoice_body()}, BROKEN], ids=["valid", "broken"])
def test_a_known_key_without_the_scope_writes_nothing_and_pays(trips, local, owner, log, options):
    key = local.new_key(["billing:read"])
    assert trips.get(key.raw, "bills").status_code == 200
    before = log()
    assert error_code(trips.send(key.raw, "POST", "invoices", **options)) == (403, "insufficient_scope")
    assert (log(), len(credit_rows(owner, key))) == (before, 2)


def test_a_refused_body_costs_its_credit_and_shows_it(trips, key, owner):
    refused = trips.send(key.raw, "POST", "invoices", **BROKEN)
    assert error_code(refused) == (400, "malformed_json")
    assert refused.headers["X-RateLimit-Remaining"] == str(1_000_000 - 2)
    assert len(credit_rows(owner, key)) == 2


def test_a_refusal_lets_go_of_the_log(trips, key, owner, local):
    """Whatever ends a command, its lock on the log ends with it."""
    assert error_code(trips.send(key.raw, "PATCH", "invoices/inv_none", json={"notes": "a"})) == (404, "not_found")
    invoice = trips.send(key.raw, "POST", "invoices", json=invoice_body(invoiceNumber="TWICE/1")).json["data"]
    twice = trips.send(key.raw, "POST", "invoices", json=invoice_body(invoiceNumber="twice/1"))
    assert error_code(twice) == (409, "duplicate_number")
    assert twice.json["error"]["conflictingId"] == invoice["id"]
    with owner.transaction():
        owner.execute("SELECT FROM org_log WHERE org_id = %s FOR UPDATE NOWAIT", (local.id,))
