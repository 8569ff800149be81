"""Lists as they were: the field "As of", and the pages that such a list leads to."""

import pytest
from playwright.sync_api import expect

from api.pages.formats import format_day
from tests.pages.objects.test_lists import href, numbers_on, words_of
from tests.support.console import enter_console
from tests.support.scenarios import draft_invoice, pay_invoice, pending_leave, sent_invoice, today

ZONE = "Asia/Kolkata"
MOVE = "UPDATE org_log SET clock_offset = %s::timestamptz - clock_timestamp() WHERE org_id = %s"


def now_of(api):
    return api.read("events", order="desc", limit=1)[0]["occurredAt"]


@pytest.fixture
def on_31_march(organization, owner, api):
    """Of two invoices, the first one is overdue on 31 March 2027 and paid on 2 April; the other one is paid at once."""

    def at(time):
        owner.execute(MOVE, (time, organization.id))

    at("2027-03-31 10:00+05:30")
    late = sent_invoice(api, invoiceNumber="A/1", dueDate="2027-03-20", invoiceDate="2027-03-01")
    prompt = sent_invoice(api, invoiceNumber="A/2", dueDate="2027-03-20", invoiceDate="2027-03-01")
    pay_invoice(api, prompt, "82600.00")
    at("2027-04-02 10:00+05:30")
    pay_invoice(api, late, "82600.00")
    at("2027-04-03 10:00+05:30")
    return late


def test_a_list_shows_how_things_were_and_leads_to_the_objects_of_then(api, console):
    invoice = sent_invoice(api, invoiceNumber="A/1")
    at = now_of(api)
    pay_invoice(api, invoice, "82600.00")
    draft_invoice(api, invoiceNumber="A/2")
    client = console("viewer")

    page = client.get("/home/invoices", params={"asOf": at})
    assert numbers_on(page) == ["A/1"]
    assert "A/1 sent" in words_of(page) and "This list shows how everything was on" in words_of(page)
    path = f"/home/invoices/{invoice['id']}?version=2"
    assert f'href="{path}"' in page.text and "as it was then" in words_of(client.get(path))
    assert numbers_on(client.get(href(page, "Show it as it is now"))) == ["A/2", "A/1"]
    assert f'"{invoice["id"]}"' in client.get(href(page, "Download all as CSV")).text


def test_a_day_means_its_end_and_today_means_now(api, console):
    draft_invoice(api, invoiceNumber="A/1")
    client = console("viewer")

    assert numbers_on(client.get("/home/invoices", params={"asOf": str(today(ZONE))})) == ["A/1"]
    assert numbers_on(client.get("/home/invoices", params={"asOf": "2026-01-31"})) == []


def test_the_pages_of_a_list_as_of_today_are_of_one_instant(api, console):
    for number in (1, 2):
        draft_invoice(api, invoiceNumber=f"A/{number}")
    client = console("viewer")
    page = client.get("/home/invoices", params={"asOf": str(today(ZONE)), "limit": "1"})
    draft_invoice(api, invoiceNumber="A/3")
    assert numbers_on(page) == ["A/2"]
    assert numbers_on(client.get(href(page, "Next"))) == ["A/1"]


@pytest.mark.parametrize("text", ["soon", "2099-01-31", "2026-02-30"])
def test_a_wrong_time_is_marked_at_its_field(console, text):
    page = console("viewer").get("/home/invoices", params={"asOf": text})
    assert page.status_code == 400 and 'id="asOf-problem"' in page.text


def test_nothing_can_be_decided_in_a_list_of_then(api, console):
    pending_leave(api)
    client = console("owner")
    assert 'form="decide"' in client.get("/home/leaves").text
    assert 'form="decide"' not in client.get("/home/leaves", params={"asOf": now_of(api)}).text


def test_what_was_overdue_on_31_march(browser_page, organization, owner, on_31_march):
    page = browser_page
    enter_console(page, organization, owner)
    page.goto(f"{organization.url}/home/invoices")
    page.get_by_text("More filters and the order").click()
    page.get_by_label("As of").fill("2027-03-31")
    page.get_by_label("Overdue").select_option(label="Yes")
    page.get_by_role("button", name="Filter", exact=True).click()

    expect(page.get_by_role("status").filter(has_text="how everything was on")).to_be_visible()
    expect(page.get_by_role("rowheader", name="A/1")).to_be_visible()
    expect(page.get_by_role("rowheader", name="A/2")).to_have_count(0)
    with page.expect_download() as started:
        page.get_by_role("link", name="Download all as CSV").click()
    assert on_31_march["id"] in started.value.path().read_text("utf-8")
    page.get_by_role("link", name="A/1").click()
    expect(page.get_by_text("as it was then")).to_be_visible()
    page.go_back()
    page.get_by_label("As of").fill("2027-04-02")
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(page.get_by_text("Nothing fits these filters.")).to_be_visible()


def test_before_the_first_record_the_list_says_since_when_there_are_some(api, console):
    draft_invoice(api, invoiceNumber="A/1")
    client = console("viewer")
    early = words_of(client.get("/home/invoices", params={"asOf": "2026-01-31"}))
    assert f"There is something in this list since {format_day(today(ZONE))}" in early
    assert "Nothing fits these filters." not in early
    filtered = words_of(client.get("/home/invoices", params={"asOf": str(today(ZONE)), "status": "void"}))
    assert "Nothing fits these filters." in filtered and "There is something in this list since" not in filtered
    assert "There is something" not in words_of(client.get("/home/bills", params={"asOf": "2026-01-31"}))


def test_the_file_of_a_list_as_it_was_has_its_day_in_its_name(api, console):
    draft_invoice(api)
    client = console("viewer")
    for query, day in (({"asOf": "2026-01-31"}, "2026-01-31"), ({}, str(today(ZONE)))):
        answer = client.get("/home/invoices/list.csv", params=query)
        assert answer.headers["Content-Disposition"] == f'attachment; filename="invoices-{day}.csv"'
