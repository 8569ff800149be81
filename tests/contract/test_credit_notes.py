"""`/credit-notes`: they lower an invoice that was sent, and what exceeds its balance is to be refunded."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from domain.calendar import DEFAULT_TIME_ZONE
from domain.documents.corrections import MAX_NOTES
from domain.notes.credit_note import CreditNote
from infra.identity.settings import update_organization
from tests.support.cases import all_cases
from tests.support.client import data_of, error_of
from tests.support.organization import Organization
from tests.support.scenarios import (
    CREDIT_NOTES,
    active_party,
    draft_credit_note,
    draft_debit_note,
    draft_invoice,
    issued_credit_note,
    paid_invoice,
    partially_paid_invoice,
    pay_invoice,
    refunded_credit_note,
    sent_invoice,
    void_invoice,
    written_off_invoice,
)
from tests.support.scenarios import today as today_in

NEW_FIELDS = {"amountCredited", "amountDebited", "corrections", "correctedLines"}
TWO_LINES = [
    {"description": "Chairs", "quantity": 10, "unitPrice": 100, "taxRate": 18},
    {"description": "Table", "quantity": 1, "unitPrice": "999.99", "taxRate": 12},
]


@pytest.fixture
def alone(service, owner):
    """A client for an organization of its own, in which nothing is numbered yet."""
    with closing(Organization(service.url, owner)) as organization:
        yield organization.api()


def wrong(response):
    return {each["field"]: each["message"] for each in error_of(response, 422, "validation_failed")["details"]}


def issue(api, note, **headers):
    return api.patch(f"credit-notes/{note['id']}", json={"status": "issued"}, headers=headers)


def test_a_draft_has_the_invoice_and_its_amounts_but_no_number(api):
    invoice = sent_invoice(api)
    body = {"invoiceId": invoice["id"], "reason": "Two came back", "items": [{"lineNumber": 1, "quantity": "2"}]}
    response = api.post("credit-notes", json={**body, "date": invoice["invoiceDate"], "metadata": {"rma": "7"}})
    note = data_of(response, 201)

    assert response.headers["Location"].endswith(f"/api/v1/credit-notes/{note['id']}")
    assert response.headers["ETag"] == '"1"'
    assert note == {
        "id": note["id"],
        "number": None,
        "status": "draft",
        "reason": "Two came back",
        "date": invoice["invoiceDate"],
        "currency": "INR",
        "taxableAmount": "7000.00",
        "taxTotal": "1260.00",
        "totalAmount": "8260.00",
        "taxAdjustment": True,
        "notes": None,
        "metadata": {"rma": "7"},
        "issuedAt": None,
        "voidedAt": None,
        "createdAt": note["createdAt"],
        "updatedAt": note["createdAt"],
        "version": 1,
        "invoiceId": invoice["id"],
        "invoiceNumber": invoice["invoiceNumber"],
        "invoiceDate": invoice["invoiceDate"],
        "clientId": invoice["clientId"],
        "clientName": invoice["clientName"],
        "amountApplied": "0.00",
        "amountRefunded": "0.00",
        "refundDue": "0.00",
        "availableActions": ["update", "issue", "void"],
        "items": [
            {
                "lineNumber": 1,
                "description": invoice["items"][0]["description"],
                "hsnSac": invoice["items"][0]["hsnSac"],
                "quantity": "2",
                "taxRate": "18",
                "taxableAmount": "7000.00",
                "taxAmount": "1260.00",
                "totalAmount": "8260.00",
            }
        ],
        "refunds": [],
    }
    assert note["id"].startswith("cn_")
    assert api.read(f"credit-notes/{note['id']}") == note
    assert api.read(f"invoices/{invoice['id']}") == invoice


def test_an_issued_note_has_the_next_number_and_the_invoice_is_lowered_in_the_same_step(alone):
    invoice = sent_invoice(alone)
    first = draft_credit_note(alone, invoiceId=invoice["id"], amount="1000", date="2026-01-20")
    response = issue(alone, first, **{"X-Request-Id": "issue-1"})
    note = data_of(response, 200)
    lowered = alone.read(f"invoices/{invoice['id']}")

    assert (note["number"], note["status"]) == ("CN-2025-26-0001", "issued")
    assert (note["amountApplied"], note["refundDue"]) == ("1000.00", "0.00")
    assert note["availableActions"] == ["update", "void"]
    assert (lowered["amountCredited"], lowered["balanceDue"], lowered["status"]) == ("1000.00", "81600.00", "sent")
    assert lowered["totalAmount"] == invoice["totalAmount"] and lowered["items"] == invoice["items"]
    (correction,) = lowered["corrections"]
    assert {name: correction[name] for name in ("id", "kind", "number", "amount", "appliedAmount")} == {
        "id": note["id"],
        "kind": "credit_note",
        "number": note["number"],
        "amount": "1000.00",
        "appliedAmount": "1000.00",
    }
    assert "lines" not in correction
    assert lowered["correctedLines"] == [{"lineNumber": 1, "taxableAmount": "-847.46", "taxAmount": "-152.54"}]
    assert "void" not in lowered["availableActions"]
    issued, credited = alone.read("events", order="desc", limit=2)[::-1]
    assert credited["data"]["correctedLines"] == lowered["correctedLines"]
    assert (issued["type"], credited["type"]) == ("credit_note.issued", "invoice.credited")
    assert (issued["requestId"], credited["requestId"]) == ("issue-1", "issue-1")
    assert issued["occurredAt"] == credited["occurredAt"] == lowered["updatedAt"]
    assert int(response.headers["Position"]) == credited["position"]
    second = issued_credit_note(alone, invoiceId=invoice["id"], amount="1", date="2026-01-21")
    other_year = issued_credit_note(alone, invoiceId=invoice["id"], amount="1", date="2026-04-01")
    assert (second["number"], other_year["number"]) == ("CN-2025-26-0002", "CN-2026-27-0001")


def test_a_document_without_notes_has_none_of_their_fields(api):
    invoice = paid_invoice(api)
    events = api.read(f"invoices/{invoice['id']}/events")

    assert NEW_FIELDS.isdisjoint(invoice)
    assert all(NEW_FIELDS.isdisjoint(event["data"]) for event in events)


def test_the_rest_of_an_invoice_is_taken_to_the_paisa(api):
    invoice = sent_invoice(api, items=TWO_LINES)
    for amount in ("0.01", "333.33", "1000"):
        issued_credit_note(api, invoiceId=invoice["id"], amount=amount)
    rest = issued_credit_note(api, invoiceId=invoice["id"])
    settled = api.read(f"invoices/{invoice['id']}")

    assert settled["amountCredited"] == invoice["totalAmount"] == "2299.99"
    assert (settled["balanceDue"], settled["status"]) == ("0.00", "paid") and settled["paidAt"]
    notes = api.read("credit-notes", invoiceId=invoice["id"], include="items")
    assert sum(float(each["taxTotal"]) for each in notes) == pytest.approx(float(invoice["taxTotal"]))
    assert rest["totalAmount"] == "966.65"
    types = [event["type"] for event in api.read(f"invoices/{invoice['id']}/events")]
    assert types[-2:] == ["invoice.credited", "invoice.paid"]
    assert wrong(api.post("credit-notes", json={"invoiceId": invoice["id"], "reason": "Once more"})) == {
        "invoiceId": "names a document of which nothing is left"
    }


@all_cases(
    ("fields", "field", "message"),
    [
        ({"items": [{"lineNumber": 3}]}, "items[0].lineNumber", "must be the number of a line, from 1 to 2"),
        ({"items": [{"lineNumber": 1}, {"lineNumber": 1}]}, "items[1].lineNumber", "names line 1 once more"),
        ({"items": [{"lineNumber": 1, "quantity": 11}]}, "items[0].quantity", "at most what is left of line 1, 10"),
        ({"items": [{"lineNumber": 2, "amount": "1120"}]}, "items[0].amount", "left of line 2, 1119.99 INR"),
        ({"items": [{"lineNumber": 1, "amount": "1.001"}]}, "items[0].amount", "at most 2 decimal places in INR"),
        ({"items": [{"lineNumber": 1, "amount": 1, "quantity": 1}]}, "items[0].amount", "send one of the two"),
        ({"items": [{"lineNumber": 1}], "amount": 1}, "amount", "send one of the two"),
        ({"amount": "2300"}, "amount", "must be at most what is left, 2299.99 INR"),
        ({"date": "2025-12-31"}, "date", "must not be before invoiceDate (2026-01-10)"),
        ({"reason": ""}, "reason", "is required"),
        ({"items": [{"lineNumber": 1, "quantity": "0.001"}], "notes": None}, "", ""),
    ],
)
def test_what_cannot_be_credited_is_named(api, fields, field, message):
    invoice = sent_invoice(api, items=TWO_LINES)
    response = api.post("credit-notes", json={"invoiceId": invoice["id"], "reason": "Returned", **fields})

    if field:
        ((found, text),) = wrong(response).items()
        assert (found, message in text) == (field, True), text
    else:
        assert data_of(response, 201)["totalAmount"] == "0.12"


@all_cases("make", {"a draft": draft_invoice, "a void": void_invoice})
def test_an_invoice_that_was_not_sent_or_is_void_has_no_credit_note(api, make):
    invoice = {"a draft": draft_invoice, "a void": void_invoice}[make](api)
    found = wrong(api.post("credit-notes", json={"invoiceId": invoice["id"], "reason": "Returned"}))

    assert found["invoiceId"].startswith(f"names {make}")


def test_an_invoice_that_is_not_there_is_named_with_all_other_wrong_fields(api):
    body = {"invoiceId": "inv_01KEXAMPLE0000000000000000", "reason": 7, "amount": 1, "items": [{"lineNumber": 1}]}
    assert set(wrong(api.post("credit-notes", json=body))) == {"invoiceId", "reason", "amount"}
    assert set(wrong(api.post("credit-notes", json={"invoiceId": "x", "reason": "r"}))) == {"invoiceId"}


def test_less_is_left_when_a_draft_is_issued(api):
    invoice = sent_invoice(api, items=TWO_LINES)
    first, other = (
        draft_credit_note(api, invoiceId=invoice["id"], items=[{"lineNumber": 1, "quantity": 7}]) for _ in range(2)
    )
    data_of(issue(api, first), 200)

    assert wrong(issue(api, other)) == {"items[0].quantity": "must be at most what is left of line 1, 3"}
    assert api.read(f"credit-notes/{other['id']}") == other
    changed = api.update(
        f"credit-notes/{other['id']}", {"items": [{"lineNumber": 1, "quantity": 3}], "status": "issued"}
    )
    assert (changed["totalAmount"], changed["status"]) == ("354.00", "issued")


def test_two_drafts_for_all_of_an_invoice_race_and_one_is_issued(api):
    invoice = sent_invoice(api)
    drafts = [draft_credit_note(api, invoiceId=invoice["id"]) for _ in range(4)]
    with ThreadPoolExecutor(len(drafts)) as pool:
        statuses = sorted(each.status_code for each in pool.map(lambda note: issue(api, note), drafts))

    assert statuses == [200, 422, 422, 422]
    assert api.read(f"invoices/{invoice['id']}")["amountCredited"] == invoice["totalAmount"]


def test_what_exceeds_the_balance_is_refunded(api):
    invoice = partially_paid_invoice(api, amount="82000.00")
    note = issued_credit_note(api, invoiceId=invoice["id"], amount="1000.00", date=invoice["invoiceDate"])
    refunds = f"credit-notes/{note['id']}/refunds"

    assert (note["amountApplied"], note["refundDue"]) == ("600.00", "400.00")
    assert note["availableActions"] == ["update", "void", "recordRefund"]
    assert api.read(f"invoices/{invoice['id']}")["status"] == "paid"
    error = error_of(api.post(refunds, json={"amount": "400.01"}), 422, "amount_exceeds_balance")
    assert error["details"][0]["message"] == "must be at most what is to be refunded, 400.00 INR"
    assert set(wrong(api.post(refunds, json={"amount": "1.001", "date": "2099-01-01"}))) == {"amount", "date"}
    half = api.create(refunds, {"amount": 150, "method": "upi", "reference": "UTR 7"})
    assert (half["amountRefunded"], half["refundDue"], half["refunds"][0]["reference"]) == ("150.00", "250.00", "UTR 7")
    whole = api.create(refunds, {"amount": "250.00", "date": "2026-02-01"})
    assert (whole["refundDue"], whole["refunds"][1]["date"], whole["availableActions"]) == (
        "0.00",
        "2026-02-01",
        ["update", "reverseRefund"],
    )
    message = error_of(api.patch(f"credit-notes/{note['id']}", json={"status": "void"}), 409, "invalid_transition")[
        "message"
    ]
    assert message.startswith("This credit note cannot become void, because 400.00 INR of it were refunded already.")
    assert message.endswith("Reverse the refunds first.")


def test_a_refund_is_taken_back_and_the_note_can_be_void_again(api):
    note = refunded_credit_note(api)
    (refund,) = note["refunds"]
    assert note["availableActions"] == ["update", "recordRefund", "reverseRefund"]
    path = f"credit-notes/{note['id']}/refunds/{refund['id']}/reversal"
    yesterday = date.fromisoformat(refund["date"]) - timedelta(days=1)
    assert set(wrong(api.post(path, json={"reversedOn": f"{yesterday}"}))) == {"reason", "reversedOn"}
    assert set(wrong(api.post(path, json={"reason": "x", "reversedOn": "2099-01-01"}))) == {"reversedOn"}
    error_of(api.post(path, json={"reason": "x"}, headers={"If-Match": '"1"'}), 412, "precondition_failed")

    after = api.create(path, {"reason": "The transfer came back"})
    assert after["refunds"] == [
        {
            **refund,
            "reversedAt": after["updatedAt"],
            "reversedOn": refund["date"],
            "reversalReason": "The transfer came back",
        }
    ]
    assert (refund["reversedAt"], refund["reversedOn"], refund["reversalReason"]) == (None, None, None)
    assert (after["amountRefunded"], after["refundDue"]) == ("0.00", "500.00")
    assert after["availableActions"] == ["update", "void", "recordRefund"]
    event = api.read(f"credit-notes/{note['id']}/events")[-1]
    assert (event["type"], event["data"]["refunds"]) == ("credit_note.refund_reversed", after["refunds"])
    again = error_of(api.post(path, json={"reason": "x"}), 409, "already_reversed")
    assert again["message"].startswith(f"The refund {refund['id']} was already reversed, on {refund['date']}")
    assert api.update(f"credit-notes/{note['id']}", {"status": "void"})["status"] == "void"


def test_one_of_two_refunds_is_taken_back_and_the_other_one_counts(api):
    note = refunded_credit_note(api)
    note = api.create(f"credit-notes/{note['id']}/refunds", {"amount": "300.00"})
    path = f"credit-notes/{note['id']}/refunds/{note['refunds'][0]['id']}/reversal"
    after = api.create(path, {"reason": "A typing error"})
    assert (after["amountRefunded"], after["refundDue"]) == ("300.00", "200.00")
    assert [each["reversedAt"] is None for each in after["refunds"]] == [False, True]
    assert "void" not in after["availableActions"] and "reverseRefund" in after["availableActions"]


def test_a_refund_that_is_not_there_cannot_be_taken_back(api):
    note, other = refunded_credit_note(api), refunded_credit_note(api)
    for id in ("rfd_0", note["id"], other["refunds"][0]["id"]):
        response = api.post(f"credit-notes/{note['id']}/refunds/{id}/reversal", json={"reason": "x"})
        assert "has no refund with the id" in error_of(response, 404, "not_found")["message"]


def test_money_that_was_never_received_is_not_refunded(api):
    paid = paid_invoice(api)
    note = issued_credit_note(api, invoiceId=paid["id"], amount="1000.00")
    refunds = f"credit-notes/{note['id']}/refunds"
    early = {"amount": 1, "date": "2020-01-01"}
    assert set(wrong(api.post(refunds, json=early))) == {"date"}
    payment = paid["payments"][-1]["id"]
    api.create(f"invoices/{paid['id']}/payments/{payment}/reversal", {"reason": "It bounced"})
    error = error_of(api.post(refunds, json={"amount": 1}), 409, "invalid_transition")
    assert "are still due. Make the credit note void and issue it again" in error["message"]


@all_cases("kind", ["write_off", "round_off"])
def test_what_was_written_off_cannot_be_refunded(api, kind):
    invoice = partially_paid_invoice(api, amount="82000.00")
    written_off = written_off_invoice(api, invoice, "600.00", kind)
    note = draft_credit_note(api, invoiceId=invoice["id"])

    message = error_of(issue(api, note), 409, "invalid_transition")["message"]
    payment = written_off["payments"][-1]["id"]
    assert (
        f"Reverse this in the invoice first ({payment}), or let the credit note take at most 82000.00 INR." in message
    )
    assert api.read(f"credit-notes/{note['id']}") == note
    less = api.update(f"credit-notes/{note['id']}", {"amount": "82000.00", "status": "issued"})
    assert (less["amountApplied"], less["refundDue"]) == ("0.00", "82000.00")
    api.update(f"credit-notes/{note['id']}", {"status": "void"})
    api.create(f"invoices/{invoice['id']}/payments/{payment}/reversal", {"reason": "Not written off"})
    whole = issued_credit_note(api, invoiceId=invoice["id"])
    assert (whole["amountApplied"], whole["refundDue"]) == ("600.00", "82000.00")


def test_an_invoice_that_was_written_off_whole_has_no_credit_note(api):
    invoice = sent_invoice(api)
    written_off_invoice(api, invoice, invoice["balanceDue"])
    note = draft_credit_note(api, invoiceId=invoice["id"], amount="1.00")
    message = error_of(issue(api, note), 409, "invalid_transition")["message"]
    assert "nobody has paid it, so it cannot be refunded" in message and "at most" not in message


def test_tax_that_the_client_has_withheld_is_refunded(api):
    invoice = partially_paid_invoice(api, amount="82000.00")
    pay_invoice(api, invoice, "600.00", kind="tds")
    note = issued_credit_note(api, invoiceId=invoice["id"])
    assert note["refundDue"] == "82600.00"
    assert api.create(f"credit-notes/{note['id']}/refunds", {"amount": "82600.00"})["refundDue"] == "0.00"


def test_what_notes_have_left_to_be_refunded_is_not_written_off(api):
    paid = paid_invoice(api)
    note = issued_credit_note(api, invoiceId=paid["id"], amount="1000.00")
    payment = paid["payments"][-1]["id"]
    api.create(f"invoices/{paid['id']}/payments/{payment}/reversal", {"reason": "It bounced"})
    path = f"invoices/{paid['id']}/payments"
    body = {"amount": "82600.00", "paidOn": "2026-01-20", "kind": "write_off", "reference": "Gone"}
    error = error_of(api.post(path, json=body), 422, "amount_exceeds_balance")
    assert error["details"][0]["message"].startswith("must be at most 81600.00 INR for the kind write_off: notes")
    api.update(f"credit-notes/{note['id']}", {"status": "void"})
    again = issued_credit_note(api, invoiceId=paid["id"], amount="1000.00")
    assert (again["amountApplied"], again["refundDue"]) == ("1000.00", "0.00")
    assert api.create(path, {**body, "amount": "81600.00"})["balanceDue"] == "0.00"


def test_a_note_is_issued_on_its_day_at_the_earliest(api):
    today = today_in(DEFAULT_TIME_ZONE)
    note = draft_credit_note(api, amount="1.00", date=f"{today + timedelta(days=1)}")
    assert wrong(issue(api, note)) == {
        "date": f"must not be after today ({today}) when the credit note is issued; it is {today + timedelta(days=1)}"
    }
    path = f"credit-notes/{note['id']}"
    assert set(wrong(api.patch(path, json={"status": "issued", "date": "2099-01-01", "reason": ""}))) == {
        "date",
        "reason",
    }
    assert api.update(path, {"status": "issued", "date": f"{today}"})["date"] == f"{today}"


def test_a_note_is_issued_exactly_as_its_draft_is_shown(api):
    invoice = sent_invoice(api, items=TWO_LINES)
    draft = draft_credit_note(api, invoiceId=invoice["id"], items=[{"lineNumber": 1, "quantity": 2}])
    other = draft_debit_note(api, invoiceId=invoice["id"], items=[{"lineNumber": 1, "amount": "590.00"}])
    api.update(f"debit-notes/{other['id']}", {"status": "issued"})

    note = data_of(issue(api, draft), 200)
    assert {name: note[name] for name in ("items", "totalAmount", "taxTotal")} == {
        "items": draft["items"],
        "totalAmount": "236.00",
        "taxTotal": "36.00",
    }


def test_a_draft_that_would_come_to_something_else_is_not_issued(api):
    invoice = sent_invoice(api, items=TWO_LINES)
    draft = draft_credit_note(api, invoiceId=invoice["id"], items=[{"lineNumber": 1, "quantity": 2}])
    issued_credit_note(api, invoiceId=invoice["id"], items=[{"lineNumber": 1, "amount": "1062.00"}])

    message = error_of(issue(api, draft), 409, "invalid_transition")["message"]
    assert "it would come to 23.60 and not 236.00 INR now. Send its items, amount or date again" in message
    path = f"credit-notes/{draft['id']}"
    assert api.read(path) == draft
    assert api.update(path, {"date": draft["date"]})["totalAmount"] == "23.60"
    assert data_of(issue(api, draft), 200)["totalAmount"] == "23.60"


def test_a_draft_and_a_void_note_take_no_refunds(api):
    draft = draft_credit_note(api, invoiceId=paid_invoice(api)["id"])
    path = f"credit-notes/{draft['id']}/refunds"

    assert "Issue it first" in error_of(api.post(path, json={"amount": 1}), 409, "invalid_transition")["message"]
    api.update(f"credit-notes/{draft['id']}", {"status": "void"})
    assert error_of(api.post(path, json={"amount": 1}), 409, "invalid_transition")["allowed"] == []


def test_a_void_note_gives_the_invoice_back_what_it_took(api):
    invoice = sent_invoice(api, items=TWO_LINES)
    note = issued_credit_note(api, invoiceId=invoice["id"])
    void = api.update(f"credit-notes/{note['id']}", {"status": "void"})
    after = api.read(f"invoices/{invoice['id']}")

    assert (void["status"], void["number"], void["amountApplied"], void["refundDue"]) == (
        "void",
        note["number"],
        "0.00",
        "0.00",
    )
    assert (after["status"], after["balanceDue"], after["amountCredited"], after["paidAt"]) == (
        "sent",
        invoice["balanceDue"],
        "0.00",
        None,
    )
    assert after["corrections"][0]["reversedAt"] == void["voidedAt"]
    assert after["correctedLines"] == [{"lineNumber": 1}, {"lineNumber": 2}]
    assert after["availableActions"] == invoice["availableActions"]
    again = issued_credit_note(api, invoiceId=invoice["id"])
    assert again["items"] == note["items"] and again["number"] > note["number"]
    allowed = error_of(api.patch(f"credit-notes/{note['id']}", json={"status": "issued"}), 409, "invalid_transition")
    assert allowed["allowed"] == []


def test_an_invoice_with_an_issued_note_cannot_become_void(api):
    invoice = sent_invoice(api)
    note = issued_credit_note(api, invoiceId=invoice["id"], amount="5")
    refusal = error_of(api.patch(f"invoices/{invoice['id']}", json={"status": "void"}), 409, "invalid_transition")

    assert f"because the credit note {note['number']} ({note['id']}) corrects it" in refusal["message"]
    api.update(f"credit-notes/{note['id']}", {"status": "void"})
    assert api.update(f"invoices/{invoice['id']}", {"status": "void"})["status"] == "void"


def test_a_draft_for_an_invoice_that_became_void_cannot_be_issued(api):
    invoice = sent_invoice(api)
    draft = draft_credit_note(api, invoiceId=invoice["id"])
    api.update(f"invoices/{invoice['id']}", {"status": "void"})

    assert "because its invoice is void" in error_of(issue(api, draft), 409, "invalid_transition")["message"]
    assert api.update(f"credit-notes/{draft['id']}", {"status": "void"})["status"] == "void"


def test_payments_go_on_after_a_note(api):
    invoice = sent_invoice(api)
    issued_credit_note(api, invoiceId=invoice["id"], amount="2600.00")
    payments = f"invoices/{invoice['id']}/payments"
    error_of(api.post(payments, json={"amount": "82600", "paidOn": "2026-01-20"}), 422, "amount_exceeds_balance")
    paid = api.create(payments, {"amount": "80000", "paidOn": "2026-01-20"})

    assert (paid["status"], paid["balanceDue"], paid["amountCredited"]) == ("paid", "0.00", "2600.00")
    back = api.create(f"{payments}/{paid['payments'][0]['id']}/reversal", {"reason": "It bounced"})
    assert (back["status"], back["balanceDue"]) == ("sent", "80000.00")


def test_an_issued_note_never_changes_but_for_its_notes_and_metadata(api):
    note = issued_credit_note(api, amount="10")
    path = f"credit-notes/{note['id']}"
    response = api.patch(path, json={"reason": "Other", "amount": 5, "date": "2026-02-01"})

    assert {each["field"] for each in error_of(response, 422, "read_only_field")["details"]} == {
        "reason",
        "amount",
        "date",
    }
    error_of(api.patch(path, json={"invoiceId": "inv_1"}), 422, "read_only_field")
    changed = api.update(path, {"notes": "Later", "metadata": {"a": "1"}, "status": "issued"})
    assert (changed["notes"], changed["metadata"], changed["version"]) == ("Later", {"a": "1"}, note["version"] + 1)


def test_after_the_time_limit_a_note_is_about_money_unless_the_caller_insists(alone, owner):
    update_organization(owner, alone.read("me")["organization"]["id"], gstin="27AAPFU0939F1ZV")
    invoice = sent_invoice(alone, invoiceDate="2025-03-31", dueDate="2025-04-30")
    last, late = (
        draft_credit_note(alone, invoiceId=invoice["id"], amount="118", date=day)
        for day in ("2025-11-30", "2025-12-01")
    )
    insisting = draft_credit_note(alone, invoiceId=invoice["id"], amount="118", date="2025-12-01", taxAdjustment=True)

    assert (last["taxAdjustment"], last["cgst"], last["sgst"], last["taxableAmount"]) == (
        True,
        "9.00",
        "9.00",
        "100.00",
    )
    assert (late["taxAdjustment"], late["taxTotal"], late["cgst"]) == (False, "0.00", "0.00")
    assert (late["untaxedAmount"], late["totalAmount"]) == ("118.00", "118.00")
    assert (insisting["taxAdjustment"], insisting["taxAdjustmentFrom"], insisting["taxTotal"]) == (
        True,
        "request",
        "18.00",
    )
    issued = data_of(issue(alone, insisting), 200)
    assert [each["code"] for each in issued["warnings"]] == ["tax_adjustment_late"]
    assert "until 2025-11-30" in issued["warnings"][0]["message"]
    assert "warnings" not in data_of(issue(alone, late), 200)
    assert issued["supplier"]["gstin"] == "27AAPFU0939F1ZV"
    assert alone.read(f"invoices/{invoice['id']}")["amountCredited"] == "236.00"


def test_the_annual_return_ends_the_time_of_the_tax_if_it_was_filed_earlier(alone, owner):
    org_id = alone.read("me")["organization"]["id"]
    update_organization(owner, org_id, gstin="27AAPFU0939F1ZV", annual_returns={"2024-25": "2025-10-20"})
    invoice = sent_invoice(alone, invoiceDate="2025-03-31", dueDate="2025-04-30")
    last, late = (
        draft_credit_note(alone, invoiceId=invoice["id"], amount="118", date=day)
        for day in ("2025-10-20", "2025-10-21")
    )
    insisting = draft_credit_note(alone, invoiceId=invoice["id"], amount="118", date="2025-10-21", taxAdjustment=True)

    assert [note["taxAdjustment"] for note in (last, late, insisting)] == [True, False, True]
    (warning,) = data_of(issue(alone, insisting), 200)["warnings"]
    assert warning["code"] == "tax_adjustment_late" and "until 2025-10-20" in warning["message"]
    # A draft from before the day was recorded is not issued with other taxes than it shows: it is decided again first.
    update_organization(owner, org_id, annual_returns={"2024-25": "2025-10-19"})
    assert "it would have other taxes now" in error_of(issue(alone, last), 409, "invalid_transition")["message"]
    decided = alone.update(f"credit-notes/{last['id']}", {"date": last["date"]})
    issued = data_of(issue(alone, last), 200)
    assert (issued["taxAdjustment"], issued["untaxedAmount"], issued["items"]) == (False, "118.00", decided["items"])
    update_organization(owner, org_id, annual_returns={"2024-25": ""})
    error_of(issue(alone, late), 409, "invalid_transition")
    issued = alone.update(f"credit-notes/{late['id']}", {"date": late["date"], "status": "issued"})
    assert issued["taxAdjustment"] is True


def test_lists_have_filters_of_the_invoice_and_the_client(alone):
    party = active_party(alone, externalId="acme")
    by_id, by_external_id = (sent_invoice(alone, clientId=id) for id in (party["id"], "acme"))
    first = draft_credit_note(alone, invoiceId=by_id["id"], amount="1", date="2026-02-01", metadata={"rma": "7"})
    second = issued_credit_note(alone, invoiceId=by_external_id["id"], amount="2", date="2026-03-01", reason="Torn")

    def found(**params):
        return [each["id"] for each in alone.read("credit-notes", **params)]

    assert found() == [second["id"], first["id"]]
    assert found(clientId="acme") == found(clientId=party["id"]) == [second["id"], first["id"]]
    assert found(invoiceId=by_id["id"]) == found(status="draft") == [first["id"]]
    assert found(number=second["number"]) == found(search=second["number"]) == found(search="torn") == [second["id"]]
    assert found(search=by_id["invoiceNumber"]) == found(**{"metadata[rma]": "7"}) == [first["id"]]
    assert found(dateTo="2026-02-15") == [first["id"]] and found(sort="totalAmount") == [first["id"], second["id"]]
    assert found(updatedSince=second["updatedAt"]) == [second["id"]]
    assert "items" not in alone.read("credit-notes")[0]
    assert alone.read("credit-notes", include="items")[0]["items"] == second["items"]


def test_a_note_and_the_list_are_shown_as_they_were(alone):
    draft = draft_credit_note(alone, amount="10")
    issued = alone.update(f"credit-notes/{draft['id']}", {"status": "issued"})
    path = f"credit-notes/{draft['id']}"

    assert alone.read(path, version=1) == draft
    assert alone.read(path, asOf=draft["updatedAt"]) == draft
    assert alone.read(path, asOf=issued["updatedAt"]) == issued
    assert [each["status"] for each in alone.read("credit-notes", asOf=draft["updatedAt"])] == ["draft"]
    assert alone.read("credit-notes", asOf=draft["updatedAt"], status="issued") == []
    assert [each["status"] for each in alone.read("credit-notes", asOf=issued["updatedAt"])] == ["issued"]
    invoice = alone.read(f"invoices/{draft['invoiceId']}", asOf=draft["updatedAt"])
    assert NEW_FIELDS.isdisjoint(invoice)


def test_retries_and_stale_versions_are_as_with_other_objects(api):
    invoice = sent_invoice(api)
    body = {"invoiceId": invoice["id"], "reason": "Returned", "amount": "7"}
    first, again = (api.post("credit-notes", json=body, headers={"Idempotency-Key": "note-1"}) for _ in range(2))
    note = data_of(first, 201)

    assert data_of(again, 201) == note and again.headers["Idempotent-Replayed"] == "true"
    error_of(issue(api, note, **{"If-Match": '"9"'}), 412, "precondition_failed")
    once, twice = (issue(api, note, **{"Idempotency-Key": "issue"}) for _ in range(2))
    assert data_of(once, 200) == data_of(twice, 200)
    assert api.read(f"invoices/{invoice['id']}")["amountCredited"] == "7.00"


@all_cases("status", CREDIT_NOTES)
def test_the_actions_of_each_status_are_possible(api, status):
    note = CREDIT_NOTES[status](api)

    assert ("issue" in note["availableActions"]) == (status == "draft")
    assert ("void" in note["availableActions"]) == (status != "void")
    assert api.update(f"credit-notes/{note['id']}", {"notes": "Kept"})["notes"] == "Kept"


def test_a_key_without_the_scope_sees_and_changes_no_note(organization, api):
    note = draft_credit_note(api)
    reader, leaves = organization.api(scopes=["billing:read"]), organization.api(scopes=["leaves:write"])

    assert reader.read(f"credit-notes/{note['id']}") == note
    error_of(issue(reader, note), 403, "insufficient_scope")
    error_of(leaves.get(f"credit-notes/{note['id']}"), 403, "insufficient_scope")


def test_an_invoice_in_yen_has_notes_without_decimals(api):
    invoice = sent_invoice(api, currency="JPY", items=[{**TWO_LINES[0], "unitPrice": "33"}])
    note = issued_credit_note(api, invoiceId=invoice["id"], items=[{"lineNumber": 1, "quantity": 1}])

    assert (note["taxableAmount"], note["taxTotal"], note["totalAmount"]) == ("33", "6", "39")
    assert note["refundDue"] == "0"


def test_the_date_of_an_invoice_stays_while_a_note_names_it(api):
    """The note's tax depends on the year of the invoice, and the note itself says the date."""
    note = issued_credit_note(api, amount="10.00")
    path = f"invoices/{note['invoiceId']}"
    present = api.read(path)["invoiceDate"]
    error = error_of(api.patch(path, json={"invoiceDate": "2026-01-11"}), 422, "read_only_field")
    assert (
        error["details"][0]["message"]
        == f"cannot be changed while the credit note {note['number']} corrects the invoice"
    )
    assert api.update(path, {"invoiceDate": present, "notes": "Thank you"})["invoiceDate"] == present

    api.update(f"credit-notes/{note['id']}", {"status": "void"})
    assert api.update(path, {"invoiceDate": "2026-01-11"})["invoiceDate"] == "2026-01-11"


def test_so_many_notes_can_be_issued_for_a_document_and_no_more():
    document: Any = SimpleNamespace(status="sent", noun="invoice", issue_action="send", corrections=[None] * MAX_NOTES)
    document.date_field, document.invoice_date = "invoice_date", date(2026, 1, 10)
    (violation,) = CreditNote.check_document(document, date(2026, 1, 10))
    assert violation.message == "names a document for which 100 notes were issued, which is the most"
