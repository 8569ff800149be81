"""The webhook of a command that asks the sender for something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import NamedTuple

from psycopg import Connection

from infra.cli.base import session
from infra.postgres.database import Row
from infra.webhooks.registration import get_row
from infra.webhooks.requests import PostgresDeliveryRequests
from projections.accounts.webhook import WebhookRow


class WebhookRequest(NamedTuple):
    """A webhook, and how to ask the sender for its deliveries during the block."""

    conn: Connection[Row]
    requests: PostgresDeliveryRequests
    row: WebhookRow
    org_id: str


@contextmanager
def one_webhook(webhook_id: str) -> Iterator[WebhookRequest]:
    """Yield the webhook with this id. Raises NotFound."""
    with session() as (conn, _):
        org_id, row = get_row(conn, webhook_id)
        yield WebhookRequest(conn, PostgresDeliveryRequests(lambda: nullcontext(conn)), row, org_id)
