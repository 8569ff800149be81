"""Trips: transactions that travel together, statements that are prepared once, and a deadline at every wait."""

import gc
import threading
import time
import weakref
from datetime import UTC, date, datetime
from decimal import Decimal

import psycopg
import pytest

from infra.postgres import wire as module
from infra.postgres.database import connect_as_table_owner
from infra.postgres.statements import call_of, statement
from infra.postgres.wire import DeadlinePassed, Wire, wire_of

TWICE = statement("SELECT $1 + $1", int)
FAILS = call_of("SELECT 1 / %s", (0,))
PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'sd_%'"


@pytest.fixture
def conn(shared_database):
    with connect_as_table_owner(shared_database) as connection:
        yield connection


@pytest.fixture
def wire(conn):
    return Wire(conn)


def soon():
    return time.monotonic() + 20


VALUES = [
    "",
    'a "b" \\ {c},d\n',
    True,
    2**62,
    b"\x00\xff",
    date(2000, 2, 29),
    datetime(2026, 11, 26, 12, 0, 0, 1, UTC),
    Decimal("-12.3400"),
    ["a", "", 'b"c\\', "NULL", "{d,e}"],
]


@pytest.mark.parametrize("value", VALUES)
def test_values_arrive_as_they_were_sent(wire, value):
    (outcome,) = wire.send(soon(), [call_of("SELECT %s, %s", (value, "next"))])
    assert outcome.rows() == [(value, "next")]


def test_a_small_number_is_no_small_integer(wire):
    """Arithmetic on it does not overflow, and the statement is the same for every number."""
    (outcome,) = wire.send(soon(), [TWICE.call(1), TWICE.call(2**33), TWICE.call(None)])
    assert [outcome.rows(number) for number in range(3)] == [[(2,)], [(2**34,)], [(None,)]]


def test_json_is_not_decoded(wire):
    (outcome,) = wire.send(soon(), [call_of("SELECT '{\"a\": 1}'::json", ())])
    assert outcome.rows() == [(b'{"a": 1}',)]


def test_transactions_of_one_trip_do_not_depend_on_each_other(wire):
    first, second = wire.send(soon(), [TWICE.call(1), FAILS, TWICE.call(1)], [TWICE.call(3)])
    with pytest.raises(psycopg.errors.DivisionByZero):
        first.rows()
    assert second.rows() == [(6,)]
    assert wire.trips == 1


def test_a_statement_is_prepared_once_even_where_it_follows_a_failure(wire, conn):
    for _ in range(3):
        wire.send(soon(), [FAILS, TWICE.call(1)], [TWICE.call(1)])
    assert conn.execute(PREPARED).fetchone() == (2,)


@pytest.mark.parametrize("loss", ["DEALLOCATE ALL", "ALTER TABLE changing ADD more text"])
def test_a_statement_that_the_server_has_forgotten_is_prepared_again(wire, conn, loss):
    conn.execute("CREATE TEMP TABLE changing (id text)")
    everything = statement("SELECT * FROM changing WHERE id = $1", str)
    wire.send(soon(), [everything.call("a")])
    conn.execute(loss)
    first, second = wire.send(soon(), [everything.call("a")], [everything.call("b")])
    assert (first.rows(), second.rows()) == ([], [])


@pytest.mark.parametrize("loss", ["DEALLOCATE ALL", "ALTER TABLE changing ADD more text"])
def test_a_transaction_that_began_with_begin_is_sent_again_too(wire, conn, loss):
    conn.execute("CREATE TEMP TABLE changing (id text)")
    everything, begin, commit = (statement(sql) for sql in ("SELECT * FROM changing", "BEGIN", "COMMIT"))
    whole = [begin.call(), everything.call(), commit.call()]
    wire.send(soon(), whole)
    conn.execute(loss)
    (outcome,) = wire.send(soon(), whole)
    assert outcome.rows(1) == []
    assert conn.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_a_connection_keeps_the_statements_that_were_used_last(wire, conn, monkeypatch):
    monkeypatch.setattr(module, "MAX_PREPARED", 3)
    for number in (1, 2, 3, 1, 4, 1, 5, 1):
        (outcome,) = wire.send(soon(), [call_of(f"SELECT {number} + %s", (1,))])
        assert outcome.rows() == [(number + 1,)]
    assert conn.execute(PREPARED).fetchone() == (3,)


def test_an_answer_that_does_not_come_in_time_is_given_up_with_its_connection(wire, conn):
    with pytest.raises(DeadlinePassed):
        wire.send(time.monotonic() + 0.05, [call_of("SELECT pg_sleep(%s)", (60,))])
    assert conn.closed


def test_a_connection_that_was_ended_is_an_outage(wire, conn, owner):
    owner.execute("SELECT pg_terminate_backend(%s)", (conn.info.backend_pid,))
    with pytest.raises(psycopg.OperationalError):
        wire.send(soon(), [TWICE.call(1)])[0].rows()
    with pytest.raises(psycopg.OperationalError):
        wire.send(soon(), [TWICE.call(1)])[0].rows()


def test_other_threads_work_while_one_waits(wire, owner):
    """The one that waits holds no lock of the interpreter: the other one ends its waiting."""
    owner.execute("SELECT pg_advisory_lock(4711)")
    outcomes = []
    lock = call_of("SELECT pg_advisory_xact_lock(%s)", (4711,))
    waiting = threading.Thread(target=lambda: outcomes.extend(wire.send(soon(), [lock, TWICE.call(1)])))
    waiting.start()
    assert not outcomes
    owner.execute("SELECT pg_advisory_unlock(4711)")
    waiting.join()
    assert outcomes[0].rows() == [(2,)]


def test_a_closed_connection_takes_its_wire_with_it(shared_database):
    conn = connect_as_table_owner(shared_database)
    assert wire_of(conn) is wire_of(conn)
    conn.close()
    closed = weakref.ref(conn)
    del conn
    gc.collect()
    assert closed() is None
