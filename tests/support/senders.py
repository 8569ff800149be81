"""Runs the sender of webhooks in a thread of the test, and creates webhooks for it."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import psutil

from commands.invoice import DraftInvoice
from infra.settings.secret_box import SecretBox
from infra.webhooks.addresses import AddressGuard
from infra.webhooks.client import WebhookClient
from infra.webhooks.registration import NewWebhook, create_webhook, list_webhooks
from infra.webhooks.sender import Sender
from tests.support import command_line
from tests.support.scenarios import invoice_body

KEY = command_line.KEY
READ_SCOPES = ("billing:read", "leaves:read")
LOOPBACK = "127.0.0.0/8"
"""The networks that a service allows webhooks to reach, for receivers of tests."""
LOCAL = AddressGuard((), allows_loopback=True)


def new_webhook(conn: Any, org_id: str, url: str, **fields: Any) -> NewWebhook:
    """Create a webhook for all events of the organization, unless `fields` say otherwise."""
    defaults = {"types": None, "description": None, "ordered": False, "scopes": READ_SCOPES}
    return create_webhook(conn, org_id, {"url": url, **defaults, **fields}, LOCAL, SecretBox([KEY]))


def shown(conn: Any, org_id: str) -> dict[str, Any]:
    """Return the organization's only webhook as the list shows it."""
    (webhook,) = list_webhooks(conn, org_id)
    return webhook


def draft_invoice(books: Any) -> str:
    """Draft an invoice of the organization; return its id."""
    return str(books.do(DraftInvoice, invoice_body()).id)


def make_due(conn: Any) -> None:
    """Let every pending delivery be due now, as if its time had come."""
    conn.execute("UPDATE webhook_deliveries SET due_at = clock_timestamp() WHERE status = 'pending'")


def is_sender(process: psutil.Process) -> bool:
    """Return whether a child of a service's master process is a sender; otherwise it is a server process."""
    return "deliver" in process.cmdline()


def count_drifted(conn: Any) -> int:
    """Return how many webhooks have another number of pending deliveries than their cursor says."""
    sql = """
        SELECT FROM webhook_cursors c WHERE c.pending <> (
            SELECT count(*) FROM webhook_deliveries d WHERE d.org_id = c.org_id AND d.webhook_id = c.webhook_id
            AND d.status = 'pending' AND d.origin = 'log'
        )
    """
    return int(conn.execute(sql).rowcount)


class RunningSender:
    """Delivers until the end of the block."""

    def __init__(self, conninfo: str, key: str = KEY, guard: AddressGuard = LOCAL) -> None:
        self.attempts: list[Any] = []
        self._sender = Sender(
            conninfo, WebhookClient(guard), SecretBox([key]), lambda *attempt: self.attempts.append(attempt)
        )
        self._thread = threading.Thread(target=lambda: asyncio.run(self._sender.run()))

    def __enter__(self) -> RunningSender:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._sender.stop()
        self._thread.join()
