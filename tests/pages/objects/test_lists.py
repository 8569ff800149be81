"""The lists of objects: filters, orders and pages of the API, for the roles that may read them."""

import html
import re

import pytest

from api.console.objects.kinds import OBJECT_PAGES
from api.console.objects.words import FILTERS, SORTS, VALUES
from domain.accounts.user import ROLES
from tests.support.cases import all_cases
from tests.support.scenarios import (
    active_employee,
    active_party,
    decided_leave,
    draft_bill,
    draft_invoice,
    pay_invoice,
    pending_leave,
    sent_invoice,
    void_invoice,
)

BILLING, LEAVES = {"owner", "admin", "accountant", "viewer"}, {"owner", "admin", "hr"}


def words_of(response):
    """Return the text of a page, with one space between its words."""
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", response.text, flags=re.DOTALL)
    return " ".join(html.unescape(text).split())


def numbers_on(response):
    """Return the names of the objects in the list, in its order."""
    names = re.findall(r'<th scope="row"[^>]*><a href="[^"]*"><bdi>(.*?)</bdi>', response.text)
    return list(map(html.unescape, names))


def stored(api, path):
    """Return the object whose page has this path, as the API has it."""
    return api.read(path.removeprefix("/home/"))


def href(response, text):
    """Return the address of the link with this text."""
    found = re.search(rf'href="([^"]*)"[^>]*>\s*{re.escape(text)}', response.text)
    assert found, text
    return html.unescape(found[1])


@all_cases("kind", OBJECT_PAGES, ids=lambda kind: kind.kind)
def test_every_filter_order_and_status_has_words(kind):
    parameters = kind.type.listing.query_parameters()
    assert parameters.keys() - {"metadata", "include"} <= FILTERS.keys()
    assert kind.type.listing.sorts.keys() <= SORTS.keys()
    assert set(kind.type.aggregate.transitions()) <= VALUES.keys()
    assert {column.sort for column in (kind.name, *kind.columns)} - {""} <= kind.type.listing.sorts.keys()


@pytest.mark.parametrize("role", ROLES)
def test_a_list_is_shown_to_its_roles_and_others_are_told_whom_to_ask(api, console, role):
    draft_invoice(api), draft_bill(api), pending_leave(api), active_party(api), active_employee(api)
    client = console(role)
    home = client.get("/home").text
    billing, leaves = ("/home/invoices", "/home/bills", "/home/parties"), ("/home/leaves", "/home/employees")
    for path, roles in (*((each, BILLING) for each in billing), *((each, LEAVES) for each in leaves)):
        page = client.get(path)
        assert page.status_code == (200 if role in roles else 403)
        assert (f'<a href="{path}"' in home) == (role in roles)
        for suffix in ("csv", "xlsx"):
            assert client.get(f"{path}/list.{suffix}").status_code == page.status_code
    if role not in LEAVES:
        assert "Only owners, admins and HR can see this." in client.get("/home/leaves").text


def test_an_invoice_is_listed_with_its_amounts_and_the_sums_of_the_page(api, console):
    pay_invoice(api, sent_invoice(api, invoiceNumber="A/1", dueDate="2026-01-31"), "2600.00")
    draft_invoice(api, invoiceNumber="A/2", currency="USD")
    text = words_of(console("viewer").get("/home/invoices"))
    assert "A/1 partially paid overdue Acme Traders 10 Jan 2026 31 Jan 2026 ₹82,600.00 ₹80,000.00" in text
    assert "A/2 draft Acme Traders" in text
    assert "This page ₹82,600.00 ₹80,000.00" in text and "This page USD 82,600.00 USD 0.00" in text


def test_filters_are_those_of_the_api(api, console):
    sent_invoice(api, invoiceNumber="A/1", clientName="Zeta Mills")
    void_invoice(api, invoiceNumber="A/2", metadata={"order": "7"})
    draft_invoice(api, invoiceNumber="A/3", invoiceDate="2026-03-31", dueDate="2026-03-31")
    client = console("viewer")
    found = {
        "status=sent": ["A/1"],
        "status=sent,void": ["A/2", "A/1"],
        "search=zeta": ["A/1"],
        "dateFrom=2026-03-01": ["A/3"],
        "metadata[order]=7": ["A/2"],
        "overdue=true": [],
        "sort=invoiceNumber": ["A/1", "A/2", "A/3"],
        "status=&search=&sort=&overdue=": ["A/3", "A/2", "A/1"],
        "include=items&limit=2": ["A/3", "A/2"],
        "updatedSince=2020-01-01": ["A/3", "A/2", "A/1"],
        "updatedSince=2099-01-01 10:00": [],
    }
    assert {query: numbers_on(client.get(f"/home/invoices?{query}")) for query in found} == found
    assert "Nothing fits these filters." in client.get("/home/invoices?overdue=true").text


def test_a_wrong_filter_is_marked_at_its_field_and_nothing_is_listed(api, console):
    draft_invoice(api)
    client = console("viewer")
    page = client.get("/home/invoices?dateFrom=yesterday&status=closed&colour=red")
    assert page.status_code == 400 and numbers_on(page) == []
    assert 'id="dateFrom-problem"' in page.text and 'id="status-problem"' in page.text
    text = words_of(page)
    assert "Dated from must be " in text and "colour is not a query parameter" in text
    for query in ("cursor=nonsense", "updatedSince=0001-01-01", "updatedSince=soon", "limit=0", "sort=colour"):
        assert client.get(f"/home/invoices?{query}").status_code == 400


def test_pages_follow_each_other_and_lead_back_to_the_first(api, console):
    for number in ("A/1", "A/2", "A/3"):
        sent_invoice(api, invoiceNumber=number)
    client = console("viewer")
    first = client.get("/home/invoices?limit=2&status=sent")
    second = client.get(href(first, "Next page"))
    assert numbers_on(first) + numbers_on(second) == ["A/3", "A/2", "A/1"]
    assert numbers_on(client.get(href(second, "First page"))) == ["A/3", "A/2"]
    assert "Next page" not in second.text and "First page" not in first.text


def test_a_heading_orders_the_list_and_turns_the_order(api, console):
    draft_invoice(api, invoiceNumber="A/1", dueDate="2099-05-01")
    draft_invoice(api, invoiceNumber="A/2", dueDate="2099-04-01")
    client = console("viewer")
    latest = client.get(href(client.get("/home/invoices"), "Due"))
    assert numbers_on(latest) == ["A/1", "A/2"] and 'aria-sort="descending"' in latest.text
    assert numbers_on(client.get(href(latest, "Due"))) == ["A/2", "A/1"]


def test_home_leads_to_what_it_counts(api, console):
    sent_invoice(api, invoiceNumber="A/1", dueDate="2026-01-31")
    draft_invoice(api, invoiceNumber="A/2")
    pending_leave(api), decided_leave(api, "approved", employeeName="Ravi")
    client = console()
    home = client.get("/home")
    assert numbers_on(client.get(href(home, "₹82,600.00 overdue"))) == ["A/1"]
    assert numbers_on(client.get(href(home, "1 draft, not outstanding until sent."))) == ["A/2"]
    assert numbers_on(client.get("/home/leaves?status=pending")) == ["Asha Rao"]
    assert 'href="/home/leaves?status=pending"' in home.text


def test_the_other_mode_and_the_other_organization_have_their_own_lists(api, sibling, other_organization, console):
    draft_invoice(api, invoiceNumber="LIVE/1")
    draft_invoice(sibling.api(), invoiceNumber="TEST/1")
    draft_invoice(other_organization.api(), invoiceNumber="OTHER/1")
    assert numbers_on(console("viewer").get("/home/invoices")) == ["LIVE/1"]


def test_a_pending_leave_is_decided_in_its_row(api, console):
    asha, ravi = pending_leave(api), pending_leave(api, employeeName="Ravi")
    client = console("hr")
    page = client.get("/home/leaves?status=pending")
    fields = client.hidden_on("/home/leaves?status=pending")
    button = f'formaction="/home/leaves/{asha["id"]}?version=1&amp;next={ravi["id"]}" name="action" value="approve"'
    assert f'form="decide" {button}' in page.text
    # A decision that cannot be undone is taken on the leave's own page, which has room for a note and leads back.
    denial = f"/home/leaves/{ravi['id']}?do=deny&amp;next={asha['id']}&amp;back=/home/leaves%3Fstatus%3Dpending#do-deny"
    assert f'href="{denial}"' in page.text
    answer = client.post(f"/home/leaves/{asha['id']}?version=1&next={ravi['id']}", data={**fields, "action": "approve"})
    back = f"/home/leaves?status=pending&done=approve&next={ravi['id']}#{asha['id']}"
    assert (answer.status_code, answer.headers["Location"]) == (303, back)
    following = client.get(back)
    assert "The leave is approved." in words_of(following)
    assert f'<tr id="{ravi["id"]}" tabindex="-1" autofocus>' in following.text
    assert "done=approve" not in href(following, "Download all as CSV")
    assert [api.read(f"leaves/{each['id']}")["status"] for each in (asha, ravi)] == ["approved", "pending"]
    assert numbers_on(client.get("/home/leaves?status=pending")) == ["Ravi"]


def test_who_may_not_decide_sees_no_button(api, console):
    draft_invoice(api)
    assert "New invoice" in console("accountant").get("/home/invoices").text
    assert "New invoice" not in console("viewer").get("/home/invoices").text


def test_what_is_void_counts_nowhere(api, console):
    void_invoice(api)
    sent_invoice(api)
    text = words_of(console("viewer").get("/home/invoices"))
    assert "This page \u20b982,600.00 \u20b982,600.00" in text and text.count("\u20b982,600.00 \u2013") == 1


def test_a_time_in_a_filter_is_a_day_until_somebody_has_chosen_a_time(console):
    client = console("viewer")
    for query, widget in (("", "date"), ("asOf=2026-03-31", "date"), ("asOf=2026-03-31T10:00:00Z", "text")):
        page = client.get(f"/home/invoices?{query}").text
        assert f'<input id="asOf" name="asOf" type="{widget}"' in page


def test_messages_name_the_fields_of_the_form(console):
    page = words_of(console("viewer").get("/home/invoices?dateFrom=2026-02-01&dateTo=2026-01-01"))
    assert "\u201cDated to\u201d" in page and "dateTo" not in page
