"""Proofs of an organization's log, as the API gives them: two trips to the database, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from api.ports.event_log import SignerUnavailable
from api.ports.request.deadline import deadline
from infra.audit.proofs.log_keys import SELECT_SIGNING_KEY, SealedKey, Signer, list_keys, open_signer
from infra.audit.proofs.trees import (
    MOST_BEHIND,
    check_not_behind,
    hash_start_of,
    make_checkpoint,
    make_proof,
    size_of,
    with_id,
)
from infra.log.admission import PLAN_ONCE
from infra.log.proofs.checkpoints import origin_of, read_unverified
from infra.log.proofs.tiles import WIDTH
from infra.log.reading.proofs import size_query, start_query
from infra.log.reading.tiles import VIEW
from infra.postgres.database import Row
from infra.postgres.pool import Pool, borrow_connection, borrow_wire
from infra.postgres.statements import Call, statement
from infra.postgres.wire import COMMIT, Wire
from infra.settings.secret_box import SecretBox
from projections.views.proofs import EventProof, LogCheckpoint, LogKeyFacts

BEGIN_SNAPSHOT = statement("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").call()
"""Both trips of a proof see the log as it was at one moment: a test log may be emptied between them."""
_SIZE, _KEY = 2, 3
"""The places of these queries among the calls of `_begin`."""


class PostgresProofs:
    """Implements the port Proofs with a pool of connections. Without a `box`, nothing can be signed."""

    def __init__(self, pool: Pool, box: SecretBox | None) -> None:
        self._pool, self._box = pool, box

    def get_checkpoint(self, org_id: str) -> LogCheckpoint:
        with borrow_wire(self._pool) as wire:
            begun = wire.send(deadline(), _begin(wire, org_id))[0]
            signer = self._signer(begun.rows(_KEY))
            note = make_checkpoint(wire, org_id, size_of(begun.rows(_SIZE)), signer, VIEW, [COMMIT])
        signed = read_unverified(note)
        return LogCheckpoint(signed.origin, signed.size, signed.root.hex(), note)

    def get_proof(self, org_id: str, event_id: str, check_type: Callable[[str], None]) -> EventProof | None:
        start = hash_start_of(event_id)
        if start is None:
            return None
        with borrow_wire(self._pool) as wire:
            find = wire.bind(*start_query(org_id, start, VIEW, MOST_BEHIND + WIDTH))
            begun = wire.send(deadline(), [*_begin(wire, org_id), find])[0]
            size, event = size_of(begun.rows(_SIZE)), with_id(event_id, begun.rows())
            if event is None:
                check_not_behind(size)  # otherwise it may be among the events that were not searched
                return None
            check_type(event.name)
            signer = self._signer(begun.rows(_KEY))
            file = make_proof(wire, org_id, event, size, signer, VIEW, [COMMIT])
        return EventProof(event_id, event.position, origin_of(signer.name, org_id), size.events, file)

    def list_keys(self) -> Sequence[LogKeyFacts]:
        with borrow_connection(self._pool) as conn:
            return [key.facts for key in list_keys(conn)]

    def _signer(self, rows: Sequence[Row]) -> Signer:
        """Return the key that signs. Raises SignerUnavailable."""
        signer = open_signer(SealedKey(*rows[0]), self._box) if rows and self._box is not None else None
        if signer is None:
            raise SignerUnavailable
        return signer


def _begin(wire: Wire, org_id: str) -> list[Call]:
    """Return the calls that begin a transaction, and query the size of the log and the key that signs."""
    size, key = wire.bind(*size_query(org_id)), wire.bind(SELECT_SIGNING_KEY, ())
    return [BEGIN_SNAPSHOT, PLAN_ONCE.call(org_id), size, key]
