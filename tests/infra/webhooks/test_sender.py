"""Deliveries to a real receiver: each event arrives, signed, in order where that is asked for, and is tried again."""

import base64
import hashlib
import hmac
from datetime import timedelta
from functools import partial
from statistics import median

import pytest

from commands.leave import RequestLeave
from infra.settings.secret_box import SecretBox
from infra.webhooks import sender
from infra.webhooks.registration import delete_webhook, pause_webhook, resume_webhook, rotate_webhook
from tests.support.receiver import Receiver
from tests.support.scenarios import leave_body
from tests.support.senders import KEY, RunningSender, draft_invoice, make_due, new_webhook, shown
from tests.support.waiting import wait_until


def signatures(secret, request):
    """Return the signature that the specification asks for, computed from it and not from our code."""
    signed = f"{request.id}.{request.headers['webhook-timestamp']}.".encode() + request.body
    digest = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def test_an_event_arrives_signed_with_its_object(conn, books, receiver, own_database):
    before = draft_invoice(books)
    secret = new_webhook(conn, books.id, receiver.url).secret
    id = draft_invoice(books)

    with RunningSender(own_database):
        wait_until(lambda: receiver.requests)

    (request,) = receiver.requests
    assert request.headers["webhook-signature"] == signatures(secret, request)
    assert request.payload["type"] == "invoice.drafted"
    data = request.payload["data"]
    assert request.id == data["id"] and request.payload["timestamp"] == data["occurredAt"]
    assert data["resourceId"] == data["object"]["id"] == id != before


def test_only_the_types_and_scopes_of_the_webhook_arrive(conn, books, receiver, own_database):
    new_webhook(conn, books.id, receiver.url, types=("invoice.*",))
    new_webhook(conn, books.id, f"{receiver.url}/leaves", scopes=("leaves:read",))
    draft_invoice(books)
    books.do(RequestLeave, leave_body())

    with RunningSender(own_database):
        wait_until(lambda: len(receiver.requests) == 2)
        wait_until(lambda: shown_positions(conn) == {head(conn, books)})

    assert {(each.path, each.payload["type"]) for each in receiver.requests} == {
        ("/hooks", "invoice.drafted"),
        ("/hooks/leaves", "leave.requested"),
    }


def head(conn, books):
    return conn.execute("SELECT position FROM org_log WHERE org_id = %s", (books.id,)).fetchone()[0]


def shown_positions(conn):
    return {position for (position,) in conn.execute("SELECT position FROM webhook_cursors").fetchall()}


def test_an_ordered_webhook_waits_for_each_event(conn, books, own_database):
    with Receiver(500) as receiver, RunningSender(own_database):
        new_webhook(conn, books.id, receiver.url, ordered=True)
        ids = [draft_invoice(books) for _ in range(12)]
        wait_until(lambda: shown(conn, books.id)["failingSince"])
        receiver.status = 200
        make_due(conn)
        wait_until(lambda: len(receiver.requests) >= 13 and shown(conn, books.id)["pending"] == 0)

    arrived = [request.payload["data"]["resourceId"] for request in receiver.requests]
    assert list(dict.fromkeys(arrived)) == ids
    assert receiver.most_at_once == 1


def test_a_new_receiver_gets_one_post_at_once_and_a_proven_one_four(conn, books, receiver, own_database):
    receiver.hold.clear()
    new_webhook(conn, books.id, receiver.url)
    for _ in range(3):
        draft_invoice(books)

    with Receiver() as other, RunningSender(own_database):
        wait_until(lambda: receiver.requests)
        new_webhook(conn, books.id, other.url)
        draft_invoice(books)
        wait_until(lambda: other.requests)  # so a further round has claimed
        assert receiver.most_at_once == 1
        receiver.hold.set()
        wait_until(lambda: len(receiver.requests) == 4)

        receiver.hold.clear()
        for _ in range(10):
            draft_invoice(books)
        wait_until(lambda: len(receiver.requests) == 8)
        receiver.hold.set()
        wait_until(lambda: len(receiver.requests) == 14)

    assert receiver.most_at_once == 4 == sender.MAX_POSTS_PER_HOST


def test_a_paused_webhook_gets_later_what_happened_meanwhile(conn, books, receiver, own_database):
    webhook = new_webhook(conn, books.id, receiver.url).row["id"]
    other = new_webhook(conn, books.id, f"{receiver.url}/other").row["id"]
    pause_webhook(conn, webhook)
    with RunningSender(own_database):
        draft_invoice(books)
        wait_until(lambda: len(receiver.requests) == 1)
        delete_webhook(conn, other)
        resume_webhook(conn, webhook)
        wait_until(lambda: len(receiver.requests) == 2)

    assert [each.path for each in receiver.requests] == ["/hooks/other", "/hooks"]


def test_until_the_overlap_ends_a_delivery_has_both_signatures(conn, books, receiver, own_database):
    webhook = new_webhook(conn, books.id, receiver.url)
    new = rotate_webhook(conn, webhook.row["id"], timedelta(hours=1), SecretBox([KEY]))
    draft_invoice(books)

    with RunningSender(own_database):
        wait_until(lambda: receiver.requests)
        conn.execute("UPDATE webhooks SET previous_until = clock_timestamp()")
        draft_invoice(books)
        wait_until(lambda: len(receiver.requests) == 2)

    during, after = receiver.requests
    both = [signatures(new.secret, during), signatures(webhook.secret, during)]
    assert during.headers["webhook-signature"].split(" ") == both
    assert after.headers["webhook-signature"] == signatures(new.secret, after)


def test_two_senders_share_the_work(conn, books, receiver, own_database):
    new_webhook(conn, books.id, receiver.url)
    draft_invoice(books)
    with RunningSender(own_database) as one, RunningSender(own_database) as other:
        wait_until(lambda: receiver.requests)
        wait_until(lambda: shown(conn, books.id)["pending"] == 0)
        receiver.hold.clear()
        for _ in range(39):
            draft_invoice(books)
        wait_until(lambda: len(receiver.requests) == 9)  # four at once from each
        receiver.hold.set()
        wait_until(lambda: shown(conn, books.id)["pending"] == 0)

    assert len(set(receiver.ids)) == 40 == len(one.attempts) + len(other.attempts)
    assert len(one.attempts) >= 4 and len(other.attempts) >= 4


def has_attempted(running, times):
    return len(running.attempts) == times


@pytest.mark.quiet
def test_half_of_the_events_are_sent_within_half_a_second(conn, books, receiver, own_database):
    new_webhook(conn, books.id, receiver.url)
    with RunningSender(own_database) as running:
        for number in range(1, 12):
            draft_invoice(books)
            wait_until(partial(has_attempted, running, number))

    assert median(at - claim.occurred_at for claim, at, _ in running.attempts) < timedelta(seconds=0.5)
