"""`/home`: outstanding amounts by age, pending leave requests, and what to do first."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from api.pages.formats import format_money
from tests.support.axe import faults, in_both_schemes, needs_axe
from tests.support.cases import all_cases
from tests.support.scenarios import (
    draft_invoice,
    issued_credit_note,
    open_bill,
    paid_invoice,
    pay_invoice,
    pending_leave,
    refunded_vendor_credit,
    sent_invoice,
    today,
)


@all_cases(
    ("amount", "currency", "text"),
    [
        ("1234567.00", "INR", "₹12,34,567.00"),
        ("0.00", "INR", "₹0.00"),
        ("999.50", "INR", "₹999.50"),
        ("1000.00", "INR", "₹1,000.00"),
        ("123456789012345.67", "INR", "₹12,34,56,78,90,12,345.67"),
        ("1234567.00", "USD", "USD\u00a01,234,567.00"),
        ("1234567", "JPY", "JPY\u00a01,234,567"),
        ("1.5", "KWD", "KWD\u00a01.500"),
    ],
)
def test_amounts_are_formatted_for_their_currency(amount, currency, text):
    assert format_money(Decimal(amount), currency) == text


@pytest.fixture
def overdue(api):
    """82 600 rupees due tomorrow, and 82 600 rupees 45 days overdue."""
    sent_invoice(api, dueDate=str(today("Asia/Kolkata") + timedelta(1)))
    return sent_invoice(api, invoiceDate="2020-01-01", dueDate=str(today("Asia/Kolkata") - timedelta(45)))


def line(page, table, age):
    """Return the number of documents and the amount in the row of this age."""
    row = page.get_by_role("table", name=table).get_by_role("row").filter(has_text=age)
    return row.get_by_role("cell").all_inner_texts()


def test_outstanding_amounts_are_shown_by_age(overdue, api, signed_in, organization):
    open_bill(api)
    page = signed_in("admin")
    page.goto(f"{organization.url}/home")
    ages = [line(page, "Receivables in INR", age) for age in ("Not yet due", "1–30", "31–60", "61–90", "Over 90")]
    nothing = ["0", "₹0.00"]
    assert ages == [["1", "₹82,600.00"], nothing, ["1", "₹82,600.00"], nothing, nothing]
    assert line(page, "Payables in INR", "Not yet due") == ["1", "₹82,600.00"]
    assert page.get_by_text("₹1,65,200.00 outstanding").count() == 1
    assert page.get_by_text("₹82,600.00 overdue").count() == 1


@needs_axe
def test_axe_finds_no_serious_fault_in_sums_and_leaves(overdue, api, signed_in, organization):
    open_bill(api)
    pending_leave(api)
    page = signed_in()
    page.goto(f"{organization.url}/home")
    assert in_both_schemes(faults, page) == []


def test_a_payment_is_included_in_the_next_response(overdue, api, console):
    pay_invoice(api, overdue, "82600.00")
    assert "Nothing overdue" in console().get("/home").text


def test_each_currency_has_its_own_table(api, console):
    sent_invoice(api)
    sent_invoice(api, currency="USD")
    captions = re.findall(r"<caption>(Receivables[^<]+)", console().get("/home").text)
    assert captions == ["Receivables in INR by age", "Receivables in USD by age"]


def test_pending_leave_requests_are_counted_and_the_earliest_are_listed(api, console):
    for number in range(7):
        pending_leave(api, employeeName=f"Asha {number}", startDate=f"2099-03-0{7 - number}", endDate="2099-03-09")
    text = console().get("/home").text
    assert "7 requests" in text and "7 Mar 2099 – 9 Mar 2099" not in text
    assert re.findall(r"Asha \d", text) == [f"Asha {number}" for number in (6, 5, 4, 3, 2)]


def test_html_in_a_name_is_shown_as_text(api, console):
    pending_leave(api, employeeName="<script>alert(1)</script>")
    text = console().get("/home").text
    assert "<script>alert" not in text and "&lt;script&gt;alert(1)" in text


def test_an_empty_organization_sees_what_to_do_first(console, organization):
    text, viewers = (console(role).get("/home").text for role in ("owner", "viewer"))
    assert 'href="/settings/developer">create an API key</a>' in text
    for kind in ("invoices", "bills", "leaves"):
        assert f'href="/home/{kind}/new"' in text and f'href="/home/{kind}/new"' not in viewers
    assert "No invoice is waiting for payment" in text and "No leave request is waiting" in text
    assert "Ask an owner or admin for an API key" in viewers


def test_with_drafts_only_the_page_says_how_a_draft_becomes_outstanding(api, console):
    draft_invoice(api)
    text = console().get("/home").text
    assert "Get started" not in text and "A draft counts after it is sent" in text
    assert "1 draft, not outstanding until sent." in text and "until opened" not in text


def test_refunds_that_are_due_lead_to_the_notes_that_leave_them(api, console):
    text = console().get("/home").text
    assert "to be refunded" not in text and "must refund" not in text
    for _ in range(2):
        issued_credit_note(api, invoiceId=paid_invoice(api)["id"], amount="500.00")
    note = refunded_vendor_credit(api)
    browser = console()
    text = browser.get("/home").text
    assert 'href="/home/credit-notes?refundDue=true">2 credit notes leave something to be refunded.</a>' in text
    assert 'href="/home/vendor-credits?refundDue=true">1 vendor credit leaves something that the vendor must' in text
    listed = browser.get("/home/vendor-credits?refundDue=true").text
    assert note["number"] in listed and "₹300.00" in listed
    api.create(f"vendor-credits/{note['id']}/refunds", {"amount": "300.00"})
    assert "must refund" not in browser.get("/home").text
    assert "to be refunded" not in console("hr").get("/home").text


def test_another_organizations_sums_are_not_shown(other_organization, console):
    sent_invoice(other_organization.api())
    assert "82,600.00" not in console().get("/home").text


def test_without_a_session_it_redirects_to_the_log_in(console):
    response = console(None).get("/home")
    assert (response.status_code, response.headers["Location"]) == (303, "/login?next=/home")
