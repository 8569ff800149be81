"""A command that waits for its organization's log stops while its request can still be answered."""

import time

import pytest
from falcon import testing

from api.ports.request.deadline import ANSWER_SECONDS, ARRIVED
from infra.bootstrap import app_on
from infra.postgres.pool import open_pool
from tests.support.postgres import logins_of
from tests.support.scenarios import invoice_body

HOLD = "SELECT FROM org_log WHERE org_id = %s FOR UPDATE"


@pytest.fixture
def pool(shared_database):
    with open_pool(logins_of(shared_database), 1) as pool:
        yield pool


@pytest.fixture
def create(pool, local):
    """Return a function that drafts an invoice, as if its request had waited for a thread for so long."""
    client = testing.TestClient(app_on(pool))
    headers = {"Authorization": f"Bearer {local.new_key().raw}", "Host": "localhost"}

    def send(seconds_ago):
        extras = {ARRIVED: time.monotonic() - seconds_ago}
        return client.simulate_post("/api/v1/invoices", json=invoice_body(), headers=headers, extras=extras)

    return send


def backend_of(pool):
    with pool.connection() as conn:
        return conn.info.backend_pid


@pytest.mark.parametrize("seconds_ago", [0, 1.0, ANSWER_SECONDS - 0.2])
def test_a_command_that_is_refused_for_a_held_log_keeps_its_connection(create, pool, owner, local, seconds_ago):
    """If PostgreSQL waited for longer, the connection would be closed, and other requests would wait for a new one."""
    assert create(-60).status_code == 201
    before = backend_of(pool)
    with owner.transaction():
        owner.execute(HOLD, (local.id,))
        assert create(seconds_ago).status_code == 503
    assert backend_of(pool) == before
    assert create(-60).status_code == 201
