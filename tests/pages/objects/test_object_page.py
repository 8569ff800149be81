"""The page of one invoice, bill or leave: what it shows, and the actions that it offers to those who may write."""

import html
import re

import pytest

from domain.accounts.user import ROLES
from tests.pages.objects.test_lists import stored, words_of
from tests.support.scenarios import (
    decided_leave,
    draft_bill,
    draft_invoice,
    open_bill,
    pay_invoice,
    pending_leave,
    reverse_payment,
    sent_invoice,
    today,
)

BILLING_WRITERS, LEAVE_WRITERS = {"owner", "admin", "accountant"}, {"owner", "admin", "hr"}


@pytest.fixture
def act(console):
    """Send the form of an action on the page of an object, as somebody with a role."""

    def send(path, action, role="owner", client=None, **fields):
        client = client or console(role)
        return client.fill(path, {"action": action, **fields})

    return send


def test_an_invoice_shows_its_facts_lines_totals_and_payments(api, console):
    invoice = sent_invoice(api, invoiceNumber="A/1", notes="first\nsecond", metadata={"order": "7"})
    reverse_payment(api, "invoices", pay_invoice(api, invoice, "1.00"))
    pay_invoice(api, invoice, "2600.00")
    page = console("viewer").get(f"/home/invoices/{invoice['id']}")
    text = words_of(page)
    for part in (
        "Invoice A/1 (Acme Traders)",
        "partially paid",
        "Consulting 20 ₹3,500.00 ₹70,000.00 18 % ₹12,600.00 ₹82,600.00",
        "Subtotal ₹70,000.00 Tax ₹12,600.00 Total ₹82,600.00 Paid ₹2,600.00 Balance due ₹80,000.00",
        "20 Jan 2026 payment ₹2,600.00",
        "taken back on",
        "The cheque bounced",
        "first second",
        "order 7",
        "Payment reversed",
        f"/api/v1/invoices/{invoice['id']}",
    ):
        assert part in text, part
    assert "Only owners, admins and accountants can change this." in text
    assert '<form method="post" action="/home/invoices/' not in page.text


def test_a_refused_denial_still_leads_back_to_the_list(api, console):
    client, path = console("hr"), f"/home/leaves/{pending_leave(api)['id']}"
    page = client.get(f"{path}?do=deny&back=/home/leaves")
    assert '<details class="card" id="do-deny" open>' in page.text
    fields = client.hidden_on(f"{path}?do=deny&back=/home/leaves") | {
        "action": "deny",
        "note": "x" * 2001,
        "back": "/home/leaves",
    }
    refused = client.post(path, data=fields)
    assert refused.status_code == 422 and '<input type="hidden" name="back" value="/home/leaves">' in refused.text
    elsewhere = client.get(f"{path}?do=deny&back=https://evil.example/")
    assert elsewhere.status_code == 200 and 'value="https://evil' not in elsewhere.text


def test_a_version_shows_the_invoice_as_it_was(api, console):
    invoice = sent_invoice(api, invoiceNumber="A/1")
    client = console()
    page = client.get(f"/home/invoices/{invoice['id']}?version=1")
    text = words_of(page)
    assert "This is version 1 of 2, as it was then." in text and "draft" in text
    assert "What you can do" not in page.text and 'method="post" action="/home/invoices/' not in page.text
    assert client.get(f"/home/invoices/{invoice['id']}?version=2").status_code == 200
    assert client.get(f"/home/invoices/{invoice['id']}?version=3").status_code == 400
    assert client.get(f"/home/invoices/{invoice['id']}?version=x").status_code == 400


@pytest.mark.parametrize("role", ROLES)
def test_only_roles_with_the_scope_change_an_object(api, console, act, role):
    invoice, leave = draft_invoice(api), pending_leave(api)
    for path, action, roles in (
        (f"/home/invoices/{invoice['id']}", "send", BILLING_WRITERS),
        (f"/home/leaves/{leave['id']}", "approve", LEAVE_WRITERS),
    ):
        client = console(role)
        page = client.get(path)
        if role in roles:
            assert act(path, action, client=client).status_code == 303
            continue
        assert "/edit" not in page.text
        token = client.token_on("/logout")
        answer = client.post(path, data={"csrf": token, "action": action, "version": "1"})
        assert answer.status_code == 403 and "can change this" in answer.text
        for form in (f"{path}/edit", f"{path.rpartition('/')[0]}/new"):
            assert client.get(form).status_code == 403
            assert client.post(form, data={"csrf": token, "do": "save"}).status_code == 403
    sent, decided = (api.read(f"invoices/{invoice['id']}"), api.read(f"leaves/{leave['id']}"))
    assert (sent["status"] == "sent") == (role in BILLING_WRITERS)
    assert (decided["status"] == "approved") == (role in LEAVE_WRITERS)


def test_an_invoice_is_sent_paid_in_two_parts_one_taken_back_and_the_user_is_the_actor(api, console, act):
    path = f"/home/invoices/{draft_invoice(api, invoiceNumber='A/1')['id']}"
    client = console("accountant")
    assert act(path, "send", client=client).headers["Location"] == f"{path}?done=send"
    assert "The invoice is sent." in words_of(client.get(f"{path}?done=send"))
    for amount in ("80,000.00", "2600"):
        fields = {"amount": amount, "paidOn": str(today("Asia/Kolkata")), "kind": "payment", "method": "UPI"}
        assert act(path, "recordPayment", client=client, **fields).status_code == 303
    paid = stored(api, path)
    assert (paid["status"], [each["amount"] for each in paid["payments"]]) == ("paid", ["80000.00", "2600.00"])
    payment = paid["payments"][0]["id"]
    link = f"{path}?do=reversePayment&payment={payment}"
    assert html.escape(link) in client.get(path).text
    fields = client.hidden_on(link) | {"reason": "The cheque bounced", "reversedOn": ""}
    answer = client.post(path, data=fields)
    assert answer.status_code == 303 and stored(api, path)["balanceDue"] == "80000.00"
    assert f"{client.email} took back" in words_of(client.get("/activity"))


def test_a_form_that_is_sent_twice_counts_once(api, console):
    path = f"/home/invoices/{sent_invoice(api)['id']}"
    client = console()
    fields = client.hidden_on(path) | {"action": "recordPayment", "amount": "1.00", "paidOn": "2026-01-20"}
    fields |= {"kind": "payment", "method": "", "reference": ""}
    assert [client.post(path, data=fields).status_code for _ in range(2)] == [303, 303]
    assert len(stored(api, path)["payments"]) == 1


def test_another_action_with_the_same_token_is_no_retry(api, console):
    path = f"/home/invoices/{draft_invoice(api)['id']}"
    client = console()
    fields = client.hidden_on(path)
    assert client.post(path, data=fields | {"action": "send"}).status_code == 303
    assert client.post(path, data=fields | {"action": "void"}).status_code == 409
    assert stored(api, path)["status"] == "sent"


def test_a_wrong_field_is_marked_and_what_was_typed_stays(api, console, act):
    path = f"/home/invoices/{sent_invoice(api)['id']}"
    answer = act(path, "recordPayment", amount="99999999", paidOn="soon", kind="write_off", method="UPI", reference="")
    assert answer.status_code == 422
    assert 'id="recordPayment-amount-problem"' in answer.text and 'id="recordPayment-paidOn-problem"' in answer.text
    assert 'value="99999999"' in answer.text and 'value="UPI"' in answer.text
    assert "Reference is required for “written off”: give the reason" in words_of(answer)
    assert stored(api, path)["payments"] == []


def test_a_page_that_is_older_than_the_object_changes_nothing(api, console):
    path = f"/home/invoices/{draft_invoice(api)['id']}"
    client = console()
    fields = client.hidden_on(path) | {"action": "void"}
    api.update(path.removeprefix("/home/"), {"notes": "meanwhile"})
    answer = client.post(path, data=fields)
    assert answer.status_code == 409 and "Somebody has changed this since you opened the page." in answer.text
    assert stored(api, path)["status"] == "draft"


def test_an_action_that_the_status_refuses_says_why(api, console, act):
    path = f"/home/invoices/{sent_invoice(api)['id']}"
    client = console()
    fields = client.hidden_on(path)
    answer = client.post(path, data={**fields, "action": "send", "version": "2"})
    assert answer.status_code == 303  # sent already: nothing changes
    void = client.fill(path, {"action": "void"})
    assert void.status_code == 303
    answer = client.fill(path, {"action": "send"}, on="/logout")
    assert answer.status_code == 422  # a form without its token
    assert act(path, "destroy").status_code == 400


def test_bills_are_opened_and_made_void(api, act):
    draft, open_ = draft_bill(api), open_bill(api)
    assert act(f"/home/bills/{draft['id']}", "open").status_code == 303
    assert act(f"/home/bills/{open_['id']}", "void").status_code == 303
    assert [api.read(f"bills/{each['id']}")["status"] for each in (draft, open_)] == ["open", "void"]


def test_a_leave_is_denied_with_a_note_and_an_approved_one_is_cut_short(api, console, act):
    leave = pending_leave(api)
    assert act(f"/home/leaves/{leave['id']}", "deny", role="hr", note="Audit week").status_code == 303
    assert api.read(f"leaves/{leave['id']}")["decisionNote"] == "Audit week"
    approved = decided_leave(api, "approved", startDate="2099-03-01", endDate="2099-03-05")
    answer = act(f"/home/leaves/{approved['id']}", "shorten", role="hr", endDate="2099-03-03", endPart="first_half")
    assert answer.status_code == 303
    assert api.read(f"leaves/{approved['id']}")["days"] in ("2.5", 2.5)
    answer = act(f"/home/leaves/{approved['id']}", "shorten", role="hr", endDate="2099-03-09", endPart="full")
    assert answer.status_code == 422 and "Last day must not be after 3 Mar 2099: an approved leave" in words_of(answer)


def test_objects_of_others_are_not_found(api, other_organization, sibling, console):
    mine = draft_invoice(api)
    client = console()
    for organization in (other_organization, sibling):
        path = f"/home/invoices/{draft_invoice(organization.api())['id']}"
        for page in (path, f"{path}/edit", f"{path}?version=1"):
            assert client.get(page).status_code == 404
        answer = client.fill(path, {"action": "void"}, on=f"/home/invoices/{mine['id']}")
        assert answer.status_code == 404
    assert client.get(f"/home/bills/{mine['id']}").status_code == 404


def test_what_others_wrote_is_text(api, console):
    name = "<script>alert(1)</script>\u202e"
    invoice = draft_invoice(api, clientName=name, items=[{**LINE, "description": name}], metadata={"order": "<i>"})
    page = console().get(f"/home/invoices/{invoice['id']}").text
    assert "<script>alert" not in page and "<i>" not in page
    assert re.search(r"<bdi>&lt;script&gt;alert\(1\)&lt;/script&gt;", page)


LINE = {"description": "Consulting", "quantity": 1, "unitPrice": 1, "taxRate": 0}


@pytest.mark.parametrize(("width", "is_beside"), [(1440, True), (1280, False)])
def test_the_history_is_beside_where_there_is_room(browser_page, signed_in, organization, api, width, is_beside):
    invoice = sent_invoice(api)
    signed_in()
    browser_page.set_viewport_size({"width": width, "height": 900})
    browser_page.goto(f"{organization.url}/home/invoices/{invoice['id']}")
    facts, history = (browser_page.get_by_role("region", name=name).bounding_box() for name in ("Facts", "History"))
    assert (history["y"] == facts["y"]) == is_beside
    assert browser_page.evaluate("document.documentElement.scrollWidth") == width
