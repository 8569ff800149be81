"""What was erased from a log: the events `subject.erased` say at which positions the personal values are gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from psycopg import Connection

from domain.privacy.erasures import Erasures, erasures_id, positions_of
from infra.log.proofs.chain import Chain
from infra.log.reading.cursors import select_scalars
from infra.postgres.database import Row

SELECT_ERASURES = "SELECT state FROM events WHERE org_id = %s AND originator_id = %s ORDER BY originator_version"
SELECT_NAMING = """
SELECT DISTINCT originator_id FROM events WHERE org_id = %s AND name = ANY(%s) AND strpos(state, %s) > 0
ORDER BY originator_id
"""
DELETE_VALUES = "UPDATE events SET personal = NULL WHERE org_id = %s AND position = ANY(%s) AND personal IS NOT NULL"
_decode = msgspec.json.Decoder(Erasures.Erased).decode


class ErasedPositions:
    """The positions whose personal values were erased. They are read when the first is asked for.

    Values are deleted in the transaction of the event that says so. So who has seen that values are missing sees the
    event, too, if it reads the events after them: for an unknown position they are read again.
    """

    def __init__(self, conn: Connection[Row], org_id: str) -> None:
        self._conn, self._org_id = conn, org_id
        self._positions: frozenset[int] = frozenset()

    def has(self, position: int) -> bool:
        """Return whether the log says that the values at this position were erased."""
        if position not in self._positions:
            self._positions = list_erased(self._conn, self._org_id)
        return position in self._positions


def with_erasures(conn: Connection[Row], chain: Chain) -> Chain:
    """Return the chain, which knows from this connection what was erased."""
    return chain._replace(is_erased=ErasedPositions(conn, chain.org_id).has)


def list_erased(conn: Connection[Row], org_id: str) -> frozenset[int]:
    """Return the positions at which the log says that personal values were erased."""
    states = select_scalars(conn, SELECT_ERASURES, (org_id, erasures_id(org_id))).fetchall()
    return positions_in(states)


def positions_in(states: Iterable[str]) -> frozenset[int]:
    """Return the positions that events `subject.erased` with these states name."""
    return frozenset().union(*(positions_of(_decode(state).positions) for state in states))


def list_objects_naming(conn: Connection[Row], org_id: str, names: Sequence[str], field: str, value: str) -> list[str]:
    """Return the ids of the objects with an event, one of `names`, that sets a field to this value."""
    text = f'"{field}":{msgspec.json.encode(value).decode()}'
    return select_scalars(conn, SELECT_NAMING, (org_id, list(names), text)).fetchall()


def delete_values(conn: Connection[Row], org_id: str, positions: Sequence[int]) -> int:
    """Delete the personal values with their salts at these positions. Return at how many there were some.

    An event `subject.erased` must name the positions in the same transaction.
    """
    return conn.execute(DELETE_VALUES, (org_id, list(positions))).rowcount
