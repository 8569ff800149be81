"""Asks the sender for deliveries through functions of the database: tests, retries and replays."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection

from api.ports.webhooks import StartedReplay
from infra.postgres.database import SET_ORGANIZATION, Row

SELECT_DELIVERY = "SELECT summary FROM webhook_delivery_state_list WHERE webhook_id = %s AND id = %s"
SELECT_DELIVERIES = """
SELECT summary FROM webhook_delivery_state_list WHERE webhook_id = %s AND (%s::text IS NULL OR status = %s)
ORDER BY id DESC LIMIT %s
"""
START_REPLAY = "SELECT outcome, replay, events FROM start_webhook_replay(%s, %s::bigint, %s::timestamptz, %s::text[])"
SELECT_LAST_REPLAY = """
SELECT json_build_object(
    'id', id, 'status', status, 'types', types, 'events', events, 'delivered', delivered, 'failed', failed,
    'createdAt', created_at, 'endedAt', ended_at
) FROM webhook_replay_list WHERE webhook_id = %s ORDER BY id DESC LIMIT 1
"""
_POLL_SECONDS = 0.05


class _Status(msgspec.Struct):
    status: str


class PostgresDeliveryRequests:
    """Implements the port DeliveryRequests with connections that `borrow` lends."""

    def __init__(self, borrow: Callable[[], AbstractContextManager[Connection[Row]]]) -> None:
        self._borrow = borrow

    def retry(self, org_id: str, webhook_id: str, delivery_id: str) -> str | None:
        attempted = self._ask(org_id, "SELECT retry_webhook_delivery(%s, %s)", webhook_id, delivery_id)
        return None if attempted is None else str(attempted)

    def delivery(self, org_id: str, webhook_id: str, id: str) -> bytes | None:
        found: bytes | None = self._ask(org_id, SELECT_DELIVERY, webhook_id, id)
        return found

    def deliveries(self, org_id: str, webhook_id: str, status: str | None, limit: int) -> list[bytes]:
        """Return deliveries as `delivery` does, the newest first. With `status`, return only those that have it."""
        return [row[0] for row in self._rows(org_id, SELECT_DELIVERIES, webhook_id, status, status, limit)]

    def await_delivery(self, org_id: str, webhook_id: str, id: str, seconds: float) -> bytes | None:
        until = time.monotonic() + seconds
        while True:
            is_over = time.monotonic() >= until
            found = self.delivery(org_id, webhook_id, id)
            if is_over or found is None or msgspec.json.decode(found, type=_Status).status != "pending":
                return found
            time.sleep(_POLL_SECONDS)

    def request_test(self, org_id: str, webhook_id: str, type: str, event_id: str, sample: bytes) -> str | None:
        sql = "SELECT request_webhook_test(%s, %s, %s, %s)"
        delivery = self._ask(org_id, sql, webhook_id, type, event_id, sample)
        return None if delivery is None else str(delivery)

    def start_replay(
        self, org_id: str, webhook_id: str, after: int | None, since: datetime | None, names: Collection[str]
    ) -> StartedReplay:
        return StartedReplay(*self._row(org_id, START_REPLAY, webhook_id, after, since, list(names)))

    def last_replay(self, org_id: str, webhook_id: str) -> bytes | None:
        found: bytes | None = self._ask(org_id, SELECT_LAST_REPLAY, webhook_id)
        return found

    def cancel_replay(self, org_id: str, webhook_id: str, id: str) -> None:
        self._ask(org_id, "SELECT cancel_webhook_replay(%s, %s)", webhook_id, id)

    def _ask(self, org_id: str, sql: str, *values: Any) -> Any:
        """Return the only column of the first row; None if there is no row."""
        row = self._row(org_id, sql, *values)
        return row[0] if row else None

    def _row(self, org_id: str, sql: str, *values: Any) -> Row:
        """Return the first row of a statement that sees only the organization; an empty one if there is none."""
        return next(iter(self._rows(org_id, sql, *values)), ())

    def _rows(self, org_id: str, sql: str, *values: Any) -> list[Row]:
        with self._borrow() as conn, conn.transaction():
            conn.execute(SET_ORGANIZATION, (org_id,))
            return conn.execute(sql, values).fetchall()
