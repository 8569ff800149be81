"""The hash chain through an organization's log. It breaks when an event is altered, removed or moved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from infra.log.records import Head, RecordedEvent

FORMAT = b"smartdhandha-chain-1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def genesis(org_id: str) -> bytes:
    """Return the hash that precedes an organization's first event."""
    return sha256(b"%b:%b" % (FORMAT, org_id.encode())).digest()


def link(previous: bytes, org_id: str, event: RecordedEvent) -> bytes:
    """Return the hash of an event: SHA-256 of the previous hash and of the event's fields.

    Each field is preceded by its length in bytes, as a big-endian number of 4 bytes.
    """
    micros = (event.recorded_at - _EPOCH) // _MICROSECOND
    parts = (
        FORMAT,
        org_id.encode(),
        b"%d" % event.position,
        event.originator_id.encode(),
        b"%d" % event.originator_version,
        event.name.encode(),
        b"%d" % event.schema_version,
        micros.to_bytes(8, "big", signed=True),
        event.metadata.encode(),
        event.state.encode(),
    )
    return sha256(previous + b"".join([len(part).to_bytes(4, "big") + part for part in parts])).digest()


class Break(NamedTuple):
    """The first position at which a log was altered, and the reason in words."""

    position: int
    reason: str


def first_break(org_id: str, events: Iterable[RecordedEvent], head: Head, after: Head | None = None) -> Break | None:
    """Recompute the chain up to the head. Return the first position where it is broken; None when it is intact.

    With `after`, begin at the event that follows this head; otherwise at the first event. If somebody changes an event
    and also recomputes all later hashes and the head, the chain is intact again. Such a change can be found only with
    a seal that is kept elsewhere (SECURITY.md).
    """
    position, hash_before = after or Head(0, genesis(org_id))
    expected = position + 1
    for event in events:
        if event.position < expected:
            return Break(event.position, "positions begin at 1: this event was inserted before the first one")
        if event.position != expected:
            return Break(expected, f"position {expected} is missing; position {event.position} follows")
        hash_before = link(hash_before, org_id, event)
        if hash_before != event.chain_hash:
            return Break(expected, "the event does not fit the chain: this event or an earlier one was changed")
        expected += 1
    return _head_break(head, Head(expected - 1, hash_before))


def _head_break(head: Head, last: Head) -> Break | None:
    if head.position != last.position:
        place = min(last.position, head.position) + 1
        return Break(place, f"the log ends at position {last.position}, but its head says {head.position}")
    if head.chain_hash != last.chain_hash:
        return Break(head.position, "the head's hash is not that of the last event")
    return None
