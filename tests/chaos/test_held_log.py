"""The log of one organization is locked: its own writers are refused in time, and all others are answered meanwhile."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from infra.identity.organizations import get_test_organization
from infra.postgres.database import connect_as_table_owner
from tests.support.client import error_of
from tests.support.console import SESSION, Console, new_user, open_session
from tests.support.organization import Organization
from tests.support.scenarios import draft_invoice, invoice_body
from tests.support.service import Service
from tests.support.waiting import wait_until

WRITERS = 8
NEW_KEY = "/settings/developer/new"
HOLD = """
SELECT FROM org_log l JOIN organizations o USING (org_id) WHERE %s IN (o.org_id, o.live_organization) FOR UPDATE OF l
"""
"""Locks the logs of both modes of an organization."""
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
def organizations(process, owner):
    organizations = [Organization(process.url, owner) for _ in range(2)]
    yield organizations
    for organization in organizations:
        organization.close()


@pytest.fixture
def traders(organizations):
    """Two organizations, each with a client."""
    return [(organization.id, organization.api()) for organization in organizations]


@pytest.fixture
def test_mode(process, owner, organizations):
    """The test mode of the first organization."""
    sibling = Organization(process.url, owner, id=get_test_organization(owner, organizations[0].id))
    yield sibling
    sibling.close()


@pytest.fixture
def browser(process, owner, traders):
    """A client of the console, signed in as an owner of the first organization."""
    (held_id, _), _ = traders
    with Console(process.url) as console:
        console.cookies.set(SESSION, open_session(owner, new_user(owner, held_id).user.id), domain="127.0.0.1")
        yield console


@pytest.fixture(params=["one known key", "one new key", "many new keys", "keys of both modes"])
def writers(request, organizations, test_mode, traders):
    """The clients of the first organization, one for each writer."""
    _, first = traders[0]
    if request.param == "keys of both modes":
        return [first, test_mode.api()] * (WRITERS // 2)
    if request.param == "one known key":
        draft_invoice(first)
    many = request.param == "many new keys"
    return [organizations[0].api() if many else first for _ in range(WRITERS)]


def test_a_locked_log_takes_no_thread_from_other_organizations(own_database, owner, traders, writers):
    (held_id, _), (_, other) = traders
    with (
        ThreadPoolExecutor(WRITERS) as threads,
        connect_as_table_owner(own_database) as holder,
        holder.transaction(),
    ):
        holder.execute(HOLD, (held_id,))
        refusals = [threads.submit(writer.post, "invoices", json=invoice_body()) for writer in writers]
        wait_until(lambda: owner.execute(WAITING).fetchall())
        for _ in range(3):
            created = draft_invoice(other)
            assert other.read("invoices")[0]["id"] == created["id"]
        for refusal in refusals:
            error_of(refusal.result(), 503, "unavailable")
    draft_invoice(writers[0])


def test_a_user_of_the_console_takes_no_thread_from_other_organizations(own_database, owner, browser, traders):
    (held_id, _), (_, other) = traders
    forms = [
        {**browser.hidden_on(NEW_KEY), "name": "Zapier", "scope": "billing:read", "limit": "10"} for _ in range(WRITERS)
    ]
    with (
        ThreadPoolExecutor(WRITERS) as threads,
        connect_as_table_owner(own_database) as holder,
        holder.transaction(),
    ):
        holder.execute(HOLD, (held_id,))
        refusals = [threads.submit(browser.post, NEW_KEY, data=form) for form in forms]
        wait_until(lambda: owner.execute(WAITING).fetchall())
        for _ in range(3):
            created = draft_invoice(other)
            assert other.read("invoices")[0]["id"] == created["id"]
        assert [refusal.result().status_code for refusal in refusals] == [503] * WRITERS
