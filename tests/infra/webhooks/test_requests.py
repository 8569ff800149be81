"""What the API asks of the sender through functions of the database: tests, retries, replays, and skipped events."""

from datetime import UTC, datetime

import pytest

from infra.webhooks.queue.search import find_deliveries
from tests.support.command_line import run
from tests.support.senders import draft_invoice, new_webhook
from tests.support.webhook_requests import WebhookRequests


@pytest.fixture
def webhook(conn, books):
    return new_webhook(conn, books.id, "https://127.0.0.1/hooks").row["id"]


@pytest.fixture
def requests(own_database, books):
    with WebhookRequests(own_database, books.id) as opened:
        yield opened


def deliveries(conn):
    sql = "SELECT id, status, origin, position FROM webhook_deliveries ORDER BY id"
    return [tuple(row) for row in conn.execute(sql).fetchall()]


def test_a_test_is_a_pending_delivery_with_a_sample(conn, requests, webhook):
    id = requests.test(webhook)
    assert deliveries(conn) == [(id, "pending", "test", 0)]
    assert id.startswith("dlv_") and len(id) == 30
    (row,) = requests.rows("SELECT id, event_id, type, status FROM webhook_delivery_list")
    assert row == (id, "evt_test", "invoice.sent", "pending")


def test_a_pending_delivery_is_due_at_once_and_an_ended_one_is_sent_again(conn, books, requests, webhook):
    draft_invoice(books)
    find_deliveries(conn)
    ((id, _, _, position),) = deliveries(conn)
    conn.execute("UPDATE webhook_deliveries SET due_at = now() + interval '1 hour'")
    assert requests.retry(webhook, id) == id
    assert conn.execute("SELECT due_at <= clock_timestamp() FROM webhook_deliveries").fetchone() == (True,)

    conn.execute("UPDATE webhook_deliveries SET status = 'delivered'")
    again = requests.retry(webhook, id)
    assert deliveries(conn) == [(id, "delivered", "log", position), (again, "pending", "replay", position)]


def test_a_replay_holds_the_events_between_its_begin_and_the_cursor(conn, books, requests, webhook):
    draft_invoice(books)
    since = datetime.now(UTC)
    for _ in range(2):
        draft_invoice(books)
    find_deliveries(conn)
    draft_invoice(books)

    assert requests.replay(webhook, after=0)[::2] == ("started", 3)
    outcome, running, _ = requests.replay(webhook, after=0)
    assert outcome == "running"
    assert requests.cancel(webhook, running) is True
    assert requests.cancel(webhook, running) is False
    assert requests.replay(webhook, since=since)[::2] == ("started", 2)


def test_a_replay_has_at_most_100_000_events(conn, books, requests, env, webhook):
    draft_invoice(books)
    find_deliveries(conn)
    conn.execute("UPDATE webhook_cursors SET position = 100_010")
    conn.execute("ALTER TABLE events DISABLE TRIGGER ALL")
    conn.execute(
        "INSERT INTO events SELECT org_id, p, 'x', p, name, schema_version, state, metadata, recorded_at, chain_hash "
        "FROM events, generate_series(11, 100_010) p WHERE name = 'invoice.drafted'"
    )
    assert requests.replay(webhook, after=0) == ("too_many", None, 100_001)
    refused = run("webhook", "replay", webhook, "--after", "0", "--type", "invoice.drafted", env=env, status=1)
    assert "after must leave at most 100000 events" in refused.err
    assert requests.replay(webhook, after=10)[::2] == ("started", 100_000)


def test_skipped_events_are_counted_and_never_found(conn, books, requests, webhook):
    draft_invoice(books)
    find_deliveries(conn)
    for _ in range(2):
        draft_invoice(books)
    assert requests.skip(webhook) == 3
    assert find_deliveries(conn) == 0
    assert [status for _, status, _, _ in deliveries(conn)] == ["failed"]
    assert requests.rows("SELECT behind FROM webhook_progress_list") == [(0,)]


def test_what_was_not_searched_yet_and_what_is_pending_is_behind(conn, books, requests, webhook):
    draft_invoice(books)
    find_deliveries(conn)
    draft_invoice(books)
    assert requests.rows("SELECT id, behind FROM webhook_progress_list") == [(webhook, 2)]


def test_nothing_is_done_to_a_webhook_of_another_organization(conn, books, own_database, webhook):
    draft_invoice(books)
    find_deliveries(conn)
    ((id, *_),) = before = deliveries(conn)
    with WebhookRequests(own_database, "org_other") as other:
        assert other.test(webhook) is None
        assert other.retry(webhook, id) is None
        assert other.replay(webhook, after=0) == ("unknown", None, None)
        assert other.cancel(webhook, "rpl_1") is None
        assert other.skip(webhook) is None
        assert other.rows("SELECT id FROM webhook_delivery_list") == []
    assert deliveries(conn) == before
