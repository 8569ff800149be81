"""The proof of one event: its content and its place in the hash chain, with which its hash is computed again.

Of other events it has only hashes: the one of the event before, and those of the path to the root of the tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from domain.calendar import instant
from domain.reading import InvalidValue, parse_instant
from infra.log.proofs.chain import link
from infra.log.proofs.merkle import HASH_BYTES, WrongProof
from infra.log.proofs.notes import VerifierKey
from infra.log.proofs.proof_files import InclusionProof, ProvenCheckpoint, check_proof, open_checkpoint, parse_proof
from infra.log.records import RecordedEvent

FORMAT = "smartdhandha-event-1"
"""Stands for the first format of the hash chain (chain.py)."""


class EventContent(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """All that the hash of an event covers, but for its position and its organization. The order of fields is fixed."""

    format: str
    previous_hash: str
    """The hash of the event before, in hexadecimal digits."""
    object_id: str
    version: int
    type: str
    schema_version: int
    recorded_at: str
    metadata: str
    """The JSON of the event's metadata, as it is stored."""
    state: str
    """The JSON of the event's own fields, as it is stored."""


class ProvenEvent(NamedTuple):
    """An event that is in a log, and the checkpoint that says so."""

    event: RecordedEvent
    proven: ProvenCheckpoint

    @property
    def org_id(self) -> str:
        return self.proven.checkpoint.org_id


def prove_event(event: RecordedEvent, previous_hash: bytes, path: Sequence[bytes], note: str) -> InclusionProof:
    """Return the proof of an event: `path` leads from its hash to the root in the checkpoint `note`."""
    content = EventContent(
        format=FORMAT,
        previous_hash=previous_hash.hex(),
        object_id=event.originator_id,
        version=event.originator_version,
        type=event.name,
        schema_version=event.schema_version,
        recorded_at=instant(event.recorded_at),
        metadata=event.metadata,
        state=event.state,
    )
    return InclusionProof(msgspec.json.encode(content), event.position - 1, path, note)


def check_event(text: str, keys: Sequence[VerifierKey]) -> ProvenEvent:
    """Check the proof of an event with the public keys of logs, and return what it proves. Raises WrongProof."""
    proof = parse_proof(text)
    content = _content(proof.extra)
    org_id = open_checkpoint(proof.note, keys).checkpoint.org_id
    event = _event(content, proof.leaf + 1)
    previous = bytes.fromhex(content.previous_hash)
    event = msgspec.structs.replace(event, chain_hash=link(previous, org_id, event))
    return ProvenEvent(event, check_proof(proof, event.chain_hash, keys))


def _content(extra: bytes) -> EventContent:
    try:
        content = msgspec.json.decode(extra, type=EventContent)
        previous = bytes.fromhex(content.previous_hash)
    except ValueError as error:
        raise WrongProof(f"the content of the event cannot be read: {error}") from None
    if content.format != FORMAT:
        raise WrongProof(f"the content has the format {content.format!r}; this version reads {FORMAT!r}")
    if len(previous) != HASH_BYTES or previous.hex() != content.previous_hash or msgspec.json.encode(content) != extra:
        raise WrongProof("the content of the event is not written as the service writes it")
    return content


def _event(content: EventContent, position: int) -> RecordedEvent:
    try:
        recorded_at = parse_instant(content.recorded_at)
    except InvalidValue as error:
        raise WrongProof(f"the time of the event {error}") from None
    if instant(recorded_at) != content.recorded_at:
        raise WrongProof("the time of the event is not written as the service writes it")
    return RecordedEvent(
        position=position,
        originator_id=content.object_id,
        originator_version=content.version,
        name=content.type,
        schema_version=content.schema_version,
        state=content.state,
        metadata=content.metadata,
        recorded_at=recorded_at,
    )
