"""Queries on an organization's webhooks, their deliveries and their replays, for the console."""

from __future__ import annotations

from typing import Any

import msgspec
from psycopg import Cursor
from psycopg.rows import args_row, kwargs_row

from api.ports.request.deadline import deadline
from api.ports.webhooks.reads import Attempt, DeliveryRow, DisabledWebhook, ReplayRow
from infra.log.admission import PLAN_ONCE
from infra.postgres.database import open_pipeline_of
from infra.postgres.pool import Pool, borrow_for_long_read, borrow_wire
from infra.postgres.statements import call_of

SELECT_WEBHOOK = "SELECT summary FROM webhook_state_list WHERE org_id = %s AND id = %s"
SELECT_WEBHOOKS = "SELECT summary FROM webhook_state_list WHERE org_id = %s ORDER BY created_at DESC, id DESC"
SELECT_DISABLED = (
    "SELECT id, url FROM webhook_list WHERE org_id = %(org)s AND status = 'disabled' ORDER BY created_at, id"
)
_DELIVERIES = """
SELECT id, event_id, type, origin, position, status, next_attempt_at, attempts::text, sample, created_at
FROM webhook_delivery_list WHERE org_id = %(org)s AND webhook_id = %(webhook)s
"""
SELECT_DELIVERIES = f"""
{_DELIVERIES} AND (%(before)s::text IS NULL OR id < %(before)s) ORDER BY id DESC LIMIT %(limit)s
"""
SELECT_DELIVERY = f"{_DELIVERIES} AND id = %(id)s"
SELECT_REPLAYS = """
SELECT id, status, events, delivered, failed, created_at, ended_at
FROM webhook_replay_list WHERE org_id = %(org)s AND webhook_id = %(webhook)s ORDER BY id DESC LIMIT %(limit)s
"""


class PostgresWebhookReads:
    """Implements the port WebhookReads with a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def list_webhooks(self, org_id: str, id: str | None = None) -> list[bytes]:
        call = call_of(SELECT_WEBHOOKS, (org_id,)) if id is None else call_of(SELECT_WEBHOOK, (org_id, id))
        with borrow_wire(self._pool) as wire:
            outcome = wire.send(deadline(), (PLAN_ONCE.call(org_id), call))[0]
            return [summary for (summary,) in outcome.rows()]

    def list_disabled(self, org_id: str) -> list[DisabledWebhook]:
        return self._select(args_row(DisabledWebhook), SELECT_DISABLED, {"org": org_id})

    def list_deliveries(self, org_id: str, webhook_id: str, before: str | None, limit: int) -> list[DeliveryRow]:
        values = {"org": org_id, "webhook": webhook_id, "before": before, "limit": limit}
        return self._select(kwargs_row(_delivery), SELECT_DELIVERIES, values)

    def get_delivery(self, org_id: str, webhook_id: str, id: str) -> DeliveryRow | None:
        found = self._select(kwargs_row(_delivery), SELECT_DELIVERY, {"org": org_id, "webhook": webhook_id, "id": id})
        return found[0] if found else None

    def list_replays(self, org_id: str, webhook_id: str, limit: int) -> list[ReplayRow]:
        values = {"org": org_id, "webhook": webhook_id, "limit": limit}
        return self._select(kwargs_row(ReplayRow), SELECT_REPLAYS, values)

    def _select(self, row_factory: Any, statement: str, values: dict[str, Any]) -> list[Any]:
        with borrow_for_long_read(self._pool, values["org"]) as conn, open_pipeline_of(conn, values["org"]):
            cursor: Cursor[Any] = conn.cursor(binary=True, row_factory=row_factory).execute(statement, values)
        return cursor.fetchall()


def _delivery(attempts: str, **columns: Any) -> DeliveryRow:
    return DeliveryRow(attempts=msgspec.json.decode(attempts, type=tuple[Attempt, ...]), **columns)
