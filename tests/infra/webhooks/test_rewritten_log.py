"""After `privacy upgrade` has rewritten a log, webhooks go on where they were: nothing is sent twice or lost."""

import pytest

from infra.log.proofs.chain import FIRST_FORMAT
from infra.settings.secret_box import SecretBox
from infra.webhooks.delivery import Delivery, Unsendable, prepare
from infra.webhooks.queue.claim_limits import Room
from infra.webhooks.queue.claims import claim
from infra.webhooks.queue.search import find_deliveries
from tests.support.books import Books
from tests.support.privacy import Privacy
from tests.support.senders import KEY, RunningSender, count_drifted, draft_invoice, make_due, new_webhook, shown
from tests.support.waiting import wait_until
from tests.support.webhook_requests import WebhookRequests

IDS = (
    "SELECT 'evt_' || left(encode(chain_hash, 'hex'), 24) FROM events WHERE org_id = %s AND name = %s ORDER BY position"
)
LEFT = """
SELECT FROM webhook_cursors c JOIN org_log l USING (org_id) WHERE c.position < l.position
UNION ALL SELECT FROM webhook_deliveries WHERE status = 'pending'
"""
FAILED = "SELECT FROM webhook_deliveries WHERE status = 'pending' AND attempts <> '[]'"


@pytest.fixture
def books(conn):
    return Books(conn, chain_format=FIRST_FORMAT)


@pytest.fixture
def upgrade(books, env, tmp_path):
    words = ("--confirm", "Books", "--export", str(tmp_path / "old.jsonl"))
    return lambda: Privacy(books.id, env).run("upgrade", *words)


def ids_of(conn, books):
    return [id for (id,) in conn.execute(IDS, (books.id, "invoice.drafted"))]


def room():
    return Room(free=10, failing=10, busy={}, allowed={})


@pytest.mark.parametrize("ordered", [False, True])
def test_each_event_arrives_once_also_those_that_had_failed_or_were_not_found_yet(
    conn, books, receiver, upgrade, own_database, ordered
):
    new_webhook(conn, books.id, receiver.url, ordered=ordered)
    with RunningSender(own_database):
        for _ in range(3):
            draft_invoice(books)
        wait_until(lambda: len(receiver.requests) == 3 and shown(conn, books.id)["pending"] == 0)
        receiver.status = 500
        for _ in range(2):
            draft_invoice(books)
        wait_until(lambda: conn.execute(FAILED).rowcount)
    for _ in range(2):
        draft_invoice(books)  # no sender runs: the cursor of the webhook is behind them
    receiver.requests.clear()
    receiver.status = 200
    upgrade()
    assert count_drifted(conn) == 0
    draft_invoice(books)
    make_due(conn)
    with RunningSender(own_database):
        wait_until(lambda: not conn.execute(LEFT).rowcount)
    expected = ids_of(conn, books)[3:]
    assert (receiver.ids if ordered else sorted(receiver.ids)) == (expected if ordered else sorted(expected))
    assert {each.payload["data"]["id"] for each in receiver.requests} == {*expected}


def test_a_replay_that_runs_goes_on_and_sends_each_event_once(conn, books, receiver, upgrade, own_database):
    webhook = new_webhook(conn, books.id, receiver.url).row["id"]
    for _ in range(4):
        draft_invoice(books)
    with RunningSender(own_database):
        wait_until(lambda: len(receiver.requests) == 4 and not conn.execute(LEFT).rowcount)
    receiver.requests.clear()
    with WebhookRequests(own_database, books.id) as requests:
        assert requests.replay(webhook, after=0)[2] == 4
        upgrade()
        with RunningSender(own_database):
            wait_until(lambda: requests.rows("SELECT status FROM webhook_replay_list") == [("finished",)])
    assert sorted(receiver.ids) == sorted(ids_of(conn, books))


def test_a_delivery_that_was_claimed_before_is_not_sent_with_the_event_before_it(conn, books, receiver, upgrade):
    """Positions are one higher afterwards: what a sender has claimed and not yet read is another event then."""
    new_webhook(conn, books.id, receiver.url)
    draft_invoice(books), draft_invoice(books)
    find_deliveries(conn)
    claimed = claim(conn, room())
    assert claimed
    upgrade()
    (prepared,) = {type(each) for each in prepare(conn, books.id, claimed, 0.0, SecretBox([KEY]))}
    assert prepared is Unsendable
    conn.execute("UPDATE webhook_deliveries SET claimed_until = '-infinity'")
    again = list(prepare(conn, books.id, claim(conn, room()), 0.0, SecretBox([KEY])))
    assert [type(each) for each in again] == [Delivery] * len(again) and again
    assert {each.claim.event_id for each in again} <= {*ids_of(conn, books)}
