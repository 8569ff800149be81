"""What the API needs for webhooks besides commands: the check of an address, new secrets, and deliveries on request."""

from __future__ import annotations

import secrets
from concurrent.futures import Future, ThreadPoolExecutor

from psycopg import Connection

from api.ports.webhooks import NewSecret, SecretsUnavailable
from domain.errors import Invalid
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation
from domain.reading import InvalidValue
from domain.reading.webhook_url import parse_target
from infra.postgres.database import SET_ORGANIZATION, Row
from infra.postgres.pool import Pool, borrow_connection
from infra.settings.secret_box import SecretBox
from infra.webhooks.addresses import AddressGuard, AddressRefused
from infra.webhooks.requests import PostgresDeliveryRequests
from infra.webhooks.secrets import new_webhook_secret

STORE_ENCRYPTED = "INSERT INTO webhook_secrets (org_id, id, encrypted) VALUES (%s, %s, %s)"
_LOOK_UP_SECONDS = 2.0
"""How long a request waits for the address of a host. After that, the host counts as one that is not known yet."""


class PostgresWebhooks(PostgresDeliveryRequests):
    """Implements the port Webhooks. Without a `box`, no secret can be made."""

    def __init__(self, pool: Pool, guard: AddressGuard, box: SecretBox | None) -> None:
        super().__init__(lambda: borrow_connection(pool))
        self._guard, self._box = guard, box
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
        with self._borrow() as conn, conn.transaction():
            conn.execute(SET_ORGANIZATION, (org_id,))
            return store_secret(conn, org_id, self._box)


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
