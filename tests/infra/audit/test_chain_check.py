"""Verifying the chain part by part: what is altered above the proof is found, what lies below it by beginning again."""

import pytest

from commands.invoice import DraftInvoice
from infra.audit.chain_check import read_chain_check, verify_part
from infra.postgres.database import connect_as_table_owner
from infra.postgres.pool import open_pool
from tests.support.books import Books
from tests.support.postgres import logins_of
from tests.support.scenarios import invoice_body
from tests.support.waiting import run_at_once


@pytest.fixture(scope="module")
def conn(database):
    with connect_as_table_owner(database) as opened:
        yield opened


@pytest.fixture(scope="module")
def pool(database):
    with open_pool(logins_of(database), 4) as opened:
        yield opened


@pytest.fixture
def books(conn):
    """Seven events."""
    new_books = Books(conn, "Asia/Kolkata")
    for _ in range(7):
        new_books.do(DraftInvoice, invoice_body())
    return new_books


@pytest.fixture
def verify(pool, books):
    def press(again=False, part=3):
        proof = verify_part(pool, books.id, again=again, part=part)
        assert read_chain_check(pool, books.id) == proof
        return proof

    return press


def alter(books, position):
    sql = "UPDATE events SET state = replace(state, '82600.00', '82600.01') WHERE org_id = %s AND position = %s"
    books.conn.execute(sql, (books.id, position))


def test_at_first_nothing_is_verified(pool, books):
    proof = read_chain_check(pool, books.id)
    assert (proof.head, proof.position, proof.checked_at) == (7, 0, None)


def test_each_press_goes_a_part_further_up_to_the_head(verify):
    assert [verify().position for _ in range(4)] == [3, 6, 7, 7]


def test_what_is_recorded_later_is_verified_from_there(verify, books):
    verify(part=100)
    books.do(DraftInvoice, invoice_body())
    assert (verify().position, verify().head) == (8, 8)


def test_an_altered_event_is_named_and_the_proof_stays_below_it(verify, books):
    verify()
    alter(books, 5)
    proof = verify()
    assert (proof.position, proof.broken_at) == (3, 5)
    assert "this event or an earlier one was changed" in proof.reason


def test_what_was_mended_is_no_longer_said_to_be_broken(verify, books):
    alter(books, 5)
    assert verify(part=100).broken_at == 5
    books.conn.execute(
        "UPDATE events SET state = replace(state, '82600.01', '82600.00') WHERE org_id = %s", (books.id,)
    )
    assert (verify(part=100).broken_at, verify().position) == (None, 7)


def test_an_event_altered_below_the_proof_is_found_by_beginning_again(verify, books):
    verify(part=100)
    alter(books, 2)
    assert verify().broken_at is None
    proof = verify(again=True)
    assert (proof.position, proof.broken_at) == (0, 2)


@pytest.mark.parametrize("part", [3, 100])
def test_a_log_that_was_cut_short_is_found(verify, books, part):
    books.conn.execute("DELETE FROM events WHERE org_id = %s AND position > 5", (books.id,))
    while (proof := verify(part=part)).broken_at is None:
        assert proof.position < 7
    assert proof.broken_at == 6


def test_an_event_below_the_first_is_found(verify, books):
    sql = """
    INSERT INTO events SELECT org_id, 0, 'inv_smuggled', 1, name, 1, state, metadata, recorded_at, chain_hash
    FROM events WHERE org_id = %s AND position = 1
    """
    books.conn.execute(sql, (books.id,))
    assert verify().broken_at == 0


def test_two_presses_at_once_go_on_where_the_other_ends(pool, books):
    proof = run_at_once(3, lambda number: verify_part(pool, books.id, part=2).position)
    assert sorted(proof) == [2, 4, 6]
