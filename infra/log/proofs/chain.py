"""The hash chain through an organization's log. It breaks when an event is altered, removed or moved."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from infra.log.proofs.personal import WrongPersonalValues, is_incomplete, whole_state
from infra.log.records import Head, RecordedEvent

FORMATS = {1: b"smartdhandha-chain-1", 2: b"smartdhandha-chain-2"}
"""The formats of chains, and what each hash of a format begins with after the hash before."""
FIRST_FORMAT = 1
PERSONAL_FORMAT = 2
"""In this format, and all later ones, personal values stand beside events."""
VALUES_GONE = "the personal values beside the event are gone, and the log has no record of their erasure"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


IsErased = Callable[[int], bool]
"""Returns whether the log says that the personal values of the event at a position were erased."""


def nothing_erased(position: int) -> bool:
    """Return False: nothing was erased from the log."""
    return False


class Chain(NamedTuple):
    """Whose chain it is, in which format its events are hashed, and what was erased from it."""

    org_id: str
    format: int = FIRST_FORMAT
    is_erased: IsErased = nothing_erased


def genesis(org_id: str) -> bytes:
    """Return the hash that precedes an organization's first event. It is the same in all formats."""
    return sha256(b"%b:%b" % (FORMATS[FIRST_FORMAT], org_id.encode())).digest()


def link(previous: bytes, chain: Chain, event: RecordedEvent) -> bytes:
    """Return the hash of an event: SHA-256 of the previous hash and of the event's fields.

    Each field is preceded by its length in bytes, as a big-endian number of 4 bytes.
    """
    micros = (event.recorded_at - _EPOCH) // _MICROSECOND
    parts = (
        FORMATS[chain.format],
        chain.org_id.encode(),
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


def first_break(chain: Chain, events: Iterable[RecordedEvent], head: Head, after: Head | None = None) -> Break | None:
    """Recompute the chain up to the head. Return the first position where it is broken; None when it is intact.

    With `after`, begin at the event that follows this head; otherwise at the first event. If somebody changes an event
    and also recomputes all later hashes and the head, the chain is intact again. Such a change can be found only with
    a seal that is kept elsewhere (SECURITY.md).
    """
    position, hash_before = after or Head(0, genesis(chain.org_id))
    expected = position + 1
    for event in events:
        if event.position < expected:
            return Break(event.position, "positions begin at 1: this event was inserted before the first one")
        if event.position != expected:
            return Break(expected, f"position {expected} is missing; position {event.position} follows")
        hash_before = link(hash_before, chain, event)
        if hash_before != event.chain_hash:
            return Break(expected, "the event does not fit the chain: this event or an earlier one was changed")
        wrong_values = find_wrong_values(chain, event)
        if wrong_values is not None:
            return Break(expected, wrong_values)
        expected += 1
    return _head_break(head, Head(expected - 1, hash_before))


def find_wrong_values(chain: Chain, event: RecordedEvent) -> str | None:
    """Return in words what is wrong with the personal values beside an event that fits the chain; None if nothing is.

    The hash of the event covers their commitment.
    """
    if event.personal is not None and chain.format < PERSONAL_FORMAT:
        return "there are personal values beside the event, which the hashes of this log do not cover"
    if is_incomplete(event):
        if chain.is_erased(event.position):
            return None
        return VALUES_GONE
    try:
        whole_state(event)
    except WrongPersonalValues as wrong:
        return str(wrong)
    return None


def _head_break(head: Head, last: Head) -> Break | None:
    if head.position != last.position:
        place = min(last.position, head.position) + 1
        return Break(place, f"the log ends at position {last.position}, but its head says {head.position}")
    if head.chain_hash != last.chain_hash:
        return Break(head.position, "the head's hash is not that of the last event")
    return None
