"""Receivers that fail, killed senders, and unreadable secrets: nothing is lost, and a double has the same id."""

import signal
from datetime import timedelta
from functools import partial

import msgspec
import pytest
from cryptography.fernet import Fernet

from infra.webhooks import client
from infra.webhooks.addresses import AddressGuard
from infra.webhooks.queue.claims import LEASE
from infra.webhooks.registration import resume_webhook
from tests.support.books import Books
from tests.support.command_line import COMMAND, environment
from tests.support.fork_server import start_process
from tests.support.postgres import database_settings
from tests.support.receiver import Receiver
from tests.support.senders import KEY, RunningSender, draft_invoice, make_due, new_webhook, shown
from tests.support.waiting import wait_until


def attempts(conn):
    return [
        msgspec.json.decode(row)
        for (row,) in conn.execute("SELECT attempts FROM webhook_deliveries ORDER BY position").fetchall()
    ]


def has_tried(conn, times):
    return len(attempts(conn)[0]) >= times


def has_status(conn, books, status):
    return shown(conn, books.id)["status"] == status


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Receiver(500), None),
        (Receiver(302, {"Location": "http://127.0.0.1:1/"}), None),
        (Receiver(200, body=b"x" * 70_000), "the response is larger than 64 KiB"),
    ],
    ids=["error", "redirect", "too large"],
)
def test_what_is_not_taken_is_tried_again_with_the_same_id(conn, books, own_database, answer, error):
    with answer as receiver, RunningSender(own_database):
        new_webhook(conn, books.id, receiver.url)
        draft_invoice(books)
        wait_until(lambda: attempts(conn) and len(attempts(conn)[0]) == 1)
        (failed,) = attempts(conn)[0]
        assert (failed["status"], failed["error"]) == (receiver.status, error)
        assert failed["response"] == receiver.body.decode()[:1024]
        assert shown(conn, books.id)["failingSince"] is not None

        receiver.status, receiver.body = 200, b"ok"
        make_due(conn)
        wait_until(lambda: shown(conn, books.id)["pending"] == 0)

    assert len(receiver.ids) >= 2 and len(set(receiver.ids)) == 1
    assert shown(conn, books.id)["failingSince"] is None


def test_a_receiver_that_answers_nothing_for_15_seconds_has_failed(conn, books, receiver, own_database, monkeypatch):
    assert client.TIMEOUT_SECONDS == 15
    monkeypatch.setattr(client, "TIMEOUT_SECONDS", 0.3)
    receiver.hold.clear()
    new_webhook(conn, books.id, receiver.url)
    draft_invoice(books)
    with RunningSender(own_database):
        wait_until(lambda: shown(conn, books.id)["lastError"] == "no response within 0.3 seconds")
        receiver.hold.set()


def test_a_receiver_can_ask_for_a_later_attempt(conn, books, own_database):
    with Receiver(503, {"Retry-After": "3600"}) as receiver, RunningSender(own_database):
        new_webhook(conn, books.id, receiver.url)
        draft_invoice(books)
        wait_until(lambda: shown(conn, books.id)["failingSince"])

    sql = "SELECT due_at > clock_timestamp() + interval '50 minutes' FROM webhook_deliveries"
    assert conn.execute(sql).fetchall() == [(True,)]


def test_a_receiver_that_is_gone_is_disabled_at_once(conn, books, own_database):
    with Receiver(410) as receiver, RunningSender(own_database):
        webhook = new_webhook(conn, books.id, receiver.url)
        draft_invoice(books)
        wait_until(lambda: shown(conn, books.id)["status"] == "disabled")

        receiver.status = 200
        resume_webhook(conn, webhook.row["id"])
        make_due(conn)
        wait_until(lambda: len(receiver.requests) == 2)

    assert books.events(webhook.row["id"]) == ["created", "disabled", "resumed"]


def test_a_webhook_that_cannot_be_disabled_stops_no_other(conn, books, own_database):
    harmed = Books(conn)
    with Receiver(410) as gone, Receiver(200) as receiver, RunningSender(own_database):
        webhook = new_webhook(conn, harmed.id, gone.url)
        conn.execute("UPDATE events SET state = '{' WHERE originator_id = %s", (webhook.row["id"],))
        conn.execute("UPDATE webhooks SET projection_version = 0 WHERE id = %s", (webhook.row["id"],))
        draft_invoice(harmed)
        wait_until(lambda: attempts(conn) and has_tried(conn, 1))
        new_webhook(conn, books.id, receiver.url)
        draft_invoice(books)
        wait_until(lambda: len(receiver.requests) == 1)


def test_a_receiver_without_success_for_five_days_is_disabled(conn, books, own_database):
    with Receiver(503) as receiver, RunningSender(own_database):
        new_webhook(conn, books.id, receiver.url)
        draft_invoice(books)
        wait_until(lambda: shown(conn, books.id)["failingSince"])
        for days, status in ((timedelta(days=4, hours=23), "active"), (timedelta(days=5), "disabled")):
            conn.execute("UPDATE webhook_cursors SET failing_since = clock_timestamp() - %s", (days,))
            tried = len(attempts(conn)[0])
            make_due(conn)
            wait_until(partial(has_tried, conn, tried + 1))
            wait_until(partial(has_status, conn, books, status))

    assert shown(conn, books.id)["pausedReason"] == "failing"


def test_later_events_pass_a_failing_one_where_order_was_not_asked_for(conn, books, own_database):
    with Receiver(500) as receiver, RunningSender(own_database):
        new_webhook(conn, books.id, receiver.url)
        first = draft_invoice(books)
        wait_until(lambda: shown(conn, books.id)["failingSince"])
        conn.execute("UPDATE webhook_deliveries SET due_at = due_at + interval '1 hour'")
        receiver.status = 200
        second = draft_invoice(books)
        wait_until(lambda: len(receiver.requests) == 2)

    assert [each.payload["data"]["resourceId"] for each in receiver.requests] == [first, second]


def test_with_another_key_a_webhook_is_paused_and_nothing_is_sent(conn, books, receiver, own_database):
    new_webhook(conn, books.id, receiver.url)
    draft_invoice(books)

    with RunningSender(own_database, key=Fernet.generate_key().decode()):
        wait_until(lambda: shown(conn, books.id)["status"] == "paused")

    assert shown(conn, books.id)["pausedReason"] == "secret_unreadable"
    assert receiver.requests == []


def test_an_address_that_became_private_gets_nothing(conn, books, receiver, own_database):
    new_webhook(conn, books.id, receiver.url)
    draft_invoice(books)

    with RunningSender(own_database, guard=AddressGuard((), allows_loopback=False)):
        wait_until(lambda: shown(conn, books.id)["lastError"])

    assert receiver.requests == []


def test_what_a_killed_sender_had_claimed_arrives_from_another_with_the_same_id(conn, books, receiver, own_database):
    receiver.hold.clear()
    new_webhook(conn, books.id, receiver.url)
    draft_invoice(books)
    env = environment(**database_settings(own_database), SMARTDHANDHA_SECRET_KEY=KEY)
    killed = start_process([*COMMAND, "deliver"], env)
    wait_until(lambda: receiver.requests)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    claimed_until, now = conn.execute("SELECT claimed_until, clock_timestamp() FROM webhook_deliveries").fetchone()
    receiver.hold.set()

    with RunningSender(own_database) as other:
        wait_until(lambda: len(receiver.requests) == 2, seconds=60)
        wait_until(lambda: shown(conn, books.id)["pending"] == 0)

    assert len(set(receiver.ids)) == 1
    ((_, at, _),) = other.attempts
    assert now < claimed_until <= now + LEASE and at >= claimed_until


def test_a_stop_does_not_wait_for_a_receiver_and_the_delivery_arrives_later_with_the_same_id(
    conn, books, receiver, own_database
):
    receiver.hold.clear()
    new_webhook(conn, books.id, receiver.url)
    draft_invoice(books)
    with RunningSender(own_database):
        wait_until(lambda: receiver.requests)
    assert attempts(conn) == [[]]  # it was given up: a wait for the receiver would have ended in a failed attempt
    receiver.hold.set()

    make_due(conn)
    with RunningSender(own_database):
        wait_until(lambda: shown(conn, books.id)["pending"] == 0)

    assert len(set(receiver.ids)) == 1
