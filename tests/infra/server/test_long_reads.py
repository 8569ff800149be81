"""An organization has one long read at a time in a process; all its other requests, and all others', go on."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from api.ports.request.deadline import LONG_READ_TURN_SECONDS
from infra.postgres.database import connect_as_table_owner
from infra.server.turns import MAX_TURN_SECONDS
from tests.support.client import data_of, error_of
from tests.support.held_reads import allow_to_hold, held_read, past_invoice
from tests.support.organization import Organization
from tests.support.service import Service


@pytest.fixture
def owner(own_database):
    with connect_as_table_owner(own_database) as opened:
        allow_to_hold(opened)
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


@pytest.mark.quiet
def test_long_reads_that_wait_do_not_shut_out_the_other_requests_of_their_organization(owner, clients):
    (api, path, org_id), _ = clients
    with held_read(owner, api, path, org_id), ThreadPoolExecutor(12) as threads:
        reads = [threads.submit(api.get, each) for each in (path, path, path, "invoices", "bills", "leaves")]
        assert [read.result().status_code for read in reads] == [503] * 3 + [200] * 3


def test_a_long_read_waits_for_its_turn_less_long_than_a_request_for_a_thread():
    assert LONG_READ_TURN_SECONDS < MAX_TURN_SECONDS
