"""The proof of one event: its content and its place in the hash chain, with which its hash is computed again.

Of other events it has only hashes: the one of the event before, and those of the path to the root of the tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from domain.calendar import instant
from domain.reading import InvalidValue, parse_instant
from infra.log.proofs.chain import PERSONAL_FORMAT, Chain, link
from infra.log.proofs.merkle import HASH_BYTES, WrongProof
from infra.log.proofs.notes import VerifierKey
from infra.log.proofs.personal import WrongPersonalValues, whole_state
from infra.log.proofs.proof_files import InclusionProof, ProvenCheckpoint, check_proof, open_checkpoint, parse_proof
from infra.log.records import RecordedEvent

FORMATS = {1: "smartdhandha-event-1", 2: "smartdhandha-event-2"}
"""The formats of contents, by the format of the hash chain (chain.py)."""


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
    personal: str | UnsetType | None = UNSET
    """The personal values beside the state, as they are stored, or null; absent in the first format."""


class ProvenEvent(NamedTuple):
    """An event that is in a log, and the checkpoint that says so."""

    event: RecordedEvent
    proven: ProvenCheckpoint

    @property
    def org_id(self) -> str:
        return self.proven.checkpoint.org_id


def prove_event(
    chain: Chain, event: RecordedEvent, previous_hash: bytes, path: Sequence[bytes], note: str
) -> InclusionProof:
    """Return the proof of an event: `path` leads from its hash to the root in the checkpoint `note`."""
    content = EventContent(
        format=FORMATS[chain.format],
        previous_hash=previous_hash.hex(),
        object_id=event.originator_id,
        version=event.originator_version,
        type=event.name,
        schema_version=event.schema_version,
        recorded_at=instant(event.recorded_at),
        metadata=event.metadata,
        state=event.state,
        personal=UNSET if chain.format < PERSONAL_FORMAT else event.personal,
    )
    return InclusionProof(msgspec.json.encode(content), event.position - 1, path, note)


def check_event(text: str, keys: Sequence[VerifierKey]) -> ProvenEvent:
    """Check the proof of an event with the public keys of logs, and return what it proves. Raises WrongProof."""
    proof = parse_proof(text)
    content = _content(proof.extra)
    org_id = open_checkpoint(proof.note, keys).checkpoint.org_id
    chain, previous = Chain(org_id, _chain_format(content)), bytes.fromhex(content.previous_hash)
    event = _event(content, proof.leaf + 1)
    event = msgspec.structs.replace(event, chain_hash=link(previous, chain, event))
    return ProvenEvent(event, check_proof(proof, event.chain_hash, keys))


def _chain_format(content: EventContent) -> int:
    """Return the format of the chain to which the content belongs."""
    for number, name in FORMATS.items():
        if content.format == name:
            if (number < PERSONAL_FORMAT) != (content.personal is UNSET):
                raise WrongProof(f"only the formats from {FORMATS[PERSONAL_FORMAT]!r} on have personal values")
            return number
    known = " or ".join(map(repr, FORMATS.values()))
    raise WrongProof(f"the content has the format {content.format!r}; this version reads {known}")


def _content(extra: bytes) -> EventContent:
    try:
        content = msgspec.json.decode(extra, type=EventContent)
        previous = bytes.fromhex(content.previous_hash)
    except ValueError as error:
        raise WrongProof(f"the content of the event cannot be read: {error}") from None
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
    event = RecordedEvent(
        position=position,
        originator_id=content.object_id,
        originator_version=content.version,
        name=content.type,
        schema_version=content.schema_version,
        state=content.state,
        metadata=content.metadata,
        recorded_at=recorded_at,
        personal=None if content.personal is UNSET else content.personal,
    )
    try:
        whole_state(event)
    except WrongPersonalValues as wrong:
        raise WrongProof(str(wrong)) from None
    return event
