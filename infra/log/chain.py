"""The hash chain through an organization's log: whoever alters, removes or reorders an event breaks it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple, Protocol

FORMAT = b"smartdhandha-chain-1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class ChainedEvent(Protocol):
    """What of a stored event goes into its hash."""

    @property
    def position(self) -> int: ...
    @property
    def originator_id(self) -> str: ...
    @property
    def originator_version(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def schema_version(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def metadata(self) -> str: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def chain_hash(self) -> bytes: ...


def genesis(org_id: str) -> bytes:
    """The hash before an organization's first event."""
    return sha256(b"%b:%b" % (FORMAT, org_id.encode())).digest()


def link(
    previous: bytes,
    org_id: str,
    position: int,
    originator_id: str,
    originator_version: int,
    name: str,
    schema_version: int,
    recorded_at: datetime,
    metadata: str,
    state: str,
) -> bytes:
    """The hash of an event: SHA-256 of the previous hash and the event's fields, each with its length before it."""
    micros = (recorded_at - _EPOCH) // _MICROSECOND
    parts = (
        FORMAT,
        org_id.encode(),
        b"%d" % position,
        originator_id.encode(),
        b"%d" % originator_version,
        name.encode(),
        b"%d" % schema_version,
        micros.to_bytes(8, "big", signed=True),
        metadata.encode(),
        state.encode(),
    )
    return sha256(previous + b"".join([len(part).to_bytes(4, "big") + part for part in parts])).digest()


class Break(NamedTuple):
    """The first place where a log is not what was written."""

    position: int
    reason: str


def first_break(
    org_id: str,
    events: Iterable[ChainedEvent],
    head_position: int,
    head_hash: bytes,
    after: tuple[int, bytes] | None = None,
) -> Break | None:
    """Recompute the chain to the head, from the first event or after one of known position and hash; None when it is
    whole.

    An author of changes who also recomputes every later hash and the head is not found this way, but by a seal that is
    kept elsewhere (SECURITY.md).
    """
    position, hash_before = after or (0, genesis(org_id))
    expected = position + 1
    for event in events:
        if event.position < expected:
            return Break(event.position, "positions begin at 1: this event was put in below the first")
        if event.position != expected:
            return Break(expected, f"position {expected} is missing; position {event.position} follows")
        wanted = link(
            hash_before,
            org_id,
            event.position,
            event.originator_id,
            event.originator_version,
            event.name,
            event.schema_version,
            event.recorded_at,
            event.metadata,
            event.state,
        )
        if wanted != event.chain_hash:
            return Break(expected, "the event does not fit the chain: it, or one before it, is not what was recorded")
        hash_before, expected = wanted, expected + 1
    if head_position != expected - 1:
        place = min(expected, head_position + 1)
        return Break(place, f"the log ends at position {expected - 1}, but its head says {head_position}")
    if head_hash != hash_before:
        return Break(head_position, "the head's hash is not that of the last event")
    return None
