"""Debit notes over HTTP: they raise an invoice that charged too little."""

import pytest

from infra.identity.settings import update_organization
from tests.support.client import data_of, error_of
from tests.support.gst import gstin
from tests.support.scenarios import (
    draft_invoice,
    invoice_body,
    paid_invoice,
    pay_invoice,
    reverse_payment,
    sent_invoice,
    written_off_invoice,
)

AMOUNTS = ("totalAmount", "amountDebited", "balanceDue", "status", "paidAt")


def draft(api, invoice, **body):
    return api.create("debit-notes", {"invoiceId": invoice["id"], "reason": "Two more were delivered", **body})


def issued(api, invoice, **body):
    return api.update(f"debit-notes/{draft(api, invoice, **body)['id']}", {"status": "issued"})


def state(api, invoice):
    read = api.read(f"invoices/{invoice['id']}")
    return {name: read[name] for name in AMOUNTS if name in read}


def wrong(response):
    error = error_of(response, 422, "validation_failed")
    return {each["field"]: each["message"] for each in error["details"]}


def test_an_issued_debit_note_raises_the_balance_of_its_invoice(api):
    invoice = sent_invoice(api)
    note = draft(api, invoice, items=[{"lineNumber": 1, "quantity": 2}])
    assert (note["number"], note["status"], note["availableActions"]) == (None, "draft", ["update", "issue", "void"])
    assert (note["taxableAmount"], note["taxTotal"], note["totalAmount"]) == ("7000.00", "1260.00", "8260.00")
    assert api.read(f"invoices/{invoice['id']}") == invoice

    note = api.update(f"debit-notes/{note['id']}", {"status": "issued"})
    assert note["number"].startswith("DN-") and note["number"].endswith("-0001")
    raised = api.read(f"invoices/{invoice['id']}")
    assert (raised["amountDebited"], raised["balanceDue"], raised["status"]) == ("8260.00", "90860.00", "sent")
    (correction,) = raised["corrections"]
    assert (correction["id"], correction["kind"], correction["number"]) == (note["id"], "debit_note", note["number"])
    assert [each["type"] for each in api.read(f"invoices/{invoice['id']}/events")][-1] == "invoice.debited"
    assert pay_invoice(api, invoice, "90860.00")["status"] == "paid"


def test_a_paid_invoice_is_owed_again_until_the_note_is_void(api):
    paid = paid_invoice(api)
    before = state(api, paid)
    note = issued(api, paid, amount="118.00")
    assert state(api, paid) == before | {
        "amountDebited": "118.00",
        "balanceDue": "118.00",
        "status": "partially_paid",
        "paidAt": None,
    }
    assert api.update(f"debit-notes/{note['id']}", {"status": "void"})["status"] == "void"
    after = state(api, paid)
    assert (after["balanceDue"], after["status"], after["amountDebited"]) == ("0.00", "paid", "0.00")
    types = [each["type"] for each in api.read(f"invoices/{paid['id']}/events")]
    assert types[-2:] == ["invoice.debit_reversed", "invoice.paid"]


@pytest.mark.parametrize(
    ("state_code", "taxes"),
    [
        ("27", {"cgst": "9.00", "sgst": "9.00", "igst": "0.00"}),
        ("29", {"cgst": "0.00", "sgst": "0.00", "igst": "18.00"}),
    ],
)
def test_the_taxes_are_split_as_those_of_the_invoice(api, owner, organization, state_code, taxes):
    update_organization(owner, organization.id, gstin=gstin("27"))
    party = api.create("parties", {"name": "Bharat", "roles": ["client"], "gstin": gstin(state_code)})
    note = issued(api, sent_invoice(api, clientId=party["id"]), amount="118.00")
    assert {name: note[name] for name in taxes} == taxes
    assert (note["taxableAmount"], note["taxTotal"], note["totalAmount"]) == ("100.00", "18.00", "118.00")
    assert note["recipient"]["gstin"] == gstin(state_code) and note["supplier"]["gstin"] == gstin("27")
    assert note["items"][0]["taxAmount"] == "18.00" and "quantity" not in note["items"][0]


def test_an_amount_is_spread_over_the_lines_by_their_totals(api):
    line = {"description": "Cloth", "quantity": 1, "unitPrice": "100", "taxRate": 5}
    invoice = sent_invoice(api, items=[line, line | {"taxRate": 12}, line | {"unitPrice": "0"}])
    note = issued(api, invoice, amount="1000.00")
    assert [(each["lineNumber"], each["totalAmount"]) for each in note["items"]] == [(1, "483.87"), (2, "516.13")]
    assert note["totalAmount"] == "1000.00"
    assert "tax_adjustment" not in note and note["taxAdjustment"] is True


def test_money_alone_changes_no_tax(api):
    note = issued(api, sent_invoice(api), amount="100.00", taxAdjustment=False)
    assert (note["taxTotal"], note["untaxedAmount"], note["totalAmount"]) == ("0.00", "100.00", "100.00")


def test_a_credit_note_can_take_what_a_debit_note_has_added(api):
    invoice = sent_invoice(api)
    debit = issued(api, invoice, items=[{"lineNumber": 1, "quantity": 2}])
    credit = api.create("credit-notes", {"invoiceId": invoice["id"], "reason": "All of it came back"})
    assert credit["totalAmount"] == "90860.00"
    credit = api.update(f"credit-notes/{credit['id']}", {"status": "issued"})
    assert (state(api, invoice)["balanceDue"], state(api, invoice)["status"]) == ("0.00", "paid")

    refused = api.patch(f"debit-notes/{debit['id']}", json={"status": "void"})
    assert "still due" in error_of(refused, 409, "invalid_transition")["message"]
    api.update(f"credit-notes/{credit['id']}", {"status": "void"})
    api.update(f"debit-notes/{debit['id']}", {"status": "void"})
    assert state(api, invoice)["balanceDue"] == invoice["balanceDue"]


def test_a_debit_note_of_which_a_credit_note_has_taken_something_stays(api):
    line = {"description": "Cloth", "quantity": 1, "unitPrice": "100", "taxRate": 18}
    invoice = sent_invoice(api, items=[line, line])
    debit = issued(api, invoice, items=[{"lineNumber": 1, "amount": "59.00"}])
    note = api.create("credit-notes", {"invoiceId": invoice["id"], "reason": "x", "items": [{"lineNumber": 1}]})
    credit = api.update(f"credit-notes/{note['id']}", {"status": "issued"})
    message = error_of(api.patch(f"debit-notes/{debit['id']}", json={"status": "void"}), 409, "invalid_transition")
    assert credit["number"] in message["message"] and "void first" in message["message"]
    api.update(f"credit-notes/{credit['id']}", {"status": "void"})
    assert api.update(f"debit-notes/{debit['id']}", {"status": "void"})["status"] == "void"


def test_a_debit_note_on_which_something_was_paid_stays(api):
    invoice = sent_invoice(api)
    debit = issued(api, invoice, amount="100.00")
    pay_invoice(api, invoice, "82650.00")
    message = error_of(api.patch(f"debit-notes/{debit['id']}", json={"status": "void"}), 409, "invalid_transition")
    assert "only 50.00 INR of the invoice" in message["message"]


def test_a_debit_note_of_which_something_was_written_off_stays(api):
    """A payment bounced after a credit note left something to be refunded: so less can be written off than is due."""
    line = {"description": "Cloth", "quantity": 1, "unitPrice": "100", "taxRate": 0}
    invoice = sent_invoice(api, items=[line, line])
    debit = issued(api, invoice, items=[{"lineNumber": 1, "amount": "40.00"}])
    paid = pay_invoice(api, invoice, "240.00")
    credit = api.create("credit-notes", {"invoiceId": invoice["id"], "reason": "x", "items": [{"lineNumber": 2}]})
    api.update(f"credit-notes/{credit['id']}", {"status": "issued"})
    reverse_payment(api, "invoices", paid)
    written_off = written_off_invoice(api, invoice, "101.00")
    refused = error_of(api.patch(f"debit-notes/{debit['id']}", json={"status": "void"}), 409, "invalid_transition")
    assert f"Reverse this in the invoice first ({written_off['payments'][-1]['id']})." in refused["message"]
    reverse_payment(api, "invoices", written_off)
    assert api.update(f"debit-notes/{debit['id']}", {"status": "void"})["status"] == "void"


def test_a_quantity_of_which_only_money_is_left_is_not_credited_with_nothing(api):
    line = {"description": "Cloth", "quantity": 2, "unitPrice": "50", "taxRate": 0}
    invoice = sent_invoice(api, items=[line, line])
    issued(api, invoice, items=[{"lineNumber": 1, "amount": "40.00"}], taxAdjustment=False)
    body = {"invoiceId": invoice["id"], "reason": "Returned"}
    note = api.create("credit-notes", {**body, "items": [{"lineNumber": 1, "amount": "100.00"}]})
    api.update(f"credit-notes/{note['id']}", {"status": "issued"})
    items = [{"lineNumber": 1, "quantity": 1}, {"lineNumber": 2}]
    assert wrong(api.post("credit-notes", json={**body, "items": items})) == {
        "items[0].quantity": "comes to 0 of what is left of line 1; name an amount"
    }


def test_an_invoice_with_a_debit_note_cannot_be_void(api):
    invoice = sent_invoice(api)
    debit = issued(api, invoice, amount="100.00")
    refused = error_of(api.patch(f"invoices/{invoice['id']}", json={"status": "void"}), 409, "invalid_transition")
    assert debit["number"] in refused["message"]
    assert "void" not in api.read(f"invoices/{invoice['id']}")["availableActions"]


def test_refusals(api):
    invoice, unsent = sent_invoice(api), draft_invoice(api)
    for body, fields in (
        ({}, {"amount"}),
        ({"items": [{"lineNumber": 2, "amount": "1"}, {"lineNumber": 1}]}, {"items[0].lineNumber", "items[1].amount"}),
        ({"items": [{"lineNumber": 1, "amount": "0.001"}]}, {"items[0].amount"}),
        ({"amount": "1.001"}, {"amount"}),
        ({"amount": "999999999999999"}, {"amount"}),
        ({"items": [{"lineNumber": 1, "quantity": 1}], "amount": "1"}, {"amount"}),
        ({"amount": "1.00", "date": "2020-01-01"}, {"date"}),
        ({"amount": "1.00", "invoiceId": unsent["id"]}, {"invoiceId"}),
    ):
        sent = {"invoiceId": invoice["id"], "reason": "x", **body}
        assert set(wrong(api.post("debit-notes", json=sent))) == fields, body
    error_of(api.post("debit-notes", json={"invoiceId": invoice["id"], "amount": "1"}), 422, "validation_failed")
    note = issued(api, invoice, amount="1.00")
    assert set(wrong_field(api.patch(f"debit-notes/{note['id']}", json={"amount": "2.00"}))) == {"amount"}
    error_of(api.post(f"debit-notes/{note['id']}/refunds", json={"amount": "1"}), 404, "not_found")


def wrong_field(response):
    return {each["field"]: each["message"] for each in error_of(response, 422, "read_only_field")["details"]}


def test_a_draft_is_decided_again_when_it_changes_and_lists_find_it(api):
    invoice = sent_invoice(api)
    note = draft(api, invoice, amount="100.00")
    changed = api.update(f"debit-notes/{note['id']}", {"items": [{"lineNumber": 1, "amount": "118"}], "notes": "Late"})
    assert (changed["totalAmount"], changed["notes"]) == ("118.00", "Late")
    same = api.update(f"debit-notes/{note['id']}", {"reason": "More"})
    assert same["items"] == changed["items"]
    other = draft(api, sent_invoice(api, clientId="zenith"), amount="5.00")
    for params, found in (
        ({"invoiceId": invoice["id"]}, [note]),
        ({"clientId": "zenith"}, [other]),
        ({"status": "draft"}, [other, note]),
        ({"search": "zenith"}, [other]),
        ({"asOf": note["createdAt"]}, [note]),
    ):
        assert [each["id"] for each in api.read("debit-notes", **params)] == [each["id"] for each in found], params
    assert api.read(f"debit-notes/{note['id']}", version=1) == note


def test_numbers_are_one_series_in_a_year(api):
    invoice = sent_invoice(api)
    numbers = [issued(api, invoice, amount="1.00")["number"] for _ in range(3)]
    assert [number[-4:] for number in numbers] == ["0001", "0002", "0003"]


def test_a_repeated_request_makes_one_note(api):
    body = {"invoiceId": sent_invoice(api)["id"], "reason": "x", "amount": "1.00"}
    headers = {"Idempotency-Key": "dn-1"}
    made = [data_of(api.post("debit-notes", json=body, headers=headers), 201)["id"] for _ in range(2)]
    assert made[0] == made[1]


def test_a_note_of_another_organization_does_not_exist(api, other_organization):
    invoice = other_organization.api().create("invoices", invoice_body())
    assert "invoiceId" in wrong(
        api.post("debit-notes", json={"invoiceId": invoice["id"], "reason": "x", "amount": "1"})
    )
