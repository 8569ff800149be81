"""Reads the Merkle tree of a log, and makes proofs from it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from psycopg import Connection

from domain.errors import NotFound
from infra.audit.proofs.log_keys import Signer
from infra.audit.refusals import ProofRefused
from infra.log.heads import get_position
from infra.log.proofs.chain import genesis
from infra.log.proofs.event_proof import prove_event
from infra.log.proofs.merkle import consistency_path, inclusion_path, root
from infra.log.proofs.tiles import WIDTH, TiledTree, tiles_above
from infra.log.reading.pages import list_page
from infra.log.reading.tiles import TABLE, count_stored, find_positions, get_roots, get_tiles, list_hashes
from infra.log.records import RecordedEvent
from infra.postgres.database import Row
from projections.views.events import event_id

MOST_BEHIND = 32 * WIDTH
"""How many events may follow the stored tiles. Their hashes are read for each proof, which takes up to 30 ms then."""
_EVENT_ID = re.compile(r"evt_[0-9a-f]{24}")


class TreeBehind(Exception):
    """The background worker has not made enough tiles yet. It makes those of about 8 000 events in a second."""

    def __init__(self, events: int) -> None:
        self.seconds = 1 + events // 8_000
        super().__init__(
            f"The hashes of {events} events are not in the tree of the log yet: the background worker adds them. Try "
            f"again in {self.seconds} seconds."
        )


def read_tree(conn: Connection[Row], org_id: str, size: int, leaf: int | None = None, tiles: str = TABLE) -> TiledTree:
    """Return the tree over the first `size` events, with what the path of a leaf needs. Raises TreeBehind.

    `tiles` is the table, or the view, from which tiles are read.
    """
    stored = min(count_stored(conn, org_id), size // WIDTH)
    rest = size - stored * WIDTH
    if rest > MOST_BEHIND + WIDTH:
        raise TreeBehind(rest)
    above = get_tiles(conn, org_id, [] if leaf is None else tiles_above(leaf, stored), tiles)
    return TiledTree(
        stored, above, get_roots(conn, org_id, stored, tiles), list_hashes(conn, org_id, stored * WIDTH, size)
    )


def find_event(conn: Connection[Row], org_id: str, id: str, tiles: str = TABLE) -> RecordedEvent | None:
    """Return the event with this id, `evt_…`; None if the organization has none."""
    if not _EVENT_ID.fullmatch(id):
        return None
    start = bytes.fromhex(id.removeprefix("evt_"))
    for position in find_positions(conn, org_id, start, count_stored(conn, org_id), tiles):
        for event in list_page(conn, org_id, position - 1, 1):
            if event_id(event.chain_hash) == id:
                return event
    return None


def make_checkpoint(conn: Connection[Row], org_id: str, signer: Signer, tiles: str = TABLE) -> str:
    """Return the signed checkpoint of a log as it is now. Raises TreeBehind."""
    size = get_position(conn, org_id)
    return signer.sign(org_id, size, root(size, read_tree(conn, org_id, size, tiles=tiles).subtree))


def make_proof(conn: Connection[Row], org_id: str, event: RecordedEvent, signer: Signer, tiles: str = TABLE) -> str:
    """Return the file that proves an event. Raises TreeBehind."""
    size, leaf = get_position(conn, org_id), event.position - 1
    tree = read_tree(conn, org_id, size, leaf, tiles)
    note = signer.sign(org_id, size, root(size, tree.subtree))
    previous = list_hashes(conn, org_id, leaf - 1, leaf) or [genesis(org_id)]
    return str(prove_event(event, previous[0], inclusion_path(leaf, size, tree.subtree), note))


def make_consistency(conn: Connection[Row], org_id: str, old: int, new: int) -> Sequence[bytes]:
    """Return the hashes that prove that a log of `new` events begins with its first `old` ones.

    Raises NotFound, TreeBehind, and ProofRefused if the log is shorter.
    """
    size = get_position(conn, org_id)
    if not size and new:
        raise NotFound("organization", org_id)
    if new > size:
        raise ProofRefused(f"The log of {org_id} has only {size} events, and not {new}: it was cut short.")
    return consistency_path(old, new, read_tree(conn, org_id, new, max(0, old - 1)).subtree) if old <= new else []
