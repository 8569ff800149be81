"""A pool of connections when a process starts."""

import os
import signal

import pytest

from api.ports.request.deadline import ANSWER_SECONDS
from commands.unit_of_work import Unavailable
from infra.postgres import pool as module
from infra.postgres.database import open_pipeline
from infra.postgres.logins import Logins
from infra.postgres.pool import await_connection, borrow_connection, open_pool
from infra.postgres.wire import wire_of
from tests.support.postgres import logins_of
from tests.support.requests import request_that_arrived
from tests.support.waiting import wait_until


def test_a_new_process_waits_for_its_first_connection(shared_database):
    with open_pool(logins_of(shared_database), 1) as pool:
        await_connection(pool)
        assert pool.get_stats()["pool_available"] == 1


@pytest.mark.process
def test_a_new_process_starts_while_the_database_is_away(monkeypatch):
    monkeypatch.setattr(module, "FIRST_CONNECTION_TIMEOUT_SECONDS", 0.2)
    with open_pool(Logins("postgresql://nobody@127.0.0.1:1/nothing"), 1) as pool:
        await_connection(pool)
        assert not pool.closed


def test_a_server_that_hangs_is_given_up_and_its_connection_replaced(shared_database):
    with open_pool(logins_of(shared_database), 1) as pool:
        with pool.connection() as conn:
            hung = conn.info.backend_pid
        os.kill(hung, signal.SIGSTOP)
        try:
            with pytest.raises(Unavailable), almost_over(), borrow_connection(pool) as conn:
                conn.execute("SELECT 1")
        finally:
            os.kill(hung, signal.SIGCONT)
        with borrow_connection(pool) as conn:
            assert conn.execute("SELECT pg_backend_pid()").fetchone() != (hung,)


def test_a_deadline_holds_in_transactions_and_pipelines(shared_database):
    sleep = "SELECT pg_sleep(60)"
    with open_pool(logins_of(shared_database), 1) as pool:
        with pytest.raises(Unavailable), almost_over(), borrow_connection(pool) as conn, conn.transaction():
            conn.execute(sleep)
        pool.wait()
        with pytest.raises(Unavailable), almost_over(), borrow_connection(pool) as conn, open_pipeline(conn):
            conn.execute(sleep)


def almost_over():
    """A request that has 0.2 seconds left."""
    return request_that_arrived(ANSWER_SECONDS - 0.2)


@pytest.mark.parametrize("setting", ["idle_in_transaction_session_timeout", "transaction_timeout"])
def test_a_transaction_that_postgresql_has_ended_for_its_time_is_an_outage(shared_database, setting):
    """PostgreSQL counts such time-outs among errors of the transaction, not among those of the connection."""
    with open_pool(logins_of(shared_database), 1) as pool, request_that_arrived(0):
        with pytest.raises(Unavailable):
            stand_still_in_a_transaction(pool, setting)
        with borrow_connection(pool) as conn:
            assert conn.execute("SELECT 1").fetchone() == (1,)


def stand_still_in_a_transaction(pool, setting):
    with borrow_connection(pool) as conn:
        conn.execute(f"SET {setting} = '20ms'")
        conn.execute("BEGIN")
        wait_until(lambda: not wire_of(conn).is_quiet())
        conn.execute("SELECT 1")


def test_the_connection_that_was_returned_last_is_lent_next(pool):
    with borrow_connection(pool) as first, borrow_connection(pool) as second:
        pass
    assert first is not second
    for _ in range(3):
        with borrow_connection(pool) as conn:
            assert conn is first  # the outer block ended last
