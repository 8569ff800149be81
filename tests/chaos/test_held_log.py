"""The log of one organization is locked: its own writers are refused in time, and all others are answered meanwhile."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from infra.postgres.database import connect_as_table_owner
from tests.support.client import error_of
from tests.support.organization import Organization
from tests.support.scenarios import draft_invoice, invoice_body
from tests.support.service import Service
from tests.support.waiting import wait_until

WRITERS = 8
HOLD = "SELECT FROM org_log WHERE org_id = %s FOR UPDATE"
WAITING = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def owner(own_database):
    with connect_as_table_owner(own_database) as opened:
        yield opened


@pytest.fixture
def process(own_database):
    """A service with one server process, which has seen no key yet."""
    with Service(own_database, "--workers", "1", "--no-worker") as service:
        yield service


@pytest.fixture
def traders(process, owner):
    """Two organizations, each with a client."""
    organizations = [Organization(process.url, owner) for _ in range(2)]
    yield [(organization.id, organization.api()) for organization in organizations]
    for organization in organizations:
        organization.close()


@pytest.mark.parametrize("is_known", [True, False], ids=["known", "new"])
def test_a_locked_log_takes_no_thread_from_other_organizations(own_database, owner, traders, is_known):
    (held_id, writer), (_, other) = traders
    if is_known:
        draft_invoice(writer)
    with (
        ThreadPoolExecutor(WRITERS) as threads,
        connect_as_table_owner(own_database) as holder,
        holder.transaction(),
    ):
        holder.execute(HOLD, (held_id,))
        refusals = [threads.submit(writer.post, "invoices", json=invoice_body()) for _ in range(WRITERS)]
        wait_until(lambda: owner.execute(WAITING).fetchall())
        for _ in range(3):
            created = draft_invoice(other)
            assert other.read("invoices")[0]["id"] == created["id"]
        for refusal in refusals:
            error_of(refusal.result(), 503, "unavailable")
    draft_invoice(writer)
