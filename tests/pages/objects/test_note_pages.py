"""The pages of notes: a credit note is drafted from the page of its invoice, issued, refunded, and made void."""

import html
import re

import pytest

from domain.accounts.user import ROLES
from infra.identity.settings import update_organization
from tests.pages.objects.test_forms import path_after
from tests.pages.objects.test_gst_forms import fields_of, totals_on
from tests.pages.objects.test_lists import BILLING, href, numbers_on, stored, words_of
from tests.support.gst import gstin
from tests.support.scenarios import (
    active_party,
    draft_credit_note,
    draft_invoice,
    issued_credit_note,
    open_bill,
    paid_invoice,
    sent_invoice,
)

NEW = "/home/credit-notes/new"
LINES = [
    {"description": "Cloth", "quantity": "10", "unitPrice": "100", "taxRate": "18"},
    {"description": "Thread", "quantity": "4", "unitPrice": "50", "taxRate": "5"},
]


@pytest.fixture
def accountant(console):
    return console("accountant")


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("credit-notes", "Invoices"),
        ("debit-notes", "Invoices"),
        ("vendor-credits", "Bills"),
        ("invoices/new", "Invoices"),
    ],
)
def test_the_navigation_shows_to_what_notes_belong(accountant, path, section):
    page = accountant.get(f"/home/{path}").text
    (current,) = re.findall(r'<a href="[^"]+" aria-current="true">([^<]+)</a>', page)
    assert current == section


def test_the_history_says_in_words_who_the_recipient_is(accountant, api):
    party = active_party(api, name="Madurai Dye Works", stateCode="33")
    note = issued_credit_note(api, invoiceId=sent_invoice(api, clientId=party["id"])["id"])
    page = re.sub("[\u2066-\u2069]", "", words_of(accountant.get(page_of(note))))
    assert "Recipient – → name Madurai Dye Works, state code 33, state name Tamil Nadu" in page


def page_of(note):
    return f"/home/credit-notes/{note['id']}"


def form_of(client, invoice, **fields):
    """Return the hidden and visible fields of the form of a new note for an invoice, with these changes."""
    path = f"{NEW}?invoiceId={invoice['id']}"
    given = {name: values[0] for name, values in fields_of(client.get(path)).items()}
    return client.hidden_on(path) | given | {"reason": "Returned", "notes": "", **fields}


def test_a_credit_note_is_drafted_from_the_page_of_its_invoice(api, accountant):
    invoice = sent_invoice(api, invoiceNumber="A/1", items=LINES)
    page = accountant.get(href(accountant.get(f"/home/invoices/{invoice['id']}"), "New credit note"))
    text = words_of(page)
    assert "1. Cloth 10 for ₹1,180.00" in text and "2. Thread 4 for ₹210.00" in text
    assert "everything that is left: ₹1,390.00." in text
    fields = form_of(accountant, invoice, **{"quantity-1": "2", "amount-2": "1,05.00"[:1] + "05.00"})
    note = stored(api, path_after(accountant.post(NEW, data=fields)))
    assert [(each["lineNumber"], each["totalAmount"]) for each in note["items"]] == [(1, "236.00"), (2, "105.00")]
    assert (note["status"], note["reason"], note["totalAmount"]) == ("draft", "Returned", "341.00")
    page = words_of(accountant.get(page_of(note)))
    for words in ("Invoice A/1", "Reason Returned", "Cloth 1 2 ₹200.00 18 % ₹36.00 ₹236.00", "Total ₹341.00"):
        assert words in page, words


def test_without_an_amount_it_takes_all_that_is_left(api, accountant):
    invoice = sent_invoice(api, items=LINES)
    issued_credit_note(api, invoiceId=invoice["id"], amount="390.00")
    note = stored(api, path_after(accountant.post(NEW, data=form_of(accountant, invoice))))
    assert note["totalAmount"] == "1000.00"
    whole = accountant.post(NEW, data=form_of(accountant, invoice, amount="100"))
    assert stored(api, path_after(whole))["totalAmount"] == "100.00"


def test_the_totals_of_the_form_are_those_of_the_note(api, accountant, organization, owner):
    update_organization(owner, organization.id, gstin=gstin("27"), legal_name="Sharma Textiles")
    invoice = sent_invoice(api, items=LINES, roundOff="nearest", invoiceDate="2026-11-10")
    fields = form_of(accountant, invoice, **{"quantity-1": "3"})
    computed = accountant.post(NEW, data={**fields, "do": "compute"})
    assert dict(totals_on(computed))["CGST"] == "₹27.00" and api.read("credit-notes") == []
    assert totals_on(accountant.get(path_after(accountant.post(NEW, data=fields)))) == totals_on(computed)


def test_what_is_wrong_stands_at_its_line(api, accountant):
    invoice = sent_invoice(api, items=LINES)
    wrong = {"quantity-1": "11", "amount-2": "300", "reason": "", "date": "2020-01-01"}
    for do in ("save", "compute"):
        page = accountant.post(NEW, data=form_of(accountant, invoice, **wrong, do=do))
        text = words_of(page)
        assert 'id="reason-problem"' in page.text and "must be at most what is left" not in text
    page = accountant.post(NEW, data=form_of(accountant, invoice, **wrong | {"reason": "x", "date": "2099-01-01"}))
    text = words_of(page)
    assert page.status_code == 422 and 'id="quantity-1-problem"' in page.text and 'id="amount-2-problem"' in page.text
    assert "Amount with tax must be at most what is left of the line, ₹210.00." in text
    both = form_of(accountant, invoice, **{"quantity-1": "1", "amount-1": "1"})
    assert "enter either a quantity or an amount, not both" in words_of(accountant.post(NEW, data=both))
    for amount, problem in (("2000", "at most what is left, ₹1,390.00"), ("x", "must be a number")):
        assert problem in words_of(accountant.post(NEW, data=form_of(accountant, invoice, amount=amount)))
    assert api.read("credit-notes") == []


def test_a_note_is_issued_refunded_and_shown_on_the_invoice(api, accountant):
    invoice = paid_invoice(api)
    path = page_of(draft_credit_note(api, invoiceId=invoice["id"], amount="500.00", date="2026-11-01"))
    assert accountant.fill(path, {"action": "issue"}).headers["Location"] == f"{path}?done=issue"
    page = accountant.get(f"{path}?done=issue")
    text = words_of(page)
    assert "The credit note is issued." in text and "To be refunded ₹500.00" in text
    assert fields_of(page)["amount"] == ["500.00"]
    refund = {"action": "recordRefund", "amount": "200", "date": "2026-11-10", "method": "UPI", "reference": "UTR7"}
    assert accountant.fill(path, refund).status_code == 303
    text = words_of(accountant.get(path))
    assert "Refunded ₹200.00" in text and "10 Nov 2026 ₹200.00 UPI UTR7" in text and "Make void" not in text
    wrong = accountant.fill(path, {**refund, "amount": "400"})
    assert "Amount must be at most what is to be refunded, ₹300.00." in words_of(wrong)

    (recorded,) = stored(api, path)["refunds"]
    link = f"{path}?do=reverseRefund&payment={recorded['id']}"
    opened = accountant.get(link)
    assert html.escape(link) in accountant.get(path).text
    assert "such as a transfer that came back" in words_of(opened)
    fields = {**accountant.hidden_on(link), "reason": "It came back", "reversedOn": ""}
    assert accountant.post(path, data=fields).status_code == 303
    text = words_of(accountant.get(path))
    assert "It came back" in text and "Make void" in text and "To be refunded ₹500.00" in text
    number = stored(api, path)["number"]
    page = accountant.get(f"/home/invoices/{invoice['id']}")
    assert f'<a class="alone" href="{path}"><bdi>{number}</bdi></a>' in page.text
    assert numbers_on(accountant.get(href(page, "Credit notes"))) in ([number], [])
    assert "drafted credit note" in words_of(accountant.get("/activity"))


def test_a_note_lowers_the_balance_until_it_is_void(api, accountant):
    invoice = sent_invoice(api)
    note = issued_credit_note(api, invoiceId=invoice["id"], amount="2600.00")
    path = f"/home/invoices/{invoice['id']}"
    assert "Lowered by credit notes ₹2,600.00 Balance due ₹80,000.00" in words_of(accountant.get(path))
    refused = accountant.fill(path, {"action": "void"})
    assert refused.status_code == 409 and "Make the note void first" in words_of(refused)
    assert accountant.fill(page_of(note), {"action": "void"}).status_code == 303
    page = accountant.get(path)
    assert "<del>₹2,600.00</del>" in page.text and "Balance due ₹82,600.00" in words_of(page)


def test_a_draft_is_changed_and_an_issued_note_keeps_its_amounts(api, accountant):
    invoice = sent_invoice(api, items=LINES)
    note = draft_credit_note(
        api, invoiceId=invoice["id"], items=[{"lineNumber": 1, "quantity": 2}, {"lineNumber": 2, "amount": 21}]
    )
    path = f"{page_of(note)}/edit"
    fields = {name: values[0] for name, values in fields_of(accountant.get(path)).items()}
    assert (fields["quantity-1"], fields["amount-2"], fields["reason"]) == ("2", "21.00", "Returned")
    changed = {**fields, "quantity-1": "3", "amount-2": "", "notes": "Twice", "do": "save"}
    assert accountant.fill(path, changed).status_code == 303
    after = stored(api, page_of(note))
    assert (after["totalAmount"], after["notes"], len(after["items"])) == ("354.00", "Twice", 1)
    everything = {**fields, "quantity-1": "", "amount-2": "", "notes": "", "do": "save"}
    assert accountant.fill(path, everything).status_code == 303
    assert stored(api, page_of(note))["totalAmount"] == "1390.00"
    api.update(f"credit-notes/{note['id']}", {"status": "issued"})
    page = accountant.get(path)
    assert fields_of(page) == {} and 'name="notes"' in page.text
    assert accountant.fill(path, {"notes": "Thanks", "do": "save"}).status_code == 303
    assert stored(api, page_of(note))["notes"] == "Thanks"


def test_a_change_of_somebody_else_is_not_overwritten(api, accountant):
    note = draft_credit_note(api, amount="100.00")
    path = f"{page_of(note)}/edit"
    fields = accountant.hidden_on(path) | {n: v[0] for n, v in fields_of(accountant.get(path)).items()}
    api.update(f"credit-notes/{note['id']}", {"reason": "Theirs"})
    page = accountant.post(path, data={**fields, "reason": "Mine", "notes": ""})
    assert page.status_code == 409 and "Somebody has changed this" in words_of(page)
    assert fields_of(page)["reason"] == ["Mine"] and stored(api, page_of(note))["reason"] == "Theirs"


def test_the_list_shows_notes_and_leads_from_that_of_invoices(api, console):
    issued_credit_note(api, amount="500.00"), draft_credit_note(api)
    client = console("viewer")
    page = client.get(href(client.get("/home/invoices"), "Credit notes"))
    assert numbers_on(page) == ["no number yet", "CN-2026-27-0001"]
    assert "₹500.00" in words_of(page) and "New credit note" not in page.text.replace("“New credit note”", "")
    assert numbers_on(client.get("/home/credit-notes?status=issued")) == ["CN-2026-27-0001"]


def test_long_invoices_show_their_lines_in_groups(api, accountant):
    lines = [{**LINES[0], "description": f"{number} {'ज' * 200}"} for number in range(1, 201)]
    invoice = sent_invoice(api, items=lines)
    fields = form_of(accountant, invoice, **{"quantity-1": "1"})
    page = accountant.post(NEW, data={**fields, "lines": "150"})
    assert len(page.content) < 60_000 and 'id="quantity-150"' in page.text and 'id="quantity-1"' not in page.text
    hidden = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page.text))
    assert hidden["quantity-1"] == "1"
    shown = {name: values[0] for name, values in fields_of(page).items()}
    saved = accountant.post(NEW, data={**hidden, **shown, "notes": "", "quantity-150": "2"})
    assert [each["lineNumber"] for each in stored(api, path_after(saved))["items"]] == [1, 150]


def test_a_form_needs_an_invoice_that_was_sent(api, accountant):
    assert accountant.get(NEW).status_code == 400 and "Open an invoice that was sent" in words_of(accountant.get(NEW))
    assert accountant.get(f"{NEW}?invoiceId=inv_none").status_code == 404
    draft = draft_invoice(api)
    page = accountant.get(f"{NEW}?invoiceId={draft['id']}")
    assert "it is only a draft" in html.unescape(page.text)
    assert "New credit note" not in accountant.get(f"/home/invoices/{draft['id']}").text


@pytest.mark.parametrize("role", ROLES)
def test_only_roles_with_the_scope_see_and_make_notes(api, console, role):
    client, invoice = console(role), sent_invoice(api)
    note = draft_credit_note(api, invoiceId=invoice["id"])
    may_write = role in BILLING - {"viewer"}
    for path in ("/home/credit-notes", page_of(note)):
        assert client.get(path).status_code == (200 if role in BILLING else 403)
    for path in (f"{NEW}?invoiceId={invoice['id']}", f"{page_of(note)}/edit"):
        assert client.get(path).status_code == (200 if may_write else 403)
    assert ("New credit note" in client.get(f"/home/invoices/{invoice['id']}").text) == may_write
    if not may_write:
        data = {"csrf": client.token_on("/logout"), "action": "issue", "version": "1"}
        assert client.post(page_of(note), data=data).status_code == 403


def test_a_debit_note_raises_an_invoice(api, accountant):
    invoice = sent_invoice(api, items=LINES)
    path = href(accountant.get(f"/home/invoices/{invoice['id']}"), "New debit note")
    page = accountant.get(path)
    assert "everything that is left" not in words_of(page) and "1. Cloth 10 for ₹1,180.00" in words_of(page)
    fields = {name: values[0] for name, values in fields_of(page).items()}
    fields |= accountant.hidden_on(path) | {"reason": "More was delivered", "notes": ""}
    missing = words_of(accountant.post("/home/debit-notes/new", data=fields))
    assert "enter by how much it becomes more" in missing
    computed = accountant.post("/home/debit-notes/new", data={**fields, "quantity-1": "2", "do": "compute"})
    assert dict(totals_on(computed))["Total"] == "₹236.00"
    note = path_after(accountant.post("/home/debit-notes/new", data={**fields, "quantity-1": "2"}))
    assert accountant.fill(note, {"action": "issue"}).status_code == 303
    text = words_of(accountant.get(f"/home/invoices/{invoice['id']}"))
    assert "Raised by debit notes ₹236.00" in text and "Debit note" in text
    assert numbers_on(accountant.get("/home/debit-notes")) == [stored(api, note)["number"]]
    accountant.fill(f"/home/invoices/{invoice['id']}", payment("1600.00"))
    refused = accountant.fill(note, {"action": "void"})
    assert refused.status_code == 409 and "a part of it was paid" in words_of(refused)


def payment(amount):
    return {"action": "recordPayment", "amount": amount, "paidOn": "2026-01-20", "kind": "payment"}


def test_a_vendor_credit_lowers_a_bill_under_the_number_of_the_vendor(api, accountant):
    bill = open_bill(api, items=LINES)
    path = href(accountant.get(f"/home/bills/{bill['id']}"), "New vendor credit")
    fields = {name: values[0] for name, values in fields_of(accountant.get(path)).items()}
    fields |= accountant.hidden_on(path) | {"reason": "Returned", "notes": "", "amount": "390"}
    assert "Number is required." in words_of(accountant.post("/home/vendor-credits/new", data=fields))
    credit = path_after(accountant.post("/home/vendor-credits/new", data={**fields, "number": "CR-9"}))
    assert accountant.fill(credit, {"action": "issue"}).status_code == 303
    assert (stored(api, credit)["number"], stored(api, credit)["amountApplied"]) == ("CR-9", "390.00")
    page = accountant.get(f"/home/bills/{bill['id']}")
    assert "Balance due ₹1,000.00" in words_of(page) and f'href="{credit}"><bdi>CR-9</bdi>' in page.text
    assert numbers_on(accountant.get(href(accountant.get("/home/bills"), "Vendor credits"))) == ["CR-9"]
