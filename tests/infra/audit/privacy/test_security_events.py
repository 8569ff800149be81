"""What the commands of `privacy` do is a security event, which says nothing about the person."""

import json

import pytest

from commands.invoice import DraftInvoice
from infra.log.proofs.chain import FIRST_FORMAT, PERSONAL_FORMAT
from infra.postgres.database import connect_as_table_owner
from tests.support.books import Books
from tests.support.command_line import environment, run
from tests.support.privacy import CLIENT, NAME, Privacy
from tests.support.scenarios import invoice_body

SELECT = "SELECT kind, org_id, actor_type, object_id, details FROM security_events ORDER BY event_id"


@pytest.fixture
def conn(own_database):
    with connect_as_table_owner(own_database) as opened:
        yield opened


def books_with_person(conn, chain_format=PERSONAL_FORMAT):
    books = Books(conn, chain_format=chain_format)
    books.do(DraftInvoice, invoice_body(clientId=CLIENT, clientName=NAME))
    return books


def found(conn, org_id):
    """Return the kinds of the events with their details."""
    events = conn.execute(SELECT).fetchall()
    assert {each[1:4] for each in events} <= {(org_id, "operator", None)}
    assert CLIENT not in str(events) and "Quagga" not in str(events)
    return [(kind, json.loads(details)) for kind, *_, details in events]


def test_an_erasure_and_one_after_a_restore(conn, own_database, tmp_path):
    books, record = books_with_person(conn), tmp_path / "erased.json"
    privacy = Privacy(books.id, environment(DATABASE_URL=own_database))
    ((personal,),) = conn.execute("SELECT personal FROM events WHERE position = 1").fetchall()
    privacy.run("erase", "--party", CLIENT, "--dry-run")
    assert found(conn, books.id) == []
    privacy.run("erase", "--party", CLIENT, "--confirm", CLIENT, "--record", str(record))
    facts = {"subjectKind": "party", "events": 1, "again": False, "position": 2}
    assert found(conn, books.id) == [("person.erased", facts)]
    conn.execute("UPDATE events SET personal = %s WHERE position = 1", (personal,))
    for _ in range(2):  # the second time, nothing is left to erase
        run("privacy", "reapply", str(record), env=dict(privacy.env))
    assert found(conn, books.id)[1:] == [("person.erased", {**facts, "again": True, "position": 3})]


def test_a_rewritten_log(conn, own_database, tmp_path):
    books = books_with_person(conn, FIRST_FORMAT)
    privacy = Privacy(books.id, environment(DATABASE_URL=own_database))
    path = tmp_path / "old.jsonl"
    done = privacy.json("upgrade", "--confirm", "Books", "--export", str(path))
    assert found(conn, books.id) == [("log.rewritten", {name: done[name] for name in ("copyHash", "old", "new")})]


def test_a_choice_of_years_but_not_a_look_at_it(conn, own_database):
    books = books_with_person(conn)
    privacy = Privacy(books.id, environment(DATABASE_URL=own_database))
    for words in ((), ("--document-years", "10"), ("--document-years", "10"), ("--leave-years", "1")):
        privacy.run("keep", *words)
    assert found(conn, books.id) == [
        ("retention.changed", {"documentYears": 10, "leaveYears": None}),
        ("retention.changed", {"documentYears": 10, "leaveYears": 1}),
    ]
