"""The objects of a person are found before the log is locked: commands go on, and nothing that they add is missed."""

import subprocess
from contextlib import ExitStack

import pytest

from commands.invoice import DraftInvoice, UpdateInvoice
from infra.audit.privacy.persons import erase_found, find
from infra.audit.privacy.search import Person
from infra.identity.keys import ACTOR
from infra.log.proofs.chain import PERSONAL_FORMAT
from infra.log.reading.erasures import list_erased
from infra.postgres.database import connect_as_table_owner
from tests.support.books import Books
from tests.support.command_line import COMMAND, environment, run
from tests.support.fork_server import start_process
from tests.support.privacy import CLIENT, NAME
from tests.support.removal import rows_with
from tests.support.scenarios import invoice_body
from tests.support.waiting import wait_until

SEARCHES = "SELECT FROM pg_locks WHERE relation = 'projection_skips'::regclass AND NOT granted"
"""A search reads this table after it has read the log; the tests let it wait there."""


@pytest.fixture
def conn(own_database):
    with connect_as_table_owner(own_database) as opened:
        opened.execute("SET lock_timeout = '20s'")  # a command that waits for the search ends as a failure
        yield opened


@pytest.fixture
def books(conn):
    return Books(conn, chain_format=PERSONAL_FORMAT)


def draft(books, **fields):
    return books.do(DraftInvoice, invoice_body(**{"clientId": CLIENT, "clientName": NAME, **fields})).id


def test_commands_go_on_during_the_search_and_what_they_add_is_erased(conn, books, own_database):
    draft(books)
    words = ("privacy", "erase", "--org", books.id, "--party", CLIENT, "--confirm", CLIENT)
    env = environment(DATABASE_URL=own_database)
    with ExitStack() as stack:
        with connect_as_table_owner(own_database) as holder, holder.transaction():
            holder.execute("LOCK TABLE projection_skips IN ACCESS EXCLUSIVE MODE")
            process = start_process([*COMMAND, *words], env, stdout=subprocess.DEVNULL)
            stack.callback(process.wait, 20)
            stack.callback(process.kill)
            wait_until(lambda: conn.execute(SEARCHES).rowcount)
            draft(books)  # a command that loads nothing does not read this table
            assert conn.execute(SEARCHES).rowcount
        assert process.wait(60) == 0
    assert rows_with(conn, NAME) == {}
    run("audit", "verify", env=env)
    run("projections", "verify", env=env)


def test_objects_that_change_after_the_search_are_erased_as_they_are_then(conn, books):
    first, other = draft(books), draft(books, clientId="other", clientName="Other Traders")
    person = Person(books.id, "party", CLIENT, None)
    found = find(conn, person)
    books.do(UpdateInvoice, {"notes": f"{NAME} has called"}, first)
    books.do(UpdateInvoice, {"clientId": CLIENT, "clientName": NAME}, other)
    with conn.transaction():
        outcome = erase_found(conn, person, found, ACTOR)
    assert {each.found.id for each in outcome.held} == {first, other}
    assert outcome.erased is not None and outcome.erased.events == 4
    assert rows_with(conn, NAME) == {}


def test_an_object_that_becomes_issued_after_the_search_is_kept(conn, books):
    id = draft(books)
    person = Person(books.id, "party", CLIENT, None)
    found = find(conn, person)
    books.do(UpdateInvoice, {"status": "sent"}, id)
    with conn.transaction():
        outcome = erase_found(conn, person, found, ACTOR)
    assert outcome.erased is None and [each.goes for each in outcome.held] == [False]
    assert rows_with(conn, NAME)


def test_what_another_erasure_has_taken_meanwhile_is_not_recorded_again(conn, books):
    draft(books)
    person = Person(books.id, "party", CLIENT, None)
    found = find(conn, person)
    for expected in (True, False):
        with conn.transaction():
            outcome = erase_found(conn, person, found, ACTOR)
        assert (outcome.erased is not None) is expected
    assert list_erased(conn, books.id) == {1}


def test_a_log_that_was_emptied_after_the_search_is_searched_again(conn, books):
    draft(books)
    person = Person(books.id, "party", CLIENT, None)
    found = find(conn, person)
    for table in ("events", "invoices"):
        conn.execute(f"DELETE FROM {table}")
    conn.execute("UPDATE org_log SET position = 0, chain_hash = sha256(convert_to(org_id, 'UTF8'))")
    draft(books, clientName="Second", invoiceNumber="X/1")
    with conn.transaction():
        outcome = erase_found(conn, person, found, ACTOR)
    assert outcome.erased is not None and outcome.erased.events == 1
    assert rows_with(conn, "Second") == {}
