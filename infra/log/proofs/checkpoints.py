"""Checkpoints: signed notes with the size and the root of a log's Merkle tree (https://c2sp.org/tlog-checkpoint)."""

from __future__ import annotations

import re
from typing import NamedTuple

from infra.log.proofs.merkle import HASH_BYTES
from infra.log.proofs.notes import NoteRefused, decode_base64, encode_base64, text_of

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class Checkpoint(NamedTuple):
    """The size and the root of the tree over the first events of a log."""

    origin: str
    """The name of the log: that of the installation, a slash, and the id of the organization."""
    size: int
    root: bytes

    @property
    def org_id(self) -> str:
        """The organization of the log."""
        return self.origin.rpartition("/")[2]

    def __str__(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{encode_base64(self.root)}\n"


def origin_of(installation: str, org_id: str) -> str:
    """Return the name of an organization's log."""
    return f"{installation}/{org_id}"


def parse_checkpoint(text: str) -> Checkpoint:
    """Return the checkpoint of a note's text. Raises NoteRefused."""
    origin, size, root, *more = [*text.split("\n"), "", ""]
    hash = decode_base64(root)
    if not origin or not _SIZE.fullmatch(size) or hash is None or len(hash) != HASH_BYTES or any(more):
        raise NoteRefused("it is no checkpoint: its text must be the name, the size and the root of a log")
    return Checkpoint(origin, int(size), hash)


def read_unverified(note: str) -> Checkpoint:
    """Return the checkpoint of a note whose signatures are not verified. Raises NoteRefused."""
    return parse_checkpoint(text_of(note))


def split_notes(text: str) -> list[str]:
    """Return the notes of a file that has several, one after the other with an empty line between them."""
    return re.split(r"(?<=\n)\n(?!\N{EM DASH} )", text)
