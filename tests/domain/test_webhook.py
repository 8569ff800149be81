"""Webhooks: what happens to them, and what they refuse."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import Invalid, NotFound
from domain.registry import EVENTS, event_types, matching_names, scope_of
from domain.webhook import BY_REQUEST, FAILING, MAX_SECRET_OVERLAP, Owner, Webhook

AT = datetime(2026, 1, 20, 9, 30, tzinfo=UTC)
OWNER = Owner("api_key", "key_1")


@pytest.fixture
def webhook():
    created = Webhook.create(
        "whk_1",
        at=AT,
        url="https://example.in/hooks",
        types=("invoice.sent", "bill.paid", "bill.paid"),
        description=None,
        ordered=False,
        scopes=("billing:read",),
        secret_id="whs_1",
        created_by=OWNER,
    )
    created.collect_events()
    return created


def happened(webhook):
    return [event.topic for event in webhook.collect_events()]


def test_a_new_webhook_is_active_and_its_types_are_sorted(webhook):
    assert (webhook.status, webhook.types) == ("active", ("bill.paid", "invoice.sent"))


def test_what_stays_the_same_is_no_event(webhook):
    webhook.change(AT, url=webhook.url, types=["invoice.sent", "bill.paid"], description=None)
    webhook.resume(AT, OWNER)
    assert happened(webhook) == []
    webhook.change(AT, ordered=True, url=webhook.url)
    (event,) = webhook.collect_events()
    assert event.changes() == {"ordered": True}


def test_it_is_paused_and_disabled_once_and_resumed(webhook):
    webhook.pause(BY_REQUEST, AT)
    webhook.pause(BY_REQUEST, AT)
    webhook.disable(FAILING, AT)
    webhook.resume(AT, OWNER)
    webhook.disable(FAILING, AT)
    webhook.resume(AT, OWNER)
    assert happened(webhook) == [f"webhook.{name}" for name in ("paused", "resumed", "disabled", "resumed")]


def test_a_rotation_keeps_the_secret_before_for_the_overlap(webhook):
    webhook.rotate("whs_2", timedelta(hours=1), AT)
    (event,) = webhook.collect_events()
    assert event.changes() == {
        "secret_id": "whs_2",
        "previous_secret_id": "whs_1",
        "previous_until": "2026-01-20T10:30:00.000000Z",
    }


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), MAX_SECRET_OVERLAP + timedelta(seconds=1)])
def test_an_overlap_has_bounds(webhook, overlap):
    with pytest.raises(Invalid):
        webhook.rotate("whs_2", overlap, AT)


@pytest.mark.parametrize(
    "act",
    [
        lambda webhook: webhook.change(AT, ordered=True),
        lambda webhook: webhook.pause(BY_REQUEST, AT),
        lambda webhook: webhook.resume(AT, OWNER),
        lambda webhook: webhook.rotate("whs_2", timedelta(0), AT),
        lambda webhook: webhook.delete(AT),
    ],
    ids=["change", "pause", "resume", "rotate", "delete"],
)
def test_a_deleted_webhook_is_not_found(webhook, act):
    webhook.delete(AT)
    with pytest.raises(NotFound):
        act(webhook)


def test_types_are_the_events_that_a_key_can_see():
    assert {"invoice.*", "bill.paid", "leave.requested"} <= set(event_types())
    assert not [type for type in event_types() if type.startswith(("api_key", "webhook"))]
    assert scope_of("leave.*") == scope_of("leave.denied") == "leaves:read"


def test_types_and_scopes_both_limit_what_is_delivered():
    bills = {name for name in EVENTS if name.startswith("bill.")}
    assert matching_names(("bill.*", "leave.denied"), ("billing:read",)) == bills
    assert matching_names(("bill.paid",), ("leaves:read",)) == frozenset()
    assert matching_names(None, ("leaves:read",)) == {
        name for name in EVENTS if name.startswith(("leave.", "employee."))
    }
