"""`/activity`: the log in sentences, filters, the history of an object, and the verification of the chain."""

import html
import re

import pytest
from playwright.sync_api import expect

from tests.support.axe import faults, in_both_schemes, needs_axe
from tests.support.console import enter_console
from tests.support.scenarios import (
    draft_invoice,
    paid_invoice,
    pay_invoice,
    pending_leave,
    reverse_payment,
    sent_invoice,
)

LARGEST = 60 * 1024


def sentences(text):
    """Return the text of each entry but those about the users whom tests create."""
    paragraphs = re.findall(r"<li><p>(.*?)</p>", text, re.DOTALL)
    texts = [html.unescape(re.sub(r"<[^>]+>", "", each)) for each in paragraphs]
    return [text for text in texts if "the people of the organization" not in text]


def test_each_entry_is_a_sentence(api, console):
    sent = sent_invoice(api, invoiceNumber="A/1")
    api.update(f"invoices/{sent['id']}", {"notes": "Thank you"})
    pay_invoice(api, sent, "82600.00")
    pending_leave(api)
    told = sentences(console("admin").get("/activity").text)
    assert told[:-1] == [
        "a test (API key) requested leave of Asha Rao from 1 Mar 2099",
        "a test (API key) recorded that invoice A/1 (Acme Traders) is paid in full",
        "a test (API key) recorded a payment of ₹82,600.00 on invoice A/1 (Acme Traders)",
        "a test (API key) changed invoice A/1 (Acme Traders) – notes",
        "a test (API key) sent invoice A/1 (Acme Traders)",
        "a test (API key) drafted invoice A/1 (Acme Traders)",
    ]
    assert told[-1].startswith("The command line created API key a test (…")


def test_each_kind_of_payment_and_a_reversal_have_their_words(api, console):
    invoice = sent_invoice(api, invoiceNumber="A/1")
    for kind in ("tds", "write_off", "round_off", "payment"):
        body = {"kind": kind, "amount": "0.61", "paidOn": "2026-01-20", "reference": "x"}
        invoice = api.create(f"invoices/{invoice['id']}/payments", body)
    reverse_payment(api, "invoices", invoice)
    assert sentences(console("admin").get("/activity").text)[:5] == [
        "a test (API key) took back a payment of ₹0.61 of invoice A/1 (Acme Traders)",
        "a test (API key) recorded a payment of ₹0.61 on invoice A/1 (Acme Traders)",
        "a test (API key) recorded a rounding-off of ₹0.61 on invoice A/1 (Acme Traders)",
        "a test (API key) recorded a write-off of ₹0.61 on invoice A/1 (Acme Traders)",
        "a test (API key) recorded withheld tax (TDS) of ₹0.61 on invoice A/1 (Acme Traders)",
    ]


def test_a_changed_and_a_shortened_leave_have_their_words(api, console):
    path = f"leaves/{pending_leave(api)['id']}"
    api.update(path, {"startDate": "2099-02-27", "startPart": "second_half"})
    api.update(path, {"status": "approved"})
    api.update(path, {"endDate": "2099-03-01", "endPart": "first_half"})
    page = console("admin")
    assert sentences(page.get("/activity").text)[:4] == [
        "a test (API key) cut short leave of Asha Rao from 27 Feb 2099",
        "a test (API key) approved leave of Asha Rao from 27 Feb 2099",
        "a test (API key) changed leave of Asha Rao from 27 Feb 2099 – start date, start part",
        "a test (API key) requested leave of Asha Rao from 1 Mar 2099",
    ]
    history = page.get(f"/activity/{path.removeprefix('leaves/')}").text
    shown = ("start part", "the second half", "end part", "the first half")
    assert [words for words in shown if words not in history.lower()] == []


def test_the_actor_filter_distinguishes_two_keys_with_the_same_name(organization, console):
    keys = [organization.new_key().row for _ in range(2)]
    names = {key["name"] for key in keys}
    text = html.unescape(console().get("/activity").text)
    assert len(names) == 1
    for key in keys:
        assert f'<option value="api_key:{key["id"]}">{key["name"]} …{key["lastFour"]} (API key)</option>' in text


def test_a_filter_works_without_a_script(api, page_without_scripts, service, organization, owner):
    paid_invoice(api, invoiceNumber="A/1")
    sent_invoice(api, invoiceNumber="A/2")
    page = page_without_scripts
    enter_console(page, organization, owner)
    page.goto(f"{service.url}/activity")
    page.get_by_label("What").select_option("Invoice: sent")
    page.get_by_label("Object").fill("A/2")
    page.get_by_role("button", name="Filter").click()
    entries = page.get_by_role("region", name="Entries").get_by_role("listitem")
    expect(entries).to_have_count(1)
    expect(entries).to_contain_text("sent invoice A/2")
    page.get_by_role("link", name="Show everything").click()
    expect(entries.nth(5)).to_be_visible()


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("from=yesterday", "Enter the first day as YYYY-MM-DD"),
        ("to=2026-02-30", "Enter the last day as YYYY-MM-DD"),
        ("from=2026-02-02&amp;to=2026-02-01", "The last day must not be before the first day."),
        ("type=invoice.eaten", "Choose a type from the list."),
        ("actor=nobody", "Choose an actor from the list."),
        ("before=-1", "Show the newest entries instead."),
        (f"object={'x' * 65}", "Enter an object&#39;s id, or the number of an invoice or bill."),
    ],
)
def test_an_invalid_filter_has_a_message_that_says_what_to_enter(console, query, message):
    response = console().get(f"/activity?{html.unescape(query)}")
    assert response.status_code == 400 and message in response.text


def test_the_link_to_older_entries_keeps_the_filter(api, console):
    for _ in range(52):
        draft_invoice(api)
    client = console()
    first = client.get("/activity?type=invoice.drafted").text
    (older,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = client.get(html.unescape(older)).text
    assert (len(sentences(first)), len(sentences(second))) == (50, 2)
    assert "type=invoice.drafted" in older and 'rel="next"' not in second


def test_an_entry_links_to_the_history_of_its_object(api, signed_in, organization):
    invoice = sent_invoice(api, invoiceNumber="A/1")
    api.update(f"invoices/{invoice['id']}", {"dueDate": "2099-02-28"})
    page = signed_in("admin")
    page.goto(f"{organization.url}/activity")
    page.get_by_role("link", name="invoice A/1 (Acme Traders)").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Invoice A/1 (Acme Traders)")
    newest = page.get_by_role("region", name="Updated").get_by_role("row").nth(1)
    assert newest.inner_text().split("\t") == ["Due date", "31 Jan 2099", "28 Feb 2099"]


def test_the_history_of_a_key_shows_no_hash(organization, console):
    key = organization.new_key().row
    page = console().get(f"/activity/{key['id']}").text
    text = page.partition("<main")[2].partition("<footer")[0]  # header and footer have forms with a token
    assert "Last four" in text and "keyHash" not in text and not re.search(r"[0-9a-f]{64}", text)


def test_a_history_shows_times_in_the_organizations_time_zone_and_field_names_in_words(api, console):
    text = console().get(f"/activity/{pay_invoice(api, sent_invoice(api), '600.00')['id']}").text
    rows = dict(re.findall(r'<th scope="row">([^<]+)</th>.*?data-label="After">(.*?)</td>', text))
    assert "Times are in the time zone Asia/Kolkata." in text
    assert re.fullmatch(r"<bdi>\d{1,2} \w{3} \d{4}, \d\d:\d\d</bdi>", rows["Sent at"])
    assert re.search(r"paid on \d{1,2} \w{3} \d{4}", text) and "Balance due" in rows
    visible = re.sub(r"<[^>]+>", " ", text)
    assert not re.search(r"\d{4}-\d\d-\d\d(?!\d)|\b(?!SmartDhandha)[a-z]+[A-Z][a-z]", visible)


def test_the_history_of_another_organizations_object_is_not_found(other_organization, console):
    invoice = draft_invoice(other_organization.api())
    client = console()
    for id in (invoice["id"], "inv_none", "%00"):
        response = client.get(f"/activity/{id}")
        assert (response.status_code, response.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert sentences(client.get(f"/activity?object={invoice['id']}").text) == []


def test_a_member_can_verify_the_chain_and_sees_up_to_which_position(api, signed_in, organization):
    draft_invoice(api)
    page = signed_in("admin")
    page.goto(f"{organization.url}/activity")
    assert page.get_by_text("The chain has not been verified yet; the log ends at position 3.").count() == 1
    page.get_by_role("button", name="Verify now").click()
    expect(page.get_by_text("Chain verified up to position 3 of 3")).to_have_count(1)
    draft_invoice(api)
    page.goto(f"{organization.url}/activity")
    assert page.get_by_text("Chain verified up to position 3 of 4").count() == 1
    page.get_by_role("button", name="Verify the next entries").click()
    expect(page.get_by_text("Chain verified up to position 4 of 4")).to_have_count(1)


def test_the_position_of_an_altered_event_is_shown(api, console, owner):
    client = console()
    invoice = draft_invoice(api)
    alter = "UPDATE events SET state = replace(state, %s, %s) WHERE originator_id = %s"
    assert client.fill("/activity/verify", on="/activity").status_code == 303
    owner.execute(alter, ("82600.00", "8260.00", invoice["id"]))
    client.fill("/activity/verify", {"again": "1"}, on="/activity")
    assert "The chain is broken at position 3" in client.get("/activity").text
    owner.execute(alter, ("8260.00", "82600.00", invoice["id"]))
    client.fill("/activity/verify", on="/activity")
    assert "broken" not in client.get("/activity").text


@needs_axe
def test_axe_finds_no_serious_fault_on_the_page_of_a_broken_chain(api, signed_in, organization, owner):
    invoice = draft_invoice(api)
    owner.execute("UPDATE events SET state = '{}' WHERE originator_id = %s", (invoice["id"],))
    page = signed_in()
    page.goto(f"{organization.url}/activity")
    page.get_by_role("button", name="Verify now").click()
    page.get_by_text("The chain is broken at position 2").wait_for()
    assert in_both_schemes(faults, page) == []
    page.goto(f"{organization.url}/activity/{invoice['id']}")
    page.get_by_text("The event at position 2 of the log cannot be read").wait_for()
    assert in_both_schemes(faults, page) == []


@needs_axe
def test_axe_finds_no_serious_fault_in_entries_and_a_history(api, signed_in, organization):
    invoice = paid_invoice(api)
    page = signed_in()
    for path in ("/activity", f"/activity/{invoice['id']}"):
        page.goto(f"{organization.url}{path}")
        assert faults(page) == []


def test_a_verification_without_the_csrf_token_is_refused(api, console):
    client = console()
    assert client.post("/activity/verify", data={"csrf": "0" * 64}).status_code == 403
    assert "has not been verified yet" in client.get("/activity").text


def test_the_longest_pages_are_small(api, console):
    lines = [{"description": "x" * 500, "quantity": 1, "unitPrice": 1, "taxRate": 18}] * 200
    invoice = draft_invoice(api, items=lines, notes="y" * 5000, clientName="z" * 200)
    for number in range(25):
        api.update(f"invoices/{invoice['id']}", {"items": lines[number:], "notes": str(number) * 2000})
    for _ in range(30):
        draft_invoice(api, clientName="z" * 200)
    client = console()
    for path in ("/home", "/activity", f"/activity/{invoice['id']}", f"/activity/{invoice['id']}?before=20"):
        response = client.get(path)
        assert response.status_code == 200 and len(response.content) < LARGEST, path


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_is_wider_than_the_screen(api, signed_in, organization, console_errors, foreign_requests, width):
    invoice = sent_invoice(api, clientName="W" * 200)
    page = signed_in()
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/home", "/activity", f"/activity/{invoice['id']}"):
        page.goto(f"{organization.url}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert (console_errors, foreign_requests) == ([], [])
