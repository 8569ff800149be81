"""Every query on the heads of the organizations' logs (the table `org_log`), and the lock that a writer takes.

A function `select_…` sends one statement and returns its cursor, whose rows are fetched later (see `reading/`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from psycopg import Connection, Cursor
from psycopg.rows import args_row, scalar_row

from domain.accounts.zones import Zones
from domain.errors import NotFound
from domain.tax.supplier import Supplier
from infra.log.proofs.chain import Chain
from infra.log.reading.erasures import with_erasures
from infra.log.reading.objects import LAST_POSITION
from infra.log.reading.zones import ZONES
from infra.log.records import Head
from infra.postgres.database import Row
from infra.postgres.statements import Call
from infra.postgres.wire import Wire


class LogState(NamedTuple):
    """A log's head, the time of the log, and the organization's time zones."""

    position: int
    chain_hash: bytes
    now: datetime
    """The time of the log: that of the database's clock; in a test log, the time of its own clock. If the clock was set
    back, a time that is not earlier than the last event."""
    unkeyed_numbers: bool
    """Whether some rows of documents have no `number_key` yet (see unkeyed.py)."""
    chain_format: int
    """The format in which the events of the log are hashed (see proofs/chain.py)."""
    time_zone: str
    new_time_zone: str | None
    new_time_zone_from: datetime | None
    profile: bytes | None
    """JSON: what documents say of the organization; None if it has no profile."""

    @property
    def head(self) -> Head:
        return Head(self.position, self.chain_hash)

    @property
    def zones(self) -> Zones:
        """The time zone of the organization, by the clock of this log."""
        return Zones(self.time_zone, self.new_time_zone, self.new_time_zone_from)

    def supplier(self) -> Supplier | None:
        """Return what documents say of the organization; None if it has no profile."""
        return None if self.profile is None else _decode_supplier(self.profile)


class OrganizationRecord(NamedTuple):
    """The data of an organization in an export, without its events."""

    name: str
    time_zone: str
    new_time_zone: str | None
    new_time_zone_from: datetime | None
    created_at: datetime
    recorded_at: datetime | None
    """When the last event was recorded; None in an empty log."""
    series: bytes
    """JSON: the last serial number of the invoice series of each financial year."""
    live_organization: str | None
    """Of a test organization: the id of its live sibling."""
    clock_ahead: float
    """How many seconds the clock of a test log is ahead; 0 in a live log."""
    series_prefix: str
    chain_format: int
    document_years: int | None
    """For how many years documents are kept; None for those of the law."""
    leave_years: int | None
    """For how many years leaves are kept; None for the usual ones."""


NEXT_POSITION = "(SELECT l.position + 1 FROM org_log l WHERE l.org_id = %s)"
"""An SQL expression for other statements: the position of the next event."""
POSITION = "(SELECT l.position FROM org_log l WHERE l.org_id = $1)"
"""An SQL expression for statements of the wire whose first parameter is an organization: the position of its log; null
for an unknown organization."""
POSITIONS = "log_positions"
"""The position of each organization's log, as a table of a query that joins no other table of logs or documents: in a
distributed database, a function returns it."""
LOGS = "org_log"
"""The head and the clock of each log, as a table of a query: `clock_offset` is how far the clock is ahead of the
database's."""
SELECT_CLOCK = f"""
SELECT clock_timestamp() + l.clock_offset, extract(epoch FROM l.clock_offset)::float8, l.position, {ZONES}
FROM org_log l JOIN organizations o USING (org_id) WHERE l.org_id = %s
"""
SELECT_HEAD = "SELECT position, chain_hash FROM org_log WHERE org_id = %s"
SELECT_END = f"SELECT position, chain_hash, coalesce({LAST_POSITION}, 0) FROM org_log l WHERE org_id = %s"
SELECT_STATE = f"""
SELECT l.position, l.chain_hash, greatest(clock_timestamp() + l.clock_offset, l.recorded_at), l.unkeyed_numbers,
       l.chain_format, {ZONES}, o.supplier
FROM org_log l JOIN organizations o USING (org_id) WHERE l.org_id = %s
"""
# For a writer: locks the head, and returns a time that is later than every event of the log.
LOCK_LOG = """
SELECT position, chain_hash, greatest(clock_timestamp() + clock_offset, recorded_at + interval '1 microsecond'),
       unkeyed_numbers, chain_format
FROM org_log WHERE org_id = %s FOR UPDATE
"""
SELECT_SETTINGS = f"SELECT {ZONES}, o.supplier FROM organizations o WHERE o.org_id = %s"
"""The fields of LogState that LOCK_LOG does not return. They are read after it, by a statement of their own: one that
has waited for a lock reads again only the row that it has locked, so it would return the settings from before."""
REPLACE_HEAD = """
UPDATE org_log SET chain_format = %s, position = %s, chain_hash = %s, recorded_at = greatest(recorded_at, %s)
WHERE org_id = %s
"""
"""Gives a log another format, with the end that it has in this format."""
SELECT_FORMAT = "SELECT chain_format FROM org_log WHERE org_id = %s"
LOCK_HEADS = "SELECT position, chain_hash FROM org_log WHERE org_id = ANY(%s) ORDER BY org_id <> %s, org_id FOR UPDATE"
LOCK_HEAD = "SELECT position, chain_hash FROM org_log WHERE org_id = %s FOR UPDATE"
SELECT_POSITIONS = "SELECT org_id, position FROM org_log ORDER BY org_id"
SELECT_ORGANIZATION = f"""
SELECT o.name, {ZONES}, o.created_at, nullif(l.recorded_at, '-infinity'), l.series, o.live_organization,
       extract(epoch FROM l.clock_offset)::float8, o.series_prefix, l.chain_format, o.document_years, o.leave_years
FROM organizations o JOIN org_log l USING (org_id) WHERE o.org_id = %s
"""
SELECT_ORGANIZATIONS_BEHIND = """
SELECT l.org_id FROM org_log l LEFT JOIN {checkpoints} p USING (org_id)
WHERE l.position > coalesce(p.position, 0) OR p.projection_version < %s ORDER BY l.org_id
"""
SELECT_PROGRESS = """
SELECT greatest(clock_timestamp() + l.clock_offset, l.recorded_at), l.position, coalesce(p.position, 0)
FROM org_log l LEFT JOIN {checkpoints} p USING (org_id) WHERE l.org_id = %s
"""
"""Queries the time of a log, its last position, and the position of its checkpoint in this table."""
COUNT_EVENTS_BEHIND = """
SELECT coalesce(sum(l.position - coalesce(p.position, 0)), 0)::bigint
FROM org_log l LEFT JOIN {checkpoints} p USING (org_id) WHERE %(org)s::text IS NULL OR l.org_id = %(org)s
"""

SELECT_SERIAL = "SELECT coalesce((series ->> %s)::integer, 0) FROM org_log WHERE org_id = %s"
"""Queries the last serial number of a series."""
SELECT_UNKEYED = """
SELECT org_id FROM org_log WHERE unkeyed_numbers AND (%(org)s::text IS NULL OR org_id = %(org)s) ORDER BY org_id
"""
CLEAR_UNKEYED = "UPDATE org_log SET unkeyed_numbers = false WHERE org_id = %s"


def lock_calls(wire: Wire, org_id: str) -> tuple[Call, Call]:
    """Return the calls that lock a log until the transaction ends. `locked_state` takes the rows of both."""
    return wire.bind(LOCK_LOG, (org_id,)), wire.bind(SELECT_SETTINGS, (org_id,))


def locked_state(head: Row, settings: Row) -> LogState:
    """Return the state of the log that `lock_calls` has locked."""
    return LogState(*head, *settings)


def lock_state(conn: Connection[Row], org_id: str) -> LogState:
    """Lock a log until the transaction ends. Raises NotFound."""
    cursor = conn.cursor(binary=True)
    head = cursor.execute(LOCK_LOG, (org_id,)).fetchone()
    settings = cursor.execute(SELECT_SETTINGS, (org_id,)).fetchone()
    if head is None or settings is None:
        raise NotFound("organization", org_id)
    return locked_state(head, settings)


def select_head(conn: Connection[Row], org_id: str) -> Cursor[Head]:
    """Query the head of an organization's log."""
    return conn.cursor(binary=True, row_factory=args_row(Head)).execute(SELECT_HEAD, (org_id,))


def get_head(conn: Connection[Row], org_id: str) -> Head:
    """Return the head of an organization's log. Raises NotFound."""
    head = select_head(conn, org_id).fetchone()
    if head is None:
        raise NotFound("organization", org_id)
    return head


def get_chain(conn: Connection[Row], org_id: str) -> Chain:
    """Return whose chain a log is, with its format and what was erased. It reads on with `conn`. Raises NotFound."""
    chain_format = conn.cursor(row_factory=scalar_row).execute(SELECT_FORMAT, (org_id,)).fetchone()
    if chain_format is None:
        raise NotFound("organization", org_id)
    return with_erasures(conn, Chain(org_id, chain_format))


def get_end(conn: Connection[Row], org_id: str) -> tuple[Head, int]:
    """Return the head of a log, and the position of its last event at the same moment. Raises NotFound.

    The two positions are the same, unless somebody has changed the log.
    """
    found = conn.cursor(binary=True).execute(SELECT_END, (org_id,)).fetchone()
    if found is None:
        raise NotFound("organization", org_id)
    position, chain_hash, last_position = found
    return Head(position, chain_hash), last_position


def get_position(conn: Connection[Row], org_id: str) -> int:
    """Return the last position of an organization's log; 0 for an unknown organization."""
    head = select_head(conn, org_id).fetchone()
    return head.position if head else 0


def lock_position(conn: Connection[Row], org_id: str) -> int:
    """Lock the head until the transaction ends, so that no other process appends events; return the last position."""
    head = conn.cursor(binary=True, row_factory=args_row(Head)).execute(LOCK_HEAD, (org_id,)).fetchone()
    return head.position if head else 0


def lock_heads(conn: Connection[Row], org_ids: Sequence[str], first: str) -> list[Head]:
    """Lock the logs of these organizations until the transaction ends, that of `first` before the others.

    Return their heads in this order. A log whose head is gone is left out.
    """
    return conn.cursor(row_factory=args_row(Head)).execute(LOCK_HEADS, (list(org_ids), first)).fetchall()


def select_state(conn: Connection[Row], org_id: str) -> Cursor[LogState]:
    """Query the state of an organization's log."""
    return conn.cursor(binary=True, row_factory=_state).execute(SELECT_STATE, (org_id,))


def get_positions(conn: Connection[Row]) -> dict[str, int]:
    """Return the last position of each organization's log, by the organization's id and in the order of these ids."""
    return dict(conn.execute(SELECT_POSITIONS).fetchall())


def get_organization(conn: Connection[Row], org_id: str) -> OrganizationRecord:
    """Return the data of an organization for an export, without its events. Raises NotFound."""
    found = conn.cursor(row_factory=args_row(OrganizationRecord)).execute(SELECT_ORGANIZATION, (org_id,)).fetchone()
    if found is None:
        raise NotFound("organization", org_id)
    return found


def list_organizations_behind(conn: Connection[Row], checkpoints: str, version: int) -> list[str]:
    """Return the organizations with events that a projection lacks, or that an older version of it has added.

    `checkpoints` is the name of the table with its checkpoints. `version` is the projection's version.
    """
    statement = SELECT_ORGANIZATIONS_BEHIND.format(checkpoints=checkpoints)
    return conn.cursor(row_factory=scalar_row).execute(statement, (version,)).fetchall()


def count_events_behind(conn: Connection[Row], checkpoints: str, org_id: str | None = None) -> int:
    """Return how many events of one organization, or of all, a projection lacks.

    `checkpoints` is the name of the table with its checkpoints.
    """
    statement = COUNT_EVENTS_BEHIND.format(checkpoints=checkpoints)
    return conn.cursor(row_factory=scalar_row).execute(statement, {"org": org_id}).fetchone() or 0


def list_unkeyed(conn: Connection[Row], org_id: str | None = None) -> list[str]:
    """Return the organizations that have rows of documents without `number_key`. With `org_id`, check only this one."""
    return conn.cursor(row_factory=scalar_row).execute(SELECT_UNKEYED, {"org": org_id}).fetchall()


def clear_unkeyed(conn: Connection[Row], org_id: str) -> None:
    """Record that all rows of the organization's documents have their `number_key`."""
    conn.execute(CLEAR_UNKEYED, (org_id,))


_state = args_row(LogState)
_decode_supplier = msgspec.json.Decoder(Supplier).decode
