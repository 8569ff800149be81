"""A delivery that is ready to be sent: its claim, its body, and the secrets that sign it."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from psycopg import Connection

from infra.postgres.database import Row
from infra.settings.secret_box import SecretBox, SecretUnreadable
from infra.webhooks.payload import EventBody, make_bodies
from infra.webhooks.queue.claims import Claim, select_secrets
from infra.webhooks.secrets import signature_header

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
    bodies = make_bodies(conn, org_id, sorted({each.position for each in claims if each.sample is None}))
    readable = _read_secrets(conn, org_id, {id for each in claims for id in each.secret_ids}, box)
    for each in claims:
        body = _body_of(each, bodies.get(each.position)) if each.sample is None else each.sample
        if not all(id in readable for id in each.secret_ids):
            yield Unsendable(each, is_secret=True)
        elif body is None:
            yield Unsendable(each, is_secret=False)
        else:
            yield Delivery(each, body, tuple(readable[id] for id in each.secret_ids), claimed_at)


def _body_of(claim: Claim, found: EventBody | None) -> bytes | None:
    """Return the body of the claimed event; None if it cannot be read, or if the log was rewritten since the claim.

    Events of a rewritten log have other positions and ids: the next claim has them.
    """
    return None if found is None or found.event_id != claim.event_id else found.content


def _read_secrets(conn: Connection[Row], org_id: str, ids: Collection[str], box: SecretBox) -> dict[str, str]:
    """Return the secrets with these ids, without those that no key decrypts."""
    readable = {}
    for id, encrypted in select_secrets(conn, org_id, ids).items():
        with suppress(SecretUnreadable):
            readable[id] = box.decrypt(encrypted)
    return readable
