"""What the API needs for webhooks besides commands: the check of an address, new secrets, and deliveries on request."""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection

from api.ports.webhooks import NewSecret, SecretsUnavailable, StartedReplay
from domain.errors import VALIDATION_FAILED, Invalid, Violation
from domain.reading import InvalidValue
from domain.reading.webhook_url import parse_target
from infra.postgres.database import SET_ORGANIZATION, Row
from infra.postgres.pool import Pool, borrow_connection
from infra.webhooks.addresses import AddressGuard, AddressRefused
from infra.webhooks.secrets import SecretBox, new_webhook_secret

STORE_ENCRYPTED = "INSERT INTO webhook_secrets (org_id, id, encrypted) VALUES (%s, %s, %s)"
SELECT_DELIVERY = "SELECT summary FROM webhook_delivery_state_list WHERE webhook_id = %s AND id = %s"
START_REPLAY = "SELECT outcome, replay, events FROM start_webhook_replay(%s, %s::bigint, %s::timestamptz, %s::text[])"
SELECT_LAST_REPLAY = """
SELECT json_build_object(
    'id', id, 'status', status, 'types', types, 'events', events, 'delivered', delivered, 'failed', failed,
    'createdAt', created_at, 'endedAt', ended_at
) FROM webhook_replay_list WHERE webhook_id = %s ORDER BY id DESC LIMIT 1
"""
_POLL_SECONDS = 0.05
_LOOK_UP_SECONDS = 2.0
"""How long a request waits for the address of a host. After that, the host counts as one that is not known yet."""


class _Status(msgspec.Struct):
    status: str


class PostgresWebhooks:
    """Implements the port Webhooks. Without a `box`, no secret can be made."""

    def __init__(self, pool: Pool, guard: AddressGuard, box: SecretBox | None) -> None:
        self._pool, self._guard, self._box = pool, guard, box
        # Names are looked up beside the threads of requests, which a slow name server must not occupy.
        self._look_ups = ThreadPoolExecutor(2, "look-up")

    def check_address(self, url: str) -> None:
        looked_up: Future[None] = self._look_ups.submit(check_address, self._guard, url)
        try:
            looked_up.result(_LOOK_UP_SECONDS)
        except TimeoutError:
            looked_up.cancel()

    def make_secret(self, org_id: str) -> NewSecret:
        if self._box is None:
            raise SecretsUnavailable
        with borrow_connection(self._pool) as conn, conn.transaction():
            conn.execute(SET_ORGANIZATION, (org_id,))
            return store_secret(conn, org_id, self._box)

    def retry(self, org_id: str, webhook_id: str, delivery_id: str) -> str | None:
        attempted = self._ask(org_id, "SELECT retry_webhook_delivery(%s, %s)", webhook_id, delivery_id)
        return None if attempted is None else str(attempted)

    def delivery(self, org_id: str, webhook_id: str, id: str) -> bytes | None:
        found: bytes | None = self._ask(org_id, SELECT_DELIVERY, webhook_id, id)
        return found

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
        with borrow_connection(self._pool) as conn, conn.transaction():
            conn.execute(SET_ORGANIZATION, (org_id,))
            return conn.execute(sql, values).fetchone() or ()


def check_address(guard: AddressGuard, url: str) -> None:
    """Raise Invalid for a URL whose form is wrong, or that leads to an address that must not be called."""
    try:
        guard.check(parse_target(url))
    except InvalidValue as error:
        raise Invalid([error.violation("url", VALIDATION_FAILED)]) from None
    except AddressRefused as error:
        raise Invalid([Violation("url", VALIDATION_FAILED, str(error))]) from None


def store_secret(conn: Connection[Row], org_id: str, box: SecretBox) -> NewSecret:
    """Store a new secret, encrypted."""
    made = NewSecret(f"whs_{secrets.token_hex(16)}", new_webhook_secret())
    conn.execute(STORE_ENCRYPTED, (org_id, made.id, box.encrypt(made.secret)))
    return made
