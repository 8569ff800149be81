"""A delivery that is ready to be sent: its claim, its body, and the secrets that sign it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from psycopg import Connection

from infra.postgres.database import Row
from infra.webhooks.claims import Claim, select_secrets
from infra.webhooks.payload import make_bodies
from infra.webhooks.secrets import SecretBox, SecretUnreadable, signature_header

_HEADERS = {
    "Content-Type": "application/json",
    "User-Agent": "SmartDhandha-Webhooks/1",
    "Accept-Encoding": "identity",
}


def signed_headers(secrets: Iterable[str], id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers of a delivery of the event `id`. `timestamp` is in seconds since 1970."""
    return {
        **_HEADERS,
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature_header(secrets, id, timestamp, body),
    }


class Delivery(NamedTuple):
    """A claimed delivery that is ready to be sent."""

    claim: Claim
    body: bytes
    secrets: tuple[str, ...]
    claimed_at: float
    """When it was claimed, by the monotonic clock of this process; `claim.claimed_at` is by the database's clock."""

    def now(self) -> datetime:
        """Return the present time by the database's clock."""
        return self.claim.claimed_at + timedelta(seconds=time.monotonic() - self.claimed_at)

    def headers(self, at: datetime) -> dict[str, str]:
        """Return the headers of an attempt at this time."""
        return signed_headers(self.secrets, self.claim.event_id, int(at.timestamp()), self.body)


class Unsendable(NamedTuple):
    """A claimed delivery that cannot be sent."""

    claim: Claim
    is_secret: bool
    """Whether its secret is unreadable; otherwise its event is."""


def prepare(
    conn: Connection[Row], org_id: str, claims: Iterable[Claim], claimed_at: float, box: SecretBox
) -> Iterator[Delivery | Unsendable]:
    """Yield the claims of an organization with their bodies and secrets."""
    claims = list(claims)
    bodies = make_bodies(conn, org_id, [each.position for each in claims])
    ids = {id for each in claims for id in each.secret_ids}
    encrypted = select_secrets(conn, org_id, ids)
    for each in claims:
        try:
            readable = tuple(box.decrypt(encrypted.get(id, b"")) for id in each.secret_ids)
        except SecretUnreadable:
            yield Unsendable(each, is_secret=True)
            continue
        body = bodies.get(each.position)
        yield Unsendable(each, is_secret=False) if body is None else Delivery(each, body, readable, claimed_at)
