"""A command takes its aggregate from the stored row, unless the row does not hold what the events lead to."""

import json

import pytest

from commands.notes.credit_note import CreateCreditNote, UpdateCreditNote
from domain.errors import NotFound
from infra.log.loader import select_current
from infra.log.reading.histories import SELECT_HISTORY
from infra.postgres.database import connect_as_table_owner
from infra.postgres.statements import untyped
from infra.postgres.wire import Wire
from infra.projector.rows import rebuild_organization
from infra.projector.skips import skip_event
from projections.invoice import INVOICES
from tests.support.books import Books
from tests.support.long_history import change_notes, lengthen, pages_read

LONG = 5000
HISTORY = untyped(SELECT_HISTORY)


@pytest.fixture(scope="module")
def conn(database):
    with connect_as_table_owner(database) as opened:
        yield opened


@pytest.fixture
def books(conn):
    return Books(conn)


@pytest.fixture
def sent(monkeypatch):
    """The statements that were sent to the database, trip by trip."""
    trips, send = [], Wire.send

    def recorded(wire, deadline, *transactions):
        trips.append([call.statement for calls in transactions for call in calls])
        return send(wire, deadline, *transactions)

    monkeypatch.setattr(Wire, "send", recorded)
    return trips


def reads_events(trips):
    return any(HISTORY in trip for trip in trips)


def load_pages(conn, books, id):
    """Return how many pages the statement reads that loads an invoice for a command."""
    with conn.transaction():
        conn.execute("SELECT set_config('app.org', %s, true)", (books.id,))
        return pages_read(conn, select_current(INVOICES), (books.id, id, books.id, id, books.id))


def test_an_invoice_of_5000_events_costs_a_command_what_one_of_5_costs(conn, books, sent):
    short, long = books.sent_invoice(), books.sent_invoice()
    lengthen(conn, books.id, "invoice", short, 5)
    lengthen(conn, books.id, "invoice", long, LONG)
    conn.execute("VACUUM ANALYZE events, invoices")
    assert load_pages(conn, books, long) <= load_pages(conn, books, short) + 2
    for id, version in ((short, 6), (long, LONG + 1)):
        sent.clear()
        assert change_notes(conn, books.id, id, "Now").version == version
        assert (len(sent), reads_events(sent)) == (2, False)


def test_the_invoice_of_a_note_comes_from_its_row_or_from_its_events(conn, books, sent):
    for spoil, reads in ((None, False), (make_older, True)):
        id = books.sent_invoice()
        lengthen(conn, books.id, "invoice", id, 5)
        note = books.do(CreateCreditNote, {"invoiceId": id, "reason": "Returned", "amount": "7"}).id
        if spoil is not None:
            spoil(conn, books, id)
        sent.clear()
        books.do(UpdateCreditNote, {"status": "issued"}, note)
        assert reads_events(sent) is reads
        ((summary,),) = conn.execute("SELECT summary FROM invoices WHERE id = %s", (id,))
        shown = json.loads(summary)
        assert (shown["amountCredited"], shown["balanceDue"], shown["version"]) == ("7.00", "82593.00", 6)
        assert books.last_commit(id) == ["issued", "credited"]


def make_older(conn, books, id):
    """The row was folded by an older version of the service."""
    conn.execute("UPDATE invoices SET projection_version = %s WHERE id = %s", (INVOICES.version - 1, id))


def make_newer(conn, books, id):
    """The row was folded by a newer version of the service."""
    conn.execute("UPDATE invoices SET projection_version = %s WHERE id = %s", (INVOICES.version + 1, id))


def lose_last_event(conn, books, id):
    """The row does not hold the last event."""
    conn.execute("UPDATE invoices SET version = version - 1 WHERE id = %s", (id,))


def skip(conn, books, id):
    """The rows of the organization were folded without an event."""
    (position,) = conn.execute(
        "SELECT position FROM events WHERE originator_id = %s AND originator_version = 2", (id,)
    ).fetchone()
    skip_event(conn, INVOICES, books.id, position, "test")
    rebuild_organization(conn, INVOICES, books.id)


@pytest.mark.parametrize("harm", [make_older, make_newer, lose_last_event, skip])
def test_a_row_that_is_not_current_is_not_used(conn, books, sent, harm):
    id = books.sent_invoice()
    lengthen(conn, books.id, "invoice", id, 4)
    harm(conn, books, id)
    conn.execute("UPDATE invoices SET summary = jsonb_set(summary::jsonb, '{status}', '\"void\"')::json")
    sent.clear()
    resource = json.loads(change_notes(conn, books.id, id, "Now").body)
    assert (resource["status"], resource["version"], resource["notes"]) == ("sent", 5, "Now")
    assert (len(sent), reads_events(sent)) == (3, True)


def test_a_row_of_another_organization_is_not_found(conn, books, sent):
    id = Books(conn).sent_invoice()
    with pytest.raises(NotFound):
        change_notes(conn, books.id, id, "Now")
    assert not reads_events(sent)
