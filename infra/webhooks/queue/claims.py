"""Claims deliveries that are due, on a connection of the table owner in autocommit mode.

Several senders can do so at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from psycopg import Connection
from psycopg.rows import args_row

from infra.postgres.database import Row
from infra.webhooks.queue.claim_limits import FIRST_CLAIMS, Room
from infra.webhooks.queue.claim_statement import CLAIM, LOG, TEST

LEASE = timedelta(seconds=20)
"""How long a claimed delivery belongs to its sender: longer than an attempt takes. If the sender is killed, another one
takes the delivery after this time."""

SELECT_ENCRYPTED = "SELECT id, encrypted FROM webhook_secrets WHERE org_id = %s AND id = ANY(%s)"


class Claim(NamedTuple):
    """A delivery that this sender has claimed, with what it needs of its webhook."""

    org_id: str
    webhook_id: str
    id: str
    position: int
    event_id: str
    type: str
    origin: str
    """`log`, `replay` or `test`."""
    replay_id: str | None
    sample: bytes | None
    """The body of a test; None for an event."""
    attempts: int
    """The number of attempts so far."""
    occurred_at: datetime
    claimed_at: datetime
    url: str
    host: str
    lane: str
    """What shares a limit with this delivery (see claim_limits.py)."""
    place: int
    """Its place among the deliveries of the lane that were due, from 1."""
    ordered: bool
    is_failing: bool
    """Whether the attempt before failed, of this webhook or of this replay, or nothing was ever taken."""
    secret_id: str
    previous_secret_id: str | None
    """The id of the earlier secret, while deliveries are signed with it, too."""

    @property
    def secret_ids(self) -> tuple[str, ...]:
        """The ids of the secrets that sign the delivery."""
        return (self.secret_id, *((self.previous_secret_id,) if self.previous_secret_id is not None else ()))

    @property
    def counts(self) -> bool:
        """Whether its failures can disable the webhook."""
        return self.origin == LOG


def claim(conn: Connection[Row], room: Room) -> list[Claim]:
    """Claim deliveries that are due, as many as there is room for; return them in the order of their events."""
    if room.free <= 0:
        return []
    values = {
        "free": room.free,
        "failing": room.failing,
        "busy": msgspec.json.encode(room.busy).decode(),
        "allowed": msgspec.json.encode(room.allowed).decode(),
        "first": FIRST_CLAIMS,
        "lease": LEASE,
    }
    found = conn.cursor(row_factory=args_row(Claim)).execute(CLAIM, values).fetchall()
    return sorted(found, key=lambda each: (each.origin != TEST, each.occurred_at, each.position))


def select_secrets(conn: Connection[Row], org_id: str, ids: Collection[str]) -> dict[str, bytes]:
    """Return the encrypted secrets with these ids."""
    return dict(conn.execute(SELECT_ENCRYPTED, (org_id, list(ids))).fetchall())


def group_by_organization(claims: Sequence[Claim]) -> Mapping[str, list[Claim]]:
    """Return the claims by the id of their organization."""
    groups: dict[str, list[Claim]] = {}
    for each in claims:
        groups.setdefault(each.org_id, []).append(each)
    return groups
