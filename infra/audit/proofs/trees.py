"""Reads the Merkle tree of a log, and makes proofs from it. What a proof needs is read in one trip to the database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from api.ports.event_log import TreeBehind
from api.ports.request.deadline import deadline
from domain.errors import NotFound
from infra.audit.proofs.log_keys import Signer
from infra.audit.refusals import ProofRefused
from infra.log.proofs.chain import FIRST_FORMAT, Chain, genesis
from infra.log.proofs.event_proof import prove_event
from infra.log.proofs.merkle import consistency_path, inclusion_path, root
from infra.log.proofs.tiles import WIDTH, TiledTree, tiles_above
from infra.log.reading.proofs import LogSize, size_query, start_query
from infra.log.reading.tiles import TABLE, by_place, hashes_query, roots_query, tiles_query
from infra.log.records import RecordedEvent
from infra.postgres.database import Row
from infra.postgres.outcome import Outcome
from infra.postgres.statements import Call
from infra.postgres.wire import Wire
from projections.views.events import event_id

MOST_BEHIND = 32 * WIDTH
"""How many events may follow the stored tiles. Their hashes are read for each proof, which takes up to 30 ms then."""
_EVENT_ID = re.compile(r"evt_[0-9a-f]{24}")


def hash_start_of(id: str) -> bytes | None:
    """Return the beginning of the hash of the event with this id, `evt_…`; None for a text that is no id."""
    return bytes.fromhex(id.removeprefix("evt_")) if _EVENT_ID.fullmatch(id) else None


def with_id(id: str, rows: Iterable[Row]) -> RecordedEvent | None:
    """Return the event with this id among the rows of `start_query`; None if it is not there."""
    return next((event for row in rows if event_id((event := RecordedEvent(*row)).chain_hash) == id), None)


def size_of(rows: Sequence[Row]) -> LogSize:
    """Return the size in the row of `size_query`; of an unknown organization, that of an empty log."""
    return LogSize(*rows[0]) if rows else LogSize(0, 0, FIRST_FORMAT)


def get_size(wire: Wire, org_id: str) -> LogSize:
    """Return the size of a log."""
    return size_of(wire.send(deadline(), [wire.bind(*size_query(org_id))])[0].rows())


def find_event(wire: Wire, org_id: str, id: str) -> RecordedEvent | None:
    """Return the event with this id, `evt_…`; None if the organization has none."""
    start = hash_start_of(id)
    if start is None:
        return None
    return with_id(id, wire.send(deadline(), [wire.bind(*start_query(org_id, start))])[0].rows())


def make_checkpoint(
    wire: Wire, org_id: str, size: LogSize, signer: Signer, tiles: str = TABLE, ends: Sequence[Call] = ()
) -> str:
    """Return the signed checkpoint of a log of this size. Raises TreeBehind.

    `tiles` is the table, or the view, from which tiles are read, and `ends` are calls that end the transaction.
    """
    return signer.sign(org_id, size.events, get_root(wire, org_id, size, tiles, ends))


def get_root(wire: Wire, org_id: str, size: LogSize, tiles: str = TABLE, ends: Sequence[Call] = ()) -> bytes:
    """Return the root of the Merkle tree of a log of this size, which must have an event. Raises TreeBehind.

    `tiles` is the table, or the view, from which tiles are read, and `ends` are calls that end the transaction.
    """
    outcome = wire.send(deadline(), [*_tree_calls(wire, org_id, size, None, tiles), *ends])[0]
    return root(size.events, _tree_of(outcome, size).subtree)


def make_proof(
    wire: Wire,
    org_id: str,
    event: RecordedEvent,
    size: LogSize,
    signer: Signer,
    tiles: str = TABLE,
    ends: Sequence[Call] = (),
) -> str:
    """Return the file that proves an event, with the checkpoint of the log of this size. Raises TreeBehind.

    `tiles` is the table, or the view, from which tiles are read, and `ends` are calls that end the transaction.
    """
    leaf = event.position - 1
    before = wire.bind(*hashes_query(org_id, leaf - 1, leaf))
    outcome = wire.send(deadline(), [*_tree_calls(wire, org_id, size, leaf, tiles), before, *ends])[0]
    tree, found = _tree_of(outcome, size), outcome.rows(3)
    note = signer.sign(org_id, size.events, root(size.events, tree.subtree))
    path = inclusion_path(leaf, size.events, tree.subtree)
    previous = found[0][0] if found else genesis(org_id)
    return str(prove_event(Chain(org_id, size.chain_format), event, previous, path, note))


def make_consistency(wire: Wire, org_id: str, old: int, new: int) -> Sequence[bytes]:
    """Return the hashes that prove that a log of `new` events begins with its first `old` ones.

    Raises NotFound, TreeBehind, and ProofRefused if the log is shorter.
    """
    size = get_size(wire, org_id)
    if not size.events and new:
        raise NotFound("organization", org_id)
    if new > size.events:
        raise ProofRefused(f"The log of {org_id} has only {size.events} events, and not {new}: it was cut short.")
    if old > new:
        return []
    past = size.upto(new)
    outcome = wire.send(deadline(), _tree_calls(wire, org_id, past, max(0, old - 1), TABLE))[0]
    return consistency_path(old, new, _tree_of(outcome, past).subtree)


def check_not_behind(size: LogSize) -> None:
    """Raise TreeBehind if too many events follow the stored tiles."""
    if size.rest > MOST_BEHIND + WIDTH:
        raise TreeBehind(size.rest)


def _tree_calls(wire: Wire, org_id: str, size: LogSize, leaf: int | None, tiles: str) -> list[Call]:
    """Return the calls that read the tree of a log of this size, with what the path of a leaf needs.

    Raises TreeBehind.
    """
    check_not_behind(size)
    places = [] if leaf is None else tiles_above(leaf, size.tiles)
    queries = (
        tiles_query(org_id, places, tiles),
        roots_query(org_id, size.tiles, tiles),
        hashes_query(org_id, size.tiles * WIDTH, size.events),
    )
    return [wire.bind(*query) for query in queries]


def _tree_of(outcome: Outcome, size: LogSize) -> TiledTree:
    """Return the tree that the first calls of a transaction have read."""
    rest = [hash for (hash,) in outcome.rows(2)]
    return TiledTree(size.tiles, by_place(outcome.rows(0)), by_place(outcome.rows(1)), rest)
