"""What a verifier has kept of logs elsewhere, to compare them with it later: heads in seals, and checkpoints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from domain.accounts.mode import is_live
from domain.reading import InvalidValue, parse_instant
from infra.audit.refusals import SealRefused
from infra.audit.removal.records import Removal
from infra.log.proofs.chain import Break
from infra.log.proofs.checkpoints import Checkpoint, split_notes
from infra.log.proofs.merkle import WrongProof
from infra.log.proofs.notes import VerifierKey
from infra.log.proofs.proof_files import open_checkpoint
from infra.log.proofs.tiles import GrowingTree
from infra.log.records import Head, RecordedEvent


class Kept(Protocol):
    """What was kept of one log. It sees each event of the log, in order, and then says whether the log agrees."""

    def see(self, event: RecordedEvent) -> None: ...

    def verdict(self, end: int) -> Break | None:
        """Return where the log, which ends at this position, differs; None if it agrees."""

    def difference(self, removal: Removal) -> Break | None:
        """Return where a log that was removed differs; None if it agrees, as far as the record of its removal tells."""

    def is_before(self, removal: Removal) -> bool:
        """Return whether the record cannot tell: this was kept of an earlier end, so only the events can."""


class KeptHead:
    """A head in a seal, and the time at which the seal was made."""

    def __init__(self, head: Head, sealed_at: str = "") -> None:
        self._head, self._sealed_at = head, sealed_at
        self._hash: bytes | None = None

    def see(self, event: RecordedEvent) -> None:
        if event.position == self._head.position:
            self._hash = event.chain_hash

    def verdict(self, end: int) -> Break | None:
        position = self._head.position
        if position > end:
            return _cut_short("seal", position, end)
        if position and self._hash != self._head.chain_hash:
            return Break(position, "the hash is not the one in the seal: the log was rewritten up to this position")
        return None

    def difference(self, removal: Removal) -> Break | None:
        position, end, at = self._head.position, removal.head.position, removal.removed_at
        if position > end:
            return _cut_short("seal", position, end, "was removed")
        if position == end and self._head.chain_hash != removal.head.chain_hash:
            return Break(end, "the removed log did not end with the hash in the seal: it was rewritten before")
        if _is_later(self._sealed_at, at):
            reason = f"the log was sealed after its removal on {at}: no record says that it was removed again"
            return Break(end, reason)
        return None

    def is_before(self, removal: Removal) -> bool:
        return 0 < self._head.position < removal.head.position


class KeptCheckpoint:
    """A checkpoint: the size and the root of the tree. The root is computed again from the hashes of the events."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._checkpoint = checkpoint
        self._tree = GrowingTree()

    def see(self, event: RecordedEvent) -> None:
        if event.position <= self._checkpoint.size:
            self._tree.add(event.chain_hash)

    def verdict(self, end: int) -> Break | None:
        size = self._checkpoint.size
        if size > end:
            return _cut_short("checkpoint", size, end)
        if size and self._tree.root() != self._checkpoint.root:
            return Break(size, "the root is not the one in the checkpoint: the log was rewritten up to this position")
        return None

    def difference(self, removal: Removal) -> Break | None:
        size, end = self._checkpoint.size, removal.head.position
        if size > end:
            return _cut_short("checkpoint", size, end, "was removed")
        if size == end and removal.root not in (None, self._checkpoint.root):
            return Break(end, "the removed log did not have the root in the checkpoint: it was rewritten before")
        return None

    def is_before(self, removal: Removal) -> bool:
        size, end = self._checkpoint.size, removal.head.position
        return 0 < size < end or (0 < size == end and removal.root is None)


def watch(log: Iterable[RecordedEvent], kept: Sequence[Kept]) -> Iterator[RecordedEvent]:
    """Yield the events of a log, after each of these has seen them."""
    for event in log:
        for each in kept:
            each.see(event)
        yield event


def kept_heads(heads: Mapping[str, Head], sealed_at: str) -> dict[str, list[Kept]]:
    """Return the heads of a seal, by organization. Logs of test mode are left out: anybody may empty them."""
    return {org: [KeptHead(head, sealed_at)] for org, head in heads.items() if is_live(org)}


def read_checkpoints(paths: Iterable[Path], keys: Sequence[VerifierKey]) -> dict[str, list[Kept]]:
    """Return the checkpoints in these files, by organization, after verifying their signatures. Raises SealRefused."""
    found: dict[str, list[Kept]] = {}
    for path in paths:
        try:
            for note in split_notes(path.read_text(encoding="utf-8")):
                checkpoint = open_checkpoint(note, keys).checkpoint
                if not is_live(checkpoint.org_id):
                    raise WrongProof("it is a checkpoint of test mode; such a log may be emptied, and is not compared")
                found.setdefault(checkpoint.org_id, []).append(KeptCheckpoint(checkpoint))
        except (OSError, ValueError) as error:
            raise SealRefused(f"The checkpoint {path} cannot be read: {error}.") from None
        except WrongProof as wrong:
            raise SealRefused(f"{path}: {wrong}.") from None
    return found


def _is_later(first: str, second: str) -> bool:
    """Return whether the first time is later than the second one; False if one of them is no time."""
    try:
        return parse_instant(first) > parse_instant(second)
    except InvalidValue:
        return False


def _cut_short(what: str, position: int, end: int, ended: str = "ends") -> Break:
    return Break(end + 1, f"the {what} was made at position {position}, but the log {ended} at {end}: it was cut short")
