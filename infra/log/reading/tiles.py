"""Every query on the tiles of a log's Merkle tree, and on the hashes of the events that are in no tile yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.rows import scalar_row

from infra.log.proofs.tiles import WIDTH, Tile, TilePlace, edge_of
from infra.postgres.database import Row

SELECT_HASHES = """
SELECT chain_hash FROM events WHERE org_id = %s AND position > %s AND position <= %s ORDER BY position
"""
SELECT_ROOTS = """
SELECT level, number, root FROM {tiles} WHERE org_id = %s AND ({ranges}) ORDER BY level, number
"""
SELECT_TILES = """
SELECT t.level, t.number, t.hashes FROM {tiles} t
JOIN unnest(%s::smallint[], %s::bigint[]) AS wanted (level, number) USING (level, number) WHERE t.org_id = %s
"""
SELECT_STORED = """
SELECT t.level, t.number, t.hashes, t.root, t.starts FROM log_tiles t
JOIN unnest(%s::smallint[], %s::bigint[]) AS wanted (level, number) USING (level, number) WHERE t.org_id = %s
"""
SELECT_FURTHER = """
SELECT level, number FROM log_tiles WHERE org_id = %s AND number >= %s::bigint >> 8 * level ORDER BY level, number
"""
INSERT_TILE = "INSERT INTO log_tiles (org_id, level, number, root, hashes, starts) VALUES (%s, %s, %s, %s, %s, %s)"
DELETE_TILES = "DELETE FROM log_tiles WHERE org_id = %s"
SELECT_BEHIND = f"""
SELECT l.org_id FROM org_log l LEFT JOIN log_tile_progress p USING (org_id)
WHERE l.position >= coalesce(p.position, 0) + {WIDTH} OR p.projection_version < %s ORDER BY l.org_id
"""
COUNT_BEHIND = f"""
SELECT coalesce(sum(greatest(0, l.position / {WIDTH} * {WIDTH} - coalesce(p.position, 0))), 0)::bigint
FROM org_log l LEFT JOIN log_tile_progress p USING (org_id) WHERE %(org)s::text IS NULL OR l.org_id = %(org)s
"""
TABLE, VIEW = "log_tiles", "log_tile_list"
"""Where the owner of the tables, and where the application finds tiles."""
START_BYTES = 8
Query = tuple[str, tuple[Any, ...]]
"""A statement with `%s` for each value, and the values."""


class StoredTile(NamedTuple):
    """A tile as it is stored. `starts` are the beginnings of the hashes of its events; None above level 0."""

    tile: Tile
    starts: list[int] | None


def hashes_query(org_id: str, after: int, upto: int) -> Query:
    """Return the query for the chain hashes of the events after a position and up to another one."""
    return SELECT_HASHES, (org_id, after, upto)


def list_hashes(conn: Connection[Row], org_id: str, after: int, upto: int) -> list[bytes]:
    """Return the chain hashes of the events after a position and up to another one."""
    cursor = conn.cursor(binary=True, row_factory=scalar_row)
    return cursor.execute(*hashes_query(org_id, after, upto)).fetchall()


def roots_query(org_id: str, stored: int, tiles: str = TABLE) -> Query:
    """Return the query for the roots of the tiles at the right edge: those that no tile above has.

    `stored` is the number of stored tiles of level 0, and `tiles` the table, or the view, from which they are read.
    """
    ranges = [(place.level, place.number, place.number + count) for place, count in edge_of(stored) if count]
    condition = " OR ".join(["level = %s AND number >= %s AND number < %s"] * len(ranges)) or "false"
    return SELECT_ROOTS.format(tiles=tiles, ranges=condition), (org_id, *chain.from_iterable(ranges))


def get_roots(conn: Connection[Row], org_id: str, stored: int) -> dict[TilePlace, bytes]:
    """Return the roots at the right edge (see `roots_query`)."""
    return by_place(conn.cursor(binary=True).execute(*roots_query(org_id, stored)))


def tiles_query(org_id: str, places: Sequence[TilePlace], tiles: str = TABLE) -> Query:
    """Return the query for the hashes of these tiles."""
    levels, numbers = [place.level for place in places], [place.number for place in places]
    return SELECT_TILES.format(tiles=tiles), (levels, numbers, org_id)


def by_place(rows: Iterable[Any]) -> dict[TilePlace, bytes]:
    """Return the rows of `roots_query` or `tiles_query` by the places of the tiles."""
    return {TilePlace(level, number): value for level, number, value in rows}


def get_stored(conn: Connection[Row], org_id: str, places: Sequence[TilePlace]) -> dict[TilePlace, StoredTile]:
    """Return these tiles with all that is stored of them."""
    levels, numbers = [place.level for place in places], [place.number for place in places]
    rows = conn.cursor(binary=True).execute(SELECT_STORED, (levels, numbers, org_id))
    return {
        TilePlace(level, number): StoredTile(Tile(TilePlace(level, number), hashes, root), starts)
        for level, number, hashes, root, starts in rows
    }


def list_further(conn: Connection[Row], org_id: str, stored: int) -> list[TilePlace]:
    """Return the tiles that should not exist, if there are `stored` tiles of level 0."""
    return [TilePlace(*row) for row in conn.execute(SELECT_FURTHER, (org_id, stored))]


def insert_tiles(conn: Connection[Row], org_id: str, tiles: Iterable[StoredTile]) -> None:
    """Store tiles."""
    rows = [(org_id, *tile.place, tile.root, tile.hashes, starts) for tile, starts in tiles]
    if rows:
        conn.cursor().executemany(INSERT_TILE, rows)


def delete_tiles(conn: Connection[Row], org_id: str) -> None:
    """Delete all tiles of a log."""
    conn.execute(DELETE_TILES, (org_id,))


def start_of(chain_hash: bytes) -> int:
    """Return the beginning of a hash as `starts` has it."""
    return int.from_bytes(chain_hash[:START_BYTES], "big", signed=True)


def list_behind(conn: Connection[Row], version: int) -> list[str]:
    """Return the organizations whose new events complete a tile, or whose tiles an older version has made."""
    return conn.cursor(row_factory=scalar_row).execute(SELECT_BEHIND, (version,)).fetchall()


def count_behind(conn: Connection[Row], org_id: str | None) -> int:
    """Return how many events of one organization, or of all, complete tiles that are not stored yet."""
    return conn.cursor(row_factory=scalar_row).execute(COUNT_BEHIND, {"org": org_id}).fetchone() or 0
