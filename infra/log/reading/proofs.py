"""Queries for proofs: the size of a log and of its tree, and an event by the beginning of its hash."""

from __future__ import annotations

from typing import NamedTuple

from infra.log.proofs.tiles import WIDTH
from infra.log.reading.tiles import START_BYTES, TABLE, Query, start_of
from infra.log.records import COLUMNS

ALL = 2**62
"""More events than a log can have."""
SELECT_SIZE = f"""
SELECT l.position, coalesce(p.position, 0) / {WIDTH}, l.chain_format
FROM org_log l LEFT JOIN log_tile_progress p USING (org_id) WHERE l.org_id = %s
"""
SELECT_BY_START = f"""
SELECT {COLUMNS} FROM events WHERE org_id = %s AND position = ANY (ARRAY(
    SELECT t.number * {WIDTH} + array_position(t.starts, %s::bigint) FROM {{tiles}} t
    WHERE t.org_id = %s AND t.level = 0 AND t.starts @> ARRAY[%s::bigint]
    UNION ALL SELECT rest.position FROM (
        SELECT position, chain_hash FROM events WHERE org_id = %s AND position > (
            SELECT coalesce(max(position), 0) FROM log_tile_progress WHERE org_id = %s
        ) ORDER BY position LIMIT %s
    ) rest WHERE substring(rest.chain_hash for {START_BYTES}) = %s::bytea
)) ORDER BY position
"""


class LogSize(NamedTuple):
    """How many events a log has, how many of its tiles of level 0 are stored, and its format: a row of SELECT_SIZE."""

    events: int
    tiles: int
    chain_format: int

    @property
    def rest(self) -> int:
        """The number of events after those of the stored tiles."""
        return self.events - self.tiles * WIDTH

    def upto(self, events: int) -> LogSize:
        """Return the size of the log when it had so many events, with the tiles that are stored now."""
        return LogSize(events, min(self.tiles, events // WIDTH), self.chain_format)


def size_query(org_id: str) -> Query:
    """Return the query for the size of a log."""
    return SELECT_SIZE, (org_id,)


def start_query(org_id: str, hash_start: bytes, tiles: str = TABLE, most: int = ALL) -> Query:
    """Return the query for the events whose hash begins with the first 8 of these bytes: nearly always one or none.

    `tiles` is the table, or the view, from which tiles are read. The events that are in no tile are read one by one, at
    most `most` of them, and in their order: otherwise PostgreSQL expects a third of the log after an unknown position,
    and reads all of it.
    """
    start, first = start_of(hash_start), hash_start[:START_BYTES]
    return SELECT_BY_START.format(tiles=tiles), (org_id, start, org_id, start, org_id, org_id, most, first)
