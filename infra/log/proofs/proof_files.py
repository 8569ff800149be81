"""Files with the proof that data is in a log (https://c2sp.org/tlog-proof), with the extension `.tlog-proof`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from infra.log.proofs.checkpoints import Checkpoint, parse_checkpoint
from infra.log.proofs.merkle import HASH_BYTES, WrongProof, leaf_hash, root_of_path
from infra.log.proofs.notes import NoteRefused, OpenedNote, VerifierKey, decode_base64, encode_base64, open_note

FORMAT = "c2sp.org/tlog-proof@v1"
EXTENSION = ".tlog-proof"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
_MOST_HASHES = 63


class InclusionProof(NamedTuple):
    """What a file proves: the data of which `extra` has the content is a leaf of the tree of the checkpoint."""

    extra: bytes
    leaf: int
    """The index of the leaf, from 0."""
    path: Sequence[bytes]
    note: str
    """The checkpoint as it was signed."""

    def __str__(self) -> str:
        """Return the text of the file."""
        path = "".join(f"{encode_base64(hash)}\n" for hash in self.path)
        return f"{FORMAT}\nextra {encode_base64(self.extra)}\nindex {self.leaf}\n{path}\n{self.note}"


class ProvenCheckpoint(NamedTuple):
    """A checkpoint whose signatures were verified, and the keys that have signed it."""

    checkpoint: Checkpoint
    signers: Sequence[VerifierKey]


def parse_proof(text: str) -> InclusionProof:
    """Return the proof in a file, which is not verified yet. Raises WrongProof."""
    head, blank, note = text.partition("\n\n")
    first, extra, index, *lines = [*head.split("\n"), "", ""]
    content, place = decode_base64(extra.removeprefix("extra ")), _INDEX.fullmatch(index)
    path = [decode_base64(line) for line in lines[:-2]]
    if first != FORMAT or not blank or not extra.startswith("extra ") or content is None or place is None:
        raise WrongProof(f"it is no proof of an event: it must begin with {FORMAT}, and lines `extra` and `index`")
    if len(path) > _MOST_HASHES or any(hash is None or len(hash) != HASH_BYTES for hash in path):
        raise WrongProof("a line of the path is not a hash")
    return InclusionProof(content, int(place[1]), [hash for hash in path if hash is not None], note)


def check_proof(proof: InclusionProof, data: bytes, keys: Sequence[VerifierKey]) -> ProvenCheckpoint:
    """Check that a leaf with this data is in the tree of the checkpoint. Raises WrongProof."""
    proven = open_checkpoint(proof.note, keys)
    size, root = proven.checkpoint.size, proven.checkpoint.root
    if root_of_path(proof.leaf, size, leaf_hash(data), proof.path) != root:
        raise WrongProof("the event is not in the log of the checkpoint: its content or the path was changed")
    return proven


def open_checkpoint(note: str, keys: Sequence[VerifierKey]) -> ProvenCheckpoint:
    """Return the checkpoint of a note whose signatures are verified with these keys. Raises WrongProof."""
    try:
        opened: OpenedNote = open_note(note, keys)
        return ProvenCheckpoint(parse_checkpoint(opened.text), opened.signers)
    except NoteRefused as refused:
        raise WrongProof(f"the checkpoint cannot be trusted: {refused}") from None
