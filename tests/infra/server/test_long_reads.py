"""An organization has one long read at a time in a process; all its other requests, and all others', go on."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from api.ports.deadline import LONG_READ_TURN_SECONDS
from infra.postgres.database import connect_as_table_owner
from infra.server.turns import MAX_TURN_SECONDS
from tests.support.client import data_of, error_of
from tests.support.organization import Organization
from tests.support.scenarios import draft_invoice
from tests.support.service import Service
from tests.support.waiting import wait_until

HOLD = """
CREATE FUNCTION hold(org text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    WHILE NOT pg_try_advisory_xact_lock_shared(hashtext(org)) LOOP
        PERFORM pg_sleep(0.01);
    END LOOP;
    RETURN true;
END $$;
CREATE POLICY hold ON events AS RESTRICTIVE FOR SELECT USING (hold(org_id));
"""
"""What reads events of an organization waits while its lock is held, without a time limit of PostgreSQL."""
HELD = """
SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep' AND query LIKE '%events%'
"""


@pytest.fixture
def owner(own_database):
    with connect_as_table_owner(own_database) as opened:
        opened.execute(HOLD)
        yield opened


@pytest.fixture
def service(own_database, owner):
    with Service(own_database, "--workers", "1", "--no-worker") as running:
        yield running


@pytest.fixture
def clients(service, owner):
    """Return the clients of two organizations, each with the path of an invoice as it was, after a first request."""
    organizations = [Organization(service.url, owner) for _ in range(2)]
    yield [(api := organization.api(), past_invoice(api), organization.id) for organization in organizations]
    for organization in organizations:
        organization.close()


def past_invoice(api):
    path = f"invoices/{draft_invoice(api)['id']}?version=1"
    data_of(api.get(path), 200)
    return path


@contextmanager
def held_read(owner, api, path, org_id):
    """Let a long read of the organization wait in PostgreSQL during the block; then it must succeed."""
    with ThreadPoolExecutor(1) as thread:
        owner.execute("SELECT pg_advisory_lock(hashtext(%s))", (org_id,))
        try:
            read = thread.submit(api.get, path)
            wait_until(lambda: owner.execute(HELD).fetchall())
            yield
            assert not read.done()
        finally:
            owner.execute("SELECT pg_advisory_unlock(hashtext(%s))", (org_id,))
        data_of(read.result(), 200)


def test_a_second_long_read_of_an_organization_is_refused_and_everything_else_is_answered(owner, clients):
    (api, path, org_id), (other, other_path, _) = clients
    with held_read(owner, api, path, org_id):
        refused = api.get(path)
        assert "Another long read" in error_of(refused, 503, "unavailable")["message"]
        assert refused.headers["Retry-After"] == "2"
        data_of(other.get(other_path), 200)
        data_of(api.get("invoices"), 200)
        data_of(api.get(path.partition("?")[0]), 200)
    data_of(api.get(path), 200)


@pytest.mark.alone
def test_long_reads_that_wait_do_not_shut_out_the_other_requests_of_their_organization(owner, clients):
    (api, path, org_id), _ = clients
    with held_read(owner, api, path, org_id), ThreadPoolExecutor(12) as threads:
        reads = [threads.submit(api.get, each) for each in (path, path, path, "invoices", "bills", "leaves")]
        assert [read.result().status_code for read in reads] == [503] * 3 + [200] * 3


def test_a_long_read_waits_for_its_turn_less_long_than_a_request_for_a_thread():
    assert LONG_READ_TURN_SECONDS < MAX_TURN_SECONDS
