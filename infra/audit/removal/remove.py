"""Removes an organization with its test organization, in one transaction: wholly, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from psycopg import Connection
from psycopg.rows import scalar_row

from domain.calendar import instant
from domain.errors import NotFound
from infra.audit.proofs.log_keys import Signer
from infra.audit.removal.people import part_from_people
from infra.audit.removal.records import Removal, insert_removal
from infra.audit.removal.refusals import RemovalRefused
from infra.audit.removal.tables import delete_organizations
from infra.log.heads import lock_heads
from infra.log.proofs.merkle import EMPTY_ROOT
from infra.log.proofs.tiles import GrowingTree
from infra.log.reading.tiles import list_hashes
from infra.log.records import Head
from infra.postgres.database import Row, get_now

SaveCopy = Callable[[Sequence[str]], str]
"""Writes a copy of these organizations, live and test, to where it is kept, and returns its SHA-256."""
PAGE_HASHES = 10_000
"""How many hashes of a log are in memory at once."""
_SELECT_BOTH = """
SELECT org_id FROM organizations WHERE org_id = %(org)s OR live_organization = %(org)s
ORDER BY org_id <> %(org)s, org_id
"""


class Removed(NamedTuple):
    """What was removed, and the signed record of the live organization."""

    organizations: list[str]
    events: int
    users: int
    removal: Removal
    note: str


def remove_organization(conn: Connection[Row], org_id: str, signer: Signer, save_copy: SaveCopy) -> Removed:
    """Remove a live organization and its test organization with everything that tables have about them.

    The connection must be in a transaction. The copy is saved before anything is deleted; writers of the organization
    wait meanwhile. Raises NotFound, RemovalRefused and CopyRefused.
    """
    orgs, heads = _lock(conn, org_id)
    copy_hash, removed_at = save_copy(orgs), get_now(conn)
    roots = [_get_root(conn, org, head) for org, head in zip(orgs, heads, strict=True)]
    users = part_from_people(conn, orgs)
    delete_organizations(conn, orgs, users)
    ends = zip(orgs, heads, roots, strict=True)
    removals = [Removal(org, instant(removed_at), head, copy_hash, root) for org, head, root in ends]
    notes = [signer.sign_text(str(removal)) for removal in removals]
    for org, note in zip(orgs, notes, strict=True):
        insert_removal(conn, org, removed_at, note)
    return Removed(orgs, sum(head.position for head in heads), len(users), removals[0], notes[0])


def _lock(conn: Connection[Row], org_id: str) -> tuple[list[str], list[Head]]:
    """Lock the logs of an organization, the live one first, so that nobody writes to them any more."""
    orgs: list[str] = conn.cursor(row_factory=scalar_row).execute(_SELECT_BOTH, {"org": org_id}).fetchall()
    if not orgs:
        raise NotFound("organization", org_id)
    heads = lock_heads(conn, orgs, org_id)
    if len(heads) != len(orgs):
        raise RemovalRefused("The head of a log is gone, so no copy is whole. Run: smartdhandha audit verify")
    return orgs, heads


def _get_root(conn: Connection[Row], org_id: str, head: Head) -> bytes:
    """Return the root of the Merkle tree of a log, from the hashes of its events: its tiles may be behind."""
    tree = GrowingTree()
    for after in range(0, head.position, PAGE_HASHES):
        for hash in list_hashes(conn, org_id, after, min(after + PAGE_HASHES, head.position)):
            tree.add(hash)
    return tree.root() if tree.size else EMPTY_ROOT
