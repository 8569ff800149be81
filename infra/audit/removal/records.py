"""Records of removed organizations: signed notes, so that nobody who only writes to the database can make one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg import Connection
from psycopg.rows import scalar_row

from infra.log.proofs.merkle import HASH_BYTES
from infra.log.proofs.notes import NoteRefused, VerifierKey, decode_base64, encode_base64, open_note
from infra.log.records import Head
from infra.postgres.database import Row

FORMAT, FORMAT_WITHOUT_ROOT = "smartdhandha-removal-2", "smartdhandha-removal-1"
"""The first line of a record, and that of records of earlier versions. Seals and checkpoints begin in another way, so
none can be taken for another."""
_HEAD = re.compile(r"(0|[1-9][0-9]{0,18}) (\S+)(?: (\S+))?")
_INSERT = "INSERT INTO removed_organizations (id, removed_at, note) VALUES (%s, %s, %s)"
_DELETE = "DELETE FROM removed_organizations WHERE id = %s"
_SELECT = "SELECT note FROM removed_organizations WHERE id = %s ORDER BY removed_at DESC LIMIT 1"


class Removal(NamedTuple):
    """That an operator has removed an organization, and how its log ended."""

    org_id: str
    removed_at: str
    head: Head
    copy_hash: str
    """SHA-256 of the copy that was made before, in hexadecimal digits."""
    root: bytes | None
    """The root of the log's Merkle tree; None in a record of an earlier version."""

    def __str__(self) -> str:
        """Return the text that is signed."""
        format, end = FORMAT_WITHOUT_ROOT, f"{self.head.position} {encode_base64(self.head.chain_hash)}"
        if self.root is not None:
            format, end = FORMAT, f"{end} {encode_base64(self.root)}"
        return f"{format}\n{self.org_id}\n{self.removed_at}\n{end}\n{self.copy_hash}\n"


def parse_removal(text: str) -> Removal:
    """Return the record of a note's text. Raises NoteRefused."""
    format, org_id, removed_at, end, copy_hash, *more = [*text.split("\n"), "", "", "", ""]
    found = _HEAD.fullmatch(end)
    hash, root = (_hash_in(found[2]), _hash_in(found[3])) if found else (None, None)
    known = {FORMAT: root is not None, FORMAT_WITHOUT_ROOT: found is not None and found[3] is None}
    if found is None or hash is None or not known.get(format) or any(more):
        raise NoteRefused(f"it is no record of a removal: it must begin with {FORMAT}")
    return Removal(org_id, removed_at, Head(int(found[1]), hash), copy_hash, root)


def _hash_in(text: str | None) -> bytes | None:
    """Return the hash that a text has in base64; None if it has none."""
    hash = None if text is None else decode_base64(text)
    return hash if hash is not None and len(hash) == HASH_BYTES else None


def insert_removal(conn: Connection[Row], org_id: str, removed_at: datetime, note: str) -> None:
    """Store the signed record of a removal."""
    conn.execute(_INSERT, (org_id, removed_at, note))


def delete_removals(conn: Connection[Row], org_id: str) -> None:
    """Delete the records of this organization's removals, because it is here again."""
    conn.execute(_DELETE, (org_id,))


def get_removal(conn: Connection[Row], org_id: str, keys: Sequence[VerifierKey]) -> Removal | None:
    """Return the last removal of this organization; None if there was none. Raises NoteRefused.

    One of the keys must have signed the record.
    """
    note: str | None = conn.cursor(row_factory=scalar_row).execute(_SELECT, (org_id,)).fetchone()
    if note is None:
        return None
    found = parse_removal(open_note(note, keys).text)
    if found.org_id != org_id:
        raise NoteRefused(f"it is the record of {found.org_id}")
    return found


def was_removed(conn: Connection[Row], org_id: str) -> bool:
    """Return whether there is a record of this organization's removal, valid or not."""
    return conn.execute(_SELECT, (org_id,)).fetchone() is not None
