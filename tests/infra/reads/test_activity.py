"""The log as the console reads it: filters, paging and the names of things."""

from datetime import UTC, datetime, timedelta

import pytest

from commands.body import parse_command
from commands.command import Actor, Context
from commands.invoice import DraftInvoice
from domain.errors import NotFound
from infra.identity.keys import create_key, revoke_key, rotate_key
from infra.log.command_bus import execute_on
from infra.reads import activity
from infra.reads.history import read_history
from projections.views.activity import ActivityQuery, DisplayName
from tests.support.books import Books
from tests.support.scenarios import invoice_body


@pytest.fixture
def read(module_pool, books):
    return lambda **query: activity.read_activity(module_pool, books.id, ActivityQuery(**query))


def positions(page):
    return [entry.position for entry in page.entries]


def draft(books, **changes):
    return books.do(DraftInvoice, invoice_body(**changes)).id


def test_the_newest_come_first_and_pages_leave_nothing_out(books, read):
    for _ in range(7):
        draft(books)
    first = read(limit=3)
    second = read(limit=3, before=first.next_before)
    draft(books)  # what comes in meanwhile moves nothing
    third = read(limit=3, before=second.next_before)
    assert [positions(page) for page in (first, second, third)] == [[7, 6, 5], [4, 3, 2], [1]]
    assert third.next_before is None


def test_one_type_is_shown(books, read):
    books.sent_invoice()
    assert [entry.name for entry in read(name="invoice.sent").entries] == ["invoice.sent"]


def test_an_object_is_found_by_its_id_and_by_its_number(books, read):
    draft(books, invoiceNumber="A/1")
    id = draft(books, invoiceNumber="A/2")
    for object in (id, "A/2"):
        assert positions(read(object=object)) == [2]
    assert positions(read(object="A/3")) == []


def test_one_actor_is_shown(books, conn, read):
    draft(books)
    context = Context(org_id=books.id, actor=Actor("user", "user_1"), request_id="r")
    execute_on(conn, parse_command(DraftInvoice, invoice_body(), None), context)
    assert positions(read(actor=("user", "user_1"))) == [2]
    assert positions(read(actor=("user", "user_"))) == []


def test_days_are_the_organizations_own(books, read, conn):
    """18:30 UTC is midnight in India."""
    for number, at in enumerate(("2026-01-30T18:29:59Z", "2026-01-30T18:30:00Z", "2026-01-31T18:29:59Z"), 1):
        draft(books)
        conn.execute("UPDATE events SET recorded_at = %s WHERE org_id = %s AND position = %s", (at, books.id, number))
    day = datetime(2026, 1, 31, tzinfo=UTC).date()
    assert positions(read(first=day, last=day)) == [3, 2]
    assert positions(read(last=day - timedelta(1))) == [1]
    assert positions(read(first=day + timedelta(1))) == []


def test_a_rare_type_is_looked_for_a_window_at_a_time(books, read, monkeypatch):
    monkeypatch.setattr(activity, "MAX_POSITIONS_SEARCHED", 4)
    books.update(draft(books), notes="rare")
    for _ in range(8):
        draft(books)
    page = read(name="invoice.updated")
    assert (positions(page), page.next_before) == ([], 7)
    page = read(name="invoice.updated", before=7)
    assert (positions(page), page.next_before) == ([], 3)
    page = read(name="invoice.updated", before=3)
    assert (positions(page), page.next_before) == ([2], None)


def test_things_have_their_names(books, read, conn):
    draft(books, invoiceNumber="A/1")
    key = create_key(conn, books.id, "Zapier", ("billing:read",), 10, None).row
    page = read()
    zapier = DisplayName("Zapier", key["lastFour"])
    assert page.display_names == {1: DisplayName("A/1", "Acme Traders", "INR"), 2: zapier}
    assert page.keys == {key["id"]: zapier}


def test_an_entry_shows_the_name_that_its_object_had_then(books, read, conn):
    id = draft(books, invoiceNumber="A/1")
    books.update(id, clientName="Acme Private Limited", invoiceNumber="A/2")
    books.update(id, notes="Thank you")
    books.update(id, clientName=None, currency="USD")
    key = create_key(conn, books.id, "Zapier", ("billing:read",), 10, None).row
    rotated = rotate_key(conn, key["id"], timedelta(0)).row
    revoke_key(conn, key["id"])
    renamed = DisplayName("A/2", "Acme Private Limited", "INR")
    assert read().display_names == {
        1: DisplayName("A/1", "Acme Traders", "INR"),
        2: renamed,
        3: renamed,
        4: DisplayName("A/2", "acme", "USD"),
        5: DisplayName("Zapier", key["lastFour"]),
        6: DisplayName("Zapier", rotated["lastFour"]),
        7: DisplayName("Zapier", rotated["lastFour"]),
    }


def test_what_was_damaged_hides_no_name_of_another_event(books, read, conn):
    id = draft(books, invoiceNumber="A/1")
    books.update(id, invoiceNumber="A/2")
    books.update(id, invoiceNumber="A/3")
    conn.execute("UPDATE events SET state = '{\"invoiceNumber\":' WHERE org_id = %s AND position = 2", (books.id,))
    assert {at: name.name for at, name in read().display_names.items()} == {1: "A/1", 2: "A/1", 3: "A/3"}


def test_the_history_tells_before_and_after_newest_first(books, module_pool):
    id = draft(books)
    books.update(id, notes="Thank you")
    history = read_history(module_pool, books.id, id, None, 20)
    assert [step.changes() for step in history.steps[:1]] == [{"notes": (None, "Thank you")}]
    assert [step.record.originator_version for step in history.steps] == [2, 1]


def test_a_long_history_comes_in_pages(books, module_pool):
    id = draft(books)
    for number in range(4):
        books.update(id, notes=str(number))
    first = read_history(module_pool, books.id, id, None, 3)
    second = read_history(module_pool, books.id, id, first.next_before, 3)
    assert [[step.record.originator_version for step in page.steps] for page in (first, second)] == [[5, 4, 3], [2, 1]]
    assert second.next_before is None


def test_a_damaged_event_is_named_and_the_events_before_it_are_shown(books, module_pool, conn):
    id = draft(books)
    books.update(id, notes="Thank you")
    conn.execute("UPDATE events SET state = '{' WHERE org_id = %s AND position = 2", (books.id,))
    history = read_history(module_pool, books.id, id, None, 20)
    assert ([step.record.position for step in history.steps], history.unreadable_at) == ([1], 2)


def test_another_organizations_object_is_not_found(books, module_pool, conn):
    id = draft(Books(conn))
    with pytest.raises(NotFound):
        read_history(module_pool, books.id, id, None, 20)
