"""Saved views: filters and an order of a list under a name, for oneself or for everybody who sees the list."""

import html
import re

import pytest

from api.ports.users.views import ListOfViews, SavedView, TooManyViews
from domain.accounts.user.saved_view import MAX_VIEWS, parse_view_name
from infra.reads.objects.views import PostgresSavedViews
from tests.pages.objects.test_lists import href, numbers_on
from tests.support.scenarios import draft_invoice, sent_invoice

LIST, PAGE = "/home/invoices", "/home/invoices/views"


def save(client, name, query="", **fields):
    """Save the view of a list, as the form above the list does."""
    hidden = {key: html.unescape(value) for key, value in client.hidden_on(f"{LIST}?{query}").items()}
    return client.post(PAGE, data={**hidden, "name": name, "action": "save", **fields})


def send(client, name, query):
    """Send the form with another query than that of the list."""
    fields = {**client.hidden_on(LIST), "query": query, "name": name, "action": "save"}
    return client.post(PAGE, data=fields)


def names_on(client, path=LIST):
    links = re.findall(r'<a class="alone" href="[^"]*"[^>]*><bdi>(.*?)</bdi>', client.get(path).text)
    return [html.unescape(name) for name in links]


def id_of(client, name):
    """Return the id of the view with this name on the page of the views."""
    forms = client.get(PAGE).text.split('<input type="hidden" name="id" value="')[1:]
    return next(form.partition('"')[0] for form in forms if f'name="name" value="{name}"' in form)


def change(client, action, id, **fields):
    return client.post(PAGE, data={"csrf": client.token_on("/logout"), "action": action, "id": id, **fields})


def test_a_view_is_a_link_above_the_list_to_its_filters_and_order(api, console):
    sent_invoice(api, invoiceNumber="A/1"), sent_invoice(api, invoiceNumber="A/2"), draft_invoice(api)
    client = console("viewer")
    answer = save(client, " To  be paid ", "status=sent&sort=invoiceNumber&limit=1&cursor=")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{LIST}?status=sent&sort=invoiceNumber")
    shown = client.get(href(client.get(LIST), "<bdi>To be paid"))
    assert numbers_on(shown) == ["A/1", "A/2"]
    assert re.search(r'aria-current="page"><bdi>To be paid', shown.text)
    assert not re.search(r'aria-current="page"><bdi>', client.get(LIST).text)
    assert names_on(client, "/home/bills") == []


def test_a_form_that_is_sent_twice_saves_one_view(api, console):
    client = console("viewer")
    fields = {**client.hidden_on(LIST), "name": "All", "action": "save"}
    assert [client.post(PAGE, data=fields).status_code for _ in range(2)] == [303, 303]
    assert names_on(client) == ["All"]


@pytest.mark.parametrize(
    ("name", "query", "message"),
    [
        ("", "", "Enter a name of 1 to 64 characters"),
        ("x" * 65, "", "Enter a name of 1 to 64 characters"),
        ("\u200b", "", "Enter a name of 1 to 64 characters"),
        ("Mine", "", "You have a view of this name."),
        ("Other", "colour=red", "The list does not know these filters."),
        ("Other", "search=" + "x" * 2000, "The list does not know these filters."),
    ],
)
def test_what_is_wrong_with_a_view_stands_at_its_form_with_what_was_typed(console, name, query, message):
    client = console("viewer")
    save(client, "Mine")
    answer = send(client, name, query)
    assert answer.status_code == 422 and message in answer.text
    assert 'aria-describedby="view-problem"' in answer.text and f'name="name" value="{name}"' in answer.text
    assert names_on(client) == ["Mine"]


def test_a_form_that_was_open_too_long_saves_nothing(console):
    client = console("viewer")
    answer = save(client, "Mine", form_token="1-" + "x" * 22)
    assert answer.status_code == 422 and "open for too long" in answer.text and names_on(client) == []


def test_a_view_is_renamed_and_removed(console):
    client = console("viewer")
    save(client, "Mine"), save(client, "Other")
    id = id_of(client, "Mine")
    taken = change(client, "rename", id, name="Other")
    assert taken.status_code == 422 and "You have a view of this name." in taken.text
    assert f'id="{id}-problem"' in taken.text
    assert change(client, "rename", id, name="Yours").status_code == 303
    assert names_on(client) == ["Other", "Yours"]
    assert [change(client, "remove", id).status_code for _ in range(2)] == [303, 303]
    gone = change(client, "rename", id, name="Back")
    assert gone.status_code == 422 and "Somebody has removed this view" in gone.text
    assert names_on(client) == ["Other"]


def test_an_own_view_is_seen_by_nobody_else_and_a_shared_one_by_who_sees_the_list(console, other_organization):
    accountant, viewer, owner, hr = (console(role) for role in ("accountant", "viewer", "owner", "hr"))
    save(accountant, "Mine"), save(accountant, "Ours", shared="yes")
    assert (names_on(accountant), names_on(viewer)) == (["Mine", "Ours"], ["Ours"])
    ours, mine = id_of(accountant, "Ours"), id_of(accountant, "Mine")
    change(viewer, "remove", ours), change(owner, "remove", mine)
    assert change(viewer, "rename", ours, name="Viewer's").status_code == 422
    assert names_on(accountant) == ["Mine", "Ours"]
    assert change(owner, "rename", ours, name="Everybody's").status_code == 303
    assert names_on(viewer) == ["Everybody's"]
    assert hr.get(PAGE).status_code == 403 and change(hr, "remove", ours).status_code == 403


def test_who_may_not_change_invoices_cannot_share(console):
    viewer, owner = console("viewer"), console("owner")
    assert 'name="shared"' not in viewer.get(LIST).text and 'name="shared"' in owner.get(LIST).text
    save(viewer, "Mine", shared="yes")
    assert (names_on(viewer), names_on(owner)) == (["Mine"], [])


def test_each_mode_has_its_own_views(console, sibling):
    client = console("owner")
    save(client, "Live")
    client.fill("/mode", {"mode": "test"}, on="/home")
    assert names_on(client) == []


def test_there_are_at_most_so_many_views_for_a_user_and_for_all(pool, organization):
    saved, first = PostgresSavedViews(pool), ListOfViews(organization.id, "invoice", "user_1")
    for number in range(MAX_VIEWS):
        saved.save(first, SavedView(f"view_{number}", f"View {number}", "", True, "user_1"))
    saved.save(first, SavedView("view_0", "View 0", "", True, "user_1"))  # again
    with pytest.raises(TooManyViews):
        saved.save(first, SavedView("view_more", "More", "", False, "user_1"))
    second = first._replace(user_id="user_2")
    with pytest.raises(TooManyViews):
        saved.save(second, SavedView("view_shared", "More", "", True, "user_2"))
    saved.save(second, SavedView("view_own", "More", "", False, "user_2"))
    assert len(saved.list(second)) == MAX_VIEWS + 1


def test_a_name_keeps_what_scripts_need_and_nothing_invisible():
    assert parse_view_name(" क्\u200dष  1 ") == "क्\u200dष 1"
    assert [parse_view_name(text) for text in ("", " ", "\u202eabc", "x" * 65, "a\0b")] == [None] * 5
