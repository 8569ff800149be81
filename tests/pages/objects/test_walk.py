"""The work of a day in a browser, with scripts on a desktop and without them on a phone."""

import pytest
from playwright.sync_api import expect

from tests.support.console import enter_console
from tests.support.scenarios import draft_invoice, pending_leave, today

PHONE = {"width": 390, "height": 844}


@pytest.fixture(params=["desktop, with scripts", "phone, without scripts"])
def walker(request, organization, owner):
    """A page of an owner."""
    is_desktop = request.param.startswith("desktop")
    page = request.getfixturevalue("browser_page" if is_desktop else "page_without_scripts")
    if not is_desktop:
        page.set_viewport_size(PHONE)
    enter_console(page, organization, owner)
    page.goto(f"{organization.url}/home")
    return page


def open_list(page, name):
    page.get_by_role("navigation", name="Console").get_by_role("link", name=name).click()


def act(page, action, **fields):
    """Open the form of an action, fill it in, and send it."""
    form = page.get_by_role("region", name="What you can do").locator("details").filter(has_text=action).first
    form.locator("summary").click()
    for label, text in fields.items():
        form.get_by_label(label, exact=True).fill(text)
    form.get_by_role("button", name=action).click()


def draft(page, what, **fields):
    """Draft a document with one line of 1 000 rupees and 18 % tax."""
    page.get_by_role("link", name=what).click()
    for label, text in fields.items():
        page.get_by_label(label.replace("_", " "), exact=False).first.fill(text)
    line = page.get_by_role("group", name="Line 1")
    for label, text in {"Description": "Cloth", "Quantity": "10", "Unit price": "100", "Tax rate": "18"}.items():
        line.get_by_label(label).fill(text)
    page.get_by_role("button", name="Compute the totals").click()
    expect(page.get_by_text("₹1,180.00").first).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("heading", name="Lines")).to_be_visible()


def test_an_invoice_is_drafted_sent_paid_in_two_parts_and_one_is_taken_back(walker, api):
    open_list(walker, "Invoices")
    draft(walker, "New invoice", Client_id="acme", Number="A/1")
    act(walker, "Send")
    for amount in ("1000", "180"):
        act(walker, "Record a payment", Amount=amount, Day=str(today("Asia/Kolkata")))
    expect(walker.locator(".head .tag").filter(has_text="paid").first).to_be_visible()
    payment = walker.get_by_role("row").filter(has_text="₹1,000.00")
    payment.get_by_role("link", name="Take back").click()
    payment.get_by_label("Reason").fill("The cheque bounced")
    payment.get_by_role("button", name="Take back").click()
    expect(walker.get_by_text("The cheque bounced").first).to_be_visible()
    (invoice,) = api.read("invoices")
    assert (invoice["status"], invoice["balanceDue"]) == ("partially_paid", "1000.00")


def test_a_bill_that_was_entered_wrongly_is_made_void_and_entered_rightly(walker, api):
    for number in range(2):
        open_list(walker, "Bills")
        draft(walker, "New bill", Vendor_id="mills", Number="B/7")
        act(walker, "Open" if number else "Make void")
    assert sorted(bill["status"] for bill in api.read("bills")) == ["open", "void"]


def test_leaves_are_approved_denied_and_cut_short(walker, api):
    for name in ("Asha", "Ravi", "Meera"):
        pending_leave(api, employeeName=name)
    open_list(walker, "Leaves")
    for name, decision in (("Asha", "Approve"), ("Ravi", "Deny"), ("Meera", "Approve")):
        row = walker.get_by_role("row").filter(has_text=name)
        if decision == "Deny":
            row.get_by_role("link", name="Deny").click()
            walker.locator("#deny-note").fill("Nobody else is there")
            walker.get_by_role("button", name="Deny").click()
        else:
            row.get_by_role("button", name=decision).click()
        expect(row.get_by_role("button")).to_have_count(0)
    walker.get_by_role("link", name="Meera").click()
    act(walker, "Cut short", **{"Last day": "2099-03-02"})
    expect(walker.get_by_text("2 days").first).to_be_visible()
    statuses = {leave["employeeName"]: (leave["status"], leave["days"]) for leave in api.read("leaves")}
    assert {name: status for name, (status, _days) in statuses.items()} == {
        "Asha": "approved",
        "Ravi": "denied",
        "Meera": "approved",
    }


def test_after_a_decision_the_focus_is_on_the_next_row_or_on_what_was_done(browser_page, organization, owner, api):
    for name in ("Asha", "Ravi"):
        pending_leave(api, employeeName=name)
    enter_console(browser_page, organization, owner)
    browser_page.goto(f"{organization.url}/home/leaves?status=pending")
    focused = browser_page.locator(":focus")
    browser_page.get_by_role("row").filter(has_text="Ravi").get_by_role("button", name="Approve").click()
    expect(focused).to_contain_text("Asha")
    browser_page.get_by_role("button", name="Approve").click()
    expect(focused).to_have_text("The leave is approved.")


def test_a_form_that_is_on_its_way_says_so_and_cannot_be_sent_again(browser_page, organization, owner, api):
    invoice = draft_invoice(api)
    enter_console(browser_page, organization, owner)
    browser_page.goto(f"{organization.url}/home/invoices/{invoice['id']}?do=send")
    # A response without content leaves the page as it is, so that it can be looked at.
    browser_page.route("**/home/invoices/*", lambda route: route.fulfill(status=204))
    browser_page.get_by_role("button", name="Send", exact=True).click()
    expect(browser_page.get_by_role("button", name="Sending")).to_be_disabled()
    expect(browser_page.locator("form[aria-busy=true]")).to_have_count(1)
