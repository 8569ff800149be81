"""Consumers that read the log while others write: every event once, in order, for each organization."""

from threading import Event
from time import monotonic

import pytest

from tests.support.organization import Organization
from tests.support.scenarios import draft_bill, draft_invoice, pay_invoice, pending_leave
from tests.support.waiting import run_at_once

WRITERS, ORGANIZATIONS = 16, 5
_SHOWN = (
    "SELECT position, originator_id, name FROM events WHERE org_id = %s AND name NOT LIKE 'api_key%%' {} ORDER BY 1"
)


def write(api):
    """Seven events: an invoice that is sent and paid in part, a bill, and a leave that is decided on."""
    invoice = draft_invoice(api)
    api.update(f"invoices/{invoice['id']}", {"status": "sent"})
    draft_bill(api)
    pay_invoice(api, invoice, "1.00")
    leave = pending_leave(api)
    api.update(f"leaves/{leave['id']}", {"status": "approved"})
    api.update(f"leaves/{leave['id']}", {"status": "cancelled"})


def follow(api, are_done, **params):
    """What a consumer sees that asks again and again, until nothing comes any more after the writers have ended."""
    seen, after, deadline = [], 0, monotonic() + 120
    while monotonic() < deadline:
        is_last = are_done.is_set()
        page = api.get("events", params={**params, "after": after, "limit": 9}).json()
        seen += [(event["position"], event["resourceId"], event["type"]) for event in page["data"]]
        after = page["pagination"]["nextAfter"]
        if is_last and not page["data"] and not page["pagination"]["hasMore"]:
            return seen
    raise AssertionError("the log did not come to an end")


@pytest.mark.parametrize("steps", [3, pytest.param(12, marks=pytest.mark.long)])
def test_a_consumer_sees_every_event_once_and_in_order_while_16_clients_write(service, owner, steps):
    organizations = [Organization(service.url, owner) for _ in range(ORGANIZATIONS)]
    writers = [organizations[number % ORGANIZATIONS].api() for number in range(WRITERS)]
    followers = [organization.api() for organization in organizations]
    narrow = organizations[0].api(["leaves:read"])
    are_done, left = Event(), [None] * WRITERS

    def work(number):
        if number >= WRITERS:
            follower = number - WRITERS
            return follow(followers[follower] if follower < ORGANIZATIONS else narrow, are_done)
        try:
            for _ in range(steps):
                write(writers[number])
        finally:
            left.pop()
            if not left:
                are_done.set()
        return None

    seen = run_at_once(WRITERS + ORGANIZATIONS + 1, work)[WRITERS:]
    for organization, events in zip(organizations, seen[:-1], strict=True):
        assert events == owner.execute(_SHOWN.format(""), (organization.id,)).fetchall()
    of_leaves = owner.execute(_SHOWN.format("AND name LIKE 'leave%%'"), (organizations[0].id,)).fetchall()
    assert seen[-1] == of_leaves and len(of_leaves) == 3 * steps * 4
    for organization in organizations:
        organization.close()
