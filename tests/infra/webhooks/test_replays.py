"""Tests, replays, retries and skipped events arrive as they were asked for, and never disable a webhook."""

from functools import partial

import msgspec
import pytest

from infra.webhooks.queue import claim_limits
from infra.webhooks.registration import pause_webhook, resume_webhook
from tests.support.receiver import Receiver
from tests.support.senders import RunningSender, draft_invoice, make_due, new_webhook, shown
from tests.support.waiting import wait_until
from tests.support.webhook_requests import SAMPLE, WebhookRequests


@pytest.fixture
def requests(own_database, books):
    with WebhookRequests(own_database, books.id) as opened:
        yield opened


def status_of(requests, delivery):
    ((status,),) = requests.rows("SELECT status FROM webhook_delivery_list WHERE id = %s", delivery)
    return status


def replay_of(requests):
    return requests.rows("SELECT status, events, delivered, failed FROM webhook_replay_list ORDER BY id DESC")[0]


def deliver(conn, books, receiver, count, **fields):
    """Let a new webhook take the drafts of `count` invoices; return the webhook's id."""
    webhook = new_webhook(conn, books.id, receiver.url, **fields).row["id"]
    for _ in range(count):
        draft_invoice(books)
    wait_until(lambda: len(receiver.requests) == count)
    wait_until(lambda: shown(conn, books.id)["pending"] == 0)
    return webhook


def test_a_test_posts_the_sample_also_to_a_paused_webhook(conn, books, receiver, requests, own_database):
    webhook = new_webhook(conn, books.id, receiver.url).row["id"]
    pause_webhook(conn, webhook)
    with RunningSender(own_database):
        id = requests.test(webhook)
        wait_until(lambda: status_of(requests, id) == "delivered")

    (request,) = receiver.requests
    assert (request.body, request.id) == (SAMPLE, "evt_test")
    assert shown(conn, books.id)["lastDeliveredAt"] is None


@pytest.mark.parametrize("answer", [500, 410])
def test_a_failed_test_is_tried_once_and_disables_nothing(conn, books, requests, own_database, answer):
    with Receiver(answer) as receiver, RunningSender(own_database):
        webhook = new_webhook(conn, books.id, receiver.url).row["id"]
        id = requests.test(webhook)
        wait_until(lambda: status_of(requests, id) == "failed")
        ((attempts,),) = requests.rows("SELECT attempts FROM webhook_delivery_list")
        assert [each["status"] for each in decoded(attempts)] == [answer]
        row = shown(conn, books.id)
        assert (row["status"], row["failingSince"], row["lastError"]) == ("active", None, None)


def decoded(json):
    return json if isinstance(json, list) else msgspec.json.decode(json)


@pytest.mark.parametrize("ordered", [False, True])
def test_a_replay_sends_each_event_once_more_with_the_same_id(conn, books, receiver, requests, own_database, ordered):
    with RunningSender(own_database):
        webhook = deliver(conn, books, receiver, 8, ordered=ordered)
        assert requests.replay(webhook, after=0)[::2] == ("started", 8)
        wait_until(lambda: replay_of(requests) == ("finished", 8, 8, 0))

    assert sorted(receiver.ids) == sorted(receiver.ids[:8] * 2)
    if ordered:
        assert receiver.ids[8:] == receiver.ids[:8]
        assert receiver.most_at_once == 1


def test_a_replay_that_fails_disables_nothing_and_ends_when_it_is_cancelled(conn, books, requests, own_database):
    with Receiver() as receiver, RunningSender(own_database):
        webhook = deliver(conn, books, receiver, 3)
        receiver.status = 410
        _, replay, _ = requests.replay(webhook, after=0)
        wait_until(lambda: len(receiver.requests) > 3)
        wait_until(lambda: requests.rows("SELECT 1 FROM webhook_replay_list WHERE failing_since IS NOT NULL"))
        row = shown(conn, books.id)
        assert (row["status"], row["failingSince"]) == ("active", None)

        assert requests.cancel(webhook, replay)
        receiver.status = 200
        draft_invoice(books)
        wait_until(lambda: shown(conn, books.id)["pending"] == 0 and receiver.ids[-1] not in receiver.ids[:3])
        assert replay_of(requests)[0] == "cancelled"
        statuses = requests.rows("SELECT DISTINCT status FROM webhook_delivery_list WHERE origin = 'replay'")
        assert statuses == [("failed",)]


def test_a_replay_gives_up_a_delivery_after_the_last_attempt_of_the_schedule(
    conn, books, requests, own_database, monkeypatch
):
    monkeypatch.setattr(claim_limits, "LONGEST_PAUSE_SECONDS", 0.1)
    with Receiver() as receiver, RunningSender(own_database):
        webhook = deliver(conn, books, receiver, 1)
        receiver.status = 500
        requests.replay(webhook, after=0)
        for tried in range(2, 12):
            wait_until(partial(has_tried, requests, tried - 1))
            make_due(conn)
        wait_until(lambda: replay_of(requests) == ("finished", 1, 0, 1))


def has_tried(requests, times):
    sql = "SELECT FROM webhook_delivery_list WHERE origin = 'replay' AND jsonb_array_length(attempts) = %s"
    return requests.rows(sql, times)


def test_live_events_pass_a_replay(conn, books, requests, own_database):
    with Receiver() as receiver, RunningSender(own_database):
        webhook = deliver(conn, books, receiver, 30)
        receiver.hold.clear()
        requests.replay(webhook, after=0)
        wait_until(lambda: len(receiver.requests) > 30)
        live = draft_invoice(books)
        wait_until(lambda: shown(conn, books.id)["pending"] > 0)
        receiver.hold.set()
        wait_until(lambda: replay_of(requests)[0] == "finished")

    arrived = [each.payload["data"]["resourceId"] for each in receiver.requests]
    assert live in arrived[:59]  # not the last one


def test_a_retry_goes_at_once_and_can_repeat_what_was_delivered(conn, books, requests, own_database):
    with Receiver(500) as receiver, RunningSender(own_database):
        webhook = new_webhook(conn, books.id, receiver.url).row["id"]
        draft_invoice(books)
        wait_until(lambda: shown(conn, books.id)["failingSince"])
        ((id,),) = requests.rows("SELECT id FROM webhook_delivery_list")
        conn.execute("UPDATE webhook_deliveries SET due_at = now() + interval '1 day'")
        receiver.status = 200
        assert requests.retry(webhook, id) == id
        wait_until(lambda: status_of(requests, id) == "delivered")
        again = requests.retry(webhook, id)
        wait_until(lambda: status_of(requests, again) == "delivered")

    assert len(set(receiver.ids)) == 1


def test_skipped_events_do_not_arrive(conn, books, receiver, requests, own_database):
    with RunningSender(own_database):
        webhook = deliver(conn, books, receiver, 1)
        pause_webhook(conn, webhook)
        for _ in range(3):
            draft_invoice(books)
        assert requests.skip(webhook) == 3
        resume_webhook(conn, webhook)
        last = draft_invoice(books)
        wait_until(lambda: len(receiver.requests) == 2)

    assert receiver.requests[1].payload["data"]["resourceId"] == last
