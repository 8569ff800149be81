"""A request has one deadline, from its arrival: whatever it asks of the database shares the time that is left."""

import math
import time

import pytest
from falcon import testing

from api.ports.request.deadline import ANSWER_SECONDS, ARRIVED, LONG_READ_SECONDS, deadline
from commands.unit_of_work import Unavailable
from infra.bootstrap import app_on
from infra.postgres.pool import borrow_connection, borrow_for_long_read
from tests.support.books import Books
from tests.support.console import SESSION, new_user, open_session
from tests.support.requests import request_that_arrived

API = ["me", "usage", "events", "events?include=object", "invoices", "invoices/inv_none", "invoices/inv_none?version=1"]
PAGES = ["/home", "/activity", "/activity/inv_none", "/settings/developer", "/readyz"]
WITHOUT_DATABASE = ["/healthz", "/docs", "/docs/guides/errors"]


@pytest.fixture(scope="module")
def client(pool):
    return testing.TestClient(app_on(pool), headers={"Host": "localhost"})


@pytest.fixture
def get(client, owner, local, key):
    """Return a function that sends a request of a known key, or of a user, and returns its status."""
    cookie = f"{SESSION}={open_session(owner, new_user(owner, local.id).user.id)}"
    headers = {"Authorization": f"Bearer {key.raw}", "Cookie": cookie}

    def status(path, arrived):
        path, _, query = path.partition("?")
        extras = {ARRIVED: arrived}
        return client.simulate_get(path, query_string=query, headers=headers, extras=extras).status_code

    return status


@pytest.mark.parametrize("path", [*(f"/api/v1/{path}" for path in API), *PAGES])
def test_every_operation_counts_from_the_request_s_arrival(get, path):
    assert get(path, time.monotonic()) in (200, 404)
    assert get(path, time.monotonic() - ANSWER_SECONDS) == 503
    assert get(path, time.monotonic()) in (200, 404)


@pytest.mark.parametrize("path", WITHOUT_DATABASE)
def test_what_needs_no_database_is_answered_however_late(get, path):
    assert get(path, time.monotonic() - 60) == 200


def test_the_connections_that_a_request_borrows_share_its_time(pool):
    with request_that_arrived(ANSWER_SECONDS - 0.2):
        with pytest.raises(Unavailable), borrow_connection(pool) as conn:
            conn.execute("SELECT pg_sleep(60)")
        with pytest.raises(Unavailable), borrow_connection(pool):
            pytest.fail("the request has no time left")
    with request_that_arrived(0), borrow_connection(pool) as conn:
        assert conn.execute("SELECT 1").fetchone() == (1,)


def test_a_request_that_has_begun_a_long_read_has_its_longer_time_until_it_ends(pool):
    with request_that_arrived(ANSWER_SECONDS):
        with pytest.raises(Unavailable), borrow_connection(pool):
            pytest.fail("the request has no time left")
        for borrowed in (borrow_for_long_read(pool, "org"), borrow_connection(pool)):
            with borrowed as conn:
                assert conn.execute("SELECT 1").fetchone() == (1,)
    with request_that_arrived(ANSWER_SECONDS), pytest.raises(Unavailable), borrow_connection(pool):
        pytest.fail("the longer time was that of another request")
    with request_that_arrived(LONG_READ_SECONDS), pytest.raises(Unavailable), borrow_for_long_read(pool, "org"):
        pytest.fail("a long read has a deadline, too")


def test_what_is_no_request_has_no_deadline(owner):
    assert deadline() == math.inf
    books = Books(owner, "Asia/Kolkata")
    assert books.sent_invoice()
