"""What was erased from a log: the events `subject.erased` say at which positions the personal values are gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection

from domain.privacy.erasures import Erasures, erasures_id, positions_of
from infra.log.proofs.chain import Chain
from infra.log.reading.cursors import select_scalars
from infra.log.records import COLUMNS, RecordedEvent
from infra.postgres.database import Row
from projections.views.events import EVENT_ID_SQL

SELECT_ERASURES = "SELECT state FROM events WHERE org_id = %s AND originator_id = %s AND name = %s"
SELECT_NAMING = """
SELECT DISTINCT split_part(name, '.', 1), originator_id FROM events
WHERE org_id = %s AND position > %s AND position <= %s AND ({conditions}) ORDER BY originator_id
"""
SELECT_CHANGED = """
SELECT DISTINCT originator_id FROM events WHERE org_id = %s AND position > %s AND originator_id = ANY(%s)
"""
SELECT_HASHES = """
SELECT position, chain_hash FROM events WHERE org_id = %s AND position = ANY(%s) ORDER BY position
"""
SELECT_VALUES = """
SELECT position FROM events WHERE org_id = %s AND position = ANY(%s) AND personal IS NOT NULL ORDER BY position
"""
DELETE_VALUES = "UPDATE events SET personal = NULL WHERE org_id = %s AND position = ANY(%s) AND personal IS NOT NULL"
CREATE_REPLACEMENT = "CREATE TEMP TABLE log_replacement (LIKE events) ON COMMIT DROP"
COPY_REPLACEMENT = f"COPY log_replacement (org_id, {COLUMNS}) FROM STDIN"
DELETE_LOG = "DELETE FROM events WHERE org_id = %s"
STORE_REPLACEMENT = f"INSERT INTO events (org_id, {COLUMNS}) SELECT org_id, {COLUMNS} FROM log_replacement"
MARK_DELIVERIES = "UPDATE webhook_deliveries SET position = -position WHERE org_id = %s AND position > 0"
NAME_DELIVERIES_AGAIN = f"""
UPDATE webhook_deliveries d SET position = e.position, event_id = e.event_id
FROM (SELECT org_id, position, {EVENT_ID_SQL} AS event_id FROM events WHERE org_id = %s) e
WHERE d.org_id = e.org_id AND d.position = 1 - e.position AND d.position < 0
"""
"""Gives deliveries their events in a log that was replaced. Their positions are those of the old log, negative."""
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
    states = select_scalars(conn, SELECT_ERASURES, (org_id, erasures_id(org_id), Erasures.Erased.topic)).fetchall()
    return positions_in(states)


def positions_in(states: Iterable[str]) -> frozenset[int]:
    """Return the positions that events `subject.erased` with these states name."""
    return frozenset().union(*(positions_of(_decode(state).positions) for state in states))


class LogReplacement:
    """Writes a log in place of an old one: events that are added in their order, and stored at the end of the block.

    Each event of the old log is one position later in the new one. Deliveries of webhooks get the new ids of events.
    """

    def __init__(self, conn: Connection[Row], org_id: str) -> None:
        self._conn, self._org_id = conn, org_id

    def __enter__(self) -> LogReplacement:
        self._conn.execute(CREATE_REPLACEMENT)
        return self

    def add(self, events: Iterable[RecordedEvent]) -> None:
        """Add the next events."""
        with self._conn.cursor() as cursor, cursor.copy(COPY_REPLACEMENT) as copy:
            for event in events:
                copy.write_row((self._org_id, *msgspec.structs.astuple(event)))

    def __exit__(self, type_: type[BaseException] | None, *_: object) -> None:
        if type_ is None:
            self._conn.execute(MARK_DELIVERIES, (self._org_id,))
            self._conn.execute(DELETE_LOG, (self._org_id,))
            self._conn.execute(STORE_REPLACEMENT)
            self._conn.execute(NAME_DELIVERIES_AGAIN, (self._org_id,))


class Texts(NamedTuple):
    """Values of a field, and the names of the events that set the field."""

    names: Sequence[str]
    field: str
    values: Sequence[str]


def list_objects_naming(
    conn: Connection[Row], org_id: str, texts: Sequence[Texts], after: int, upto: int
) -> list[tuple[str, str]]:
    """Return the kinds and ids of the objects with an event that sets one of the fields to one of its values.

    Each event between the two positions of the log is read once. The one at `after` is left out, the one at `upto` is
    not.
    """
    conditions, values = list[str](), list[Any]()
    for text in texts:
        found = [f'"{text.field}":{msgspec.json.encode(value).decode()}' for value in text.values]
        conditions.append(f"name = ANY(%s) AND ({' OR '.join(['strpos(state, %s) > 0'] * len(found))})")
        values += [list(text.names), *found]
    sql = SELECT_NAMING.format(conditions=" OR ".join(conditions) or "false")
    return conn.execute(sql, (org_id, after, upto, *values)).fetchall()


def list_changed(conn: Connection[Row], org_id: str, ids: Sequence[str], after: int) -> list[str]:
    """Return which of these objects have events after this position."""
    return select_scalars(conn, SELECT_CHANGED, (org_id, after, list(ids))).fetchall()


def list_hashes(conn: Connection[Row], org_id: str, positions: Sequence[int]) -> dict[int, bytes]:
    """Return the hashes of the events at these positions, by position."""
    return dict(conn.cursor(binary=True).execute(SELECT_HASHES, (org_id, list(positions))).fetchall())


def list_values(conn: Connection[Row], org_id: str, positions: Sequence[int]) -> list[int]:
    """Return at which of these positions there are personal values."""
    return select_scalars(conn, SELECT_VALUES, (org_id, list(positions))).fetchall()


def delete_values(conn: Connection[Row], org_id: str, positions: Sequence[int]) -> int:
    """Delete the personal values with their salts at these positions. Return at how many there were some.

    An event `subject.erased` must name the positions in the same transaction.
    """
    return conn.execute(DELETE_VALUES, (org_id, list(positions))).rowcount
