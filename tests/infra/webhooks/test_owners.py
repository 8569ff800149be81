"""A webhook belongs to the key that made it or set it active: when the key ends, nothing more is sent."""

import pytest

from commands.accounts.webhook import ResumeWebhook
from commands.command import Actor, Context
from domain.webhook import API_KEY
from infra.identity.keys import create_key, revoke_key, update_key
from infra.log.command_bus import execute_on
from infra.webhooks.registration import pause_webhook, resume_webhook
from infra.worker.deliveries import pause_without_key
from tests.support.receiver import Receiver
from tests.support.senders import RunningSender, draft_invoice, new_webhook
from tests.support.waiting import wait_until


def expire_key(conn, key):
    conn.execute("UPDATE api_keys SET expires_at = now() WHERE id = %s", (key,))


def take_scope_away(conn, key):
    update_key(conn, key, scopes=("billing:read",))


@pytest.fixture
def key(conn, books):
    return create_key(conn, books.id, "hooks", ("billing:read", "leaves:read"), 100, None).row["id"]


@pytest.mark.parametrize("end", [revoke_key, expire_key, take_scope_away], ids=["revoked", "expired", "narrowed"])
def test_when_its_key_ends_a_webhook_gets_nothing_and_is_paused(conn, books, receiver, own_database, key, end):
    webhook = new_webhook(conn, books.id, receiver.url).row["id"]
    pause_webhook(conn, webhook)
    actor = Actor(API_KEY, key)
    execute_on(conn, ResumeWebhook(id=webhook), Context(org_id=books.id, actor=actor, request_id="test"))
    with Receiver() as other, RunningSender(own_database):
        draft_invoice(books)
        wait_until(lambda: len(receiver.requests) == 1)
        assert pause_without_key(conn) == 0

        end(conn, key)
        draft_invoice(books)
        new_webhook(conn, books.id, other.url)
        draft_invoice(books)
        wait_until(lambda: other.requests)  # so the sender has claimed after the end of the key
        assert len(receiver.requests) == 1
        assert pause_without_key(conn) == 1
        status = conn.execute("SELECT status, summary ->> 'pausedReason' FROM webhooks WHERE id = %s", (webhook,))
        assert status.fetchone() == ("paused", "key_revoked")

        resume_webhook(conn, webhook)
        wait_until(lambda: len(receiver.requests) == 3)
    assert pause_without_key(conn) == 0
