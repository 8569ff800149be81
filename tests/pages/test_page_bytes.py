"""Every page of the console is at most 60 KB of HTML, with as much data as the limits of the service allow."""

import pytest

from tests.support.console import SESSION, Console, new_user, open_session
from tests.support.heaviest import MONTH, fill
from tests.support.organization import Organization
from tests.support.page_kinds import PAGE_KINDS

MAX_BYTES = 60_000
MORE = {
    "bill": "/home/bills/{bill}",
    "a new bill": "/home/bills/new",
    "pending leaves": "/home/leaves?status=pending&limit=100",
    "who is away in a full month": f"/home/leaves/away?month={MONTH}",
    "one of many webhooks": "/settings/webhooks/{webhook}",
    "delivery": "/settings/webhooks/{webhook}/deliveries/{delivery}",
    "replay": "/settings/webhooks/{webhook}/replay",
    "one of many people": "/settings/people/{person}",
    "history of a long invoice": "/activity/{invoice}",
    "saved views": "/home/invoices/views",
    "requests of a key": "/settings/developer/requests?key={key}",
    "older activity": "/activity?before=500",
}
"""Pages that have no kind of their own in PAGE_KINDS, or are longer at these addresses, by their names."""
ADDRESSES = {name: kind.path for name, kind in PAGE_KINDS.items() if kind.has_session} | MORE


@pytest.fixture(scope="module")
def heaviest(service, owner):
    """A client of an owner, and the ids with which addresses are made."""
    organization = Organization(service.url, owner, "ज" * 120)
    user = new_user(owner, organization.id).user
    try:
        with Console(service.url) as client:
            client.cookies.set(SESSION, open_session(owner, user.id), domain="127.0.0.1")
            yield client, fill(organization, owner, user.id)
    finally:
        organization.close()


@pytest.mark.parametrize("name", ADDRESSES)
def test_it_is_small_with_the_most_data(heaviest, name):
    client, facts = heaviest
    page = client.get(ADDRESSES[name].format(**facts))
    assert page.status_code in (200, 303, 400, 404), page.text
    size = len(page.content)
    assert size <= MAX_BYTES
