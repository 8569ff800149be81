"""What the API shows of proofs: the signed root of a log, the proof of one event, and the public keys."""

from __future__ import annotations

import msgspec

from domain.calendar import Timestamp


class LogCheckpoint(msgspec.Struct, frozen=True, rename="camel"):
    """The size and the root of the Merkle tree over an organization's log, signed by the service."""

    origin: str
    size: int
    root: str
    """In hexadecimal digits."""
    checkpoint: str
    """The text of the checkpoint as it was signed."""


class EventProof(msgspec.Struct, frozen=True, rename="camel"):
    """The proof that an event is in the log of its organization, as a file that anybody can check."""

    event_id: str
    position: int
    origin: str
    size: int
    proof: str
    """The text of the file."""


class LogKeyFacts(msgspec.Struct, frozen=True, rename="camel"):
    """A public key with which checkpoints are verified."""

    key_id: str
    name: str
    verifier_key: str
    created_at: Timestamp
    retired_at: Timestamp | None
    """When another key took its place; None for the key that signs."""
