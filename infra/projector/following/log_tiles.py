"""The operations on `log_tiles`: add the tiles that new events complete, build them again, and verify them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from psycopg import Connection

from infra.log.heads import get_position
from infra.log.proofs.tiles import WIDTH, TileBuilder, TilePlace
from infra.log.reading.tiles import (
    StoredTile,
    count_behind,
    delete_tiles,
    get_roots,
    get_stored,
    insert_tiles,
    list_behind,
    list_further,
    list_hashes,
    start_of,
)
from infra.postgres.database import COMMIT_LATER, Row
from infra.projector.differences import Difference
from infra.projector.following import LogFollower
from infra.projector.results import State
from projections.projection import LogTiles

PAGE_TILES = 32
"""How many tiles of level 0 one transaction adds at most."""


class LogTileTable(LogFollower):
    """The operations on the tiles. Only the hashes of events are read, and only when they fill a tile."""

    def __init__(self, projection: LogTiles) -> None:
        super().__init__(projection)
        self._projection = projection

    def state(self, conn: Connection[Row], org_id: str | None = None) -> State:
        """Return how complete the tiles are. Events that do not fill a tile yet are not behind."""
        return self._checkpoints.state(conn, org_id)._replace(lag=count_behind(conn, org_id))

    def differences(self, conn: Connection[Row], org_id: str) -> Iterator[Difference]:
        """Yield what is not as the log says. No tile ever changes, so the comparison needs no snapshot."""
        position, version = self._checkpoints.read(conn, org_id)
        if version != self._projection.version:
            return
        tiles = _tiles_of(conn, org_id, 0, position // WIDTH)
        while page := list(islice(tiles, PAGE_TILES)):
            stored = get_stored(conn, org_id, [expected.tile.place for expected in page])
            for expected in page:
                yield from _differences(org_id, expected, stored.get(expected.tile.place))
        for place in list_further(conn, org_id, position // WIDTH):
            yield _difference(org_id, place, "*", "no row", "a row")

    def add_page(self, conn: Connection[Row], org_id: str, limit: int = PAGE_TILES * WIDTH) -> int:
        """Add the next tiles of a log in one transaction. Return the number of events in them."""
        with conn.transaction():
            conn.execute(COMMIT_LATER)
            position, version = self._checkpoints.lock(conn, org_id)
            if version > self._projection.version:
                return 0
            if version < self._projection.version:
                return self._add_again(conn, org_id)
            stored = position // WIDTH
            wanted = min(get_position(conn, org_id), position + limit) // WIDTH
            return self._add_tiles(conn, org_id, stored, wanted) if wanted > stored else 0

    def _organizations_behind(self, conn: Connection[Row]) -> list[str]:
        return list_behind(conn, self._projection.version)

    def _add_tiles(self, conn: Connection[Row], org_id: str, stored: int, wanted: int) -> int:
        insert_tiles(conn, org_id, _tiles_of(conn, org_id, stored, wanted))
        self._checkpoints.advance(conn, org_id, wanted * WIDTH)
        return (wanted - stored) * WIDTH

    def _add_again(self, conn: Connection[Row], org_id: str) -> int:
        delete_tiles(conn, org_id)
        wanted = get_position(conn, org_id) // WIDTH
        for first in range(0, wanted, PAGE_TILES):
            self._add_tiles(conn, org_id, first, min(first + PAGE_TILES, wanted))
        self._checkpoints.advance(conn, org_id, wanted * WIDTH)
        return wanted * WIDTH


def _tiles_of(conn: Connection[Row], org_id: str, stored: int, wanted: int) -> Iterator[StoredTile]:
    """Yield the tiles that follow `stored` tiles of level 0, until there are `wanted` of them."""
    builder = TileBuilder(stored, get_roots(conn, org_id, stored))
    for number in range(stored, wanted):
        hashes = list_hashes(conn, org_id, number * WIDTH, (number + 1) * WIDTH)
        for hash in hashes:
            for tile in builder.add(hash):
                yield StoredTile(tile, [*map(start_of, hashes)] if tile.place.level == 0 else None)


def _differences(org_id: str, expected: StoredTile, stored: StoredTile | None) -> Iterator[Difference]:
    place = expected.tile.place
    if stored is None:
        yield _difference(org_id, place, "*", "a row", "no row")
        return
    if stored.tile.root != expected.tile.root:
        yield _difference(org_id, place, "root", expected.tile.root.hex(), stored.tile.root.hex())
    if stored.tile.hashes != expected.tile.hashes:
        yield _difference(org_id, place, "hashes", expected.tile.hashes.hex(), stored.tile.hashes.hex())
    if stored.starts != expected.starts:
        yield _difference(org_id, place, "starts", str(expected.starts), str(stored.starts))


def _difference(org_id: str, place: TilePlace, column: str, expected: str, stored: str) -> Difference:
    return Difference("log_tiles", org_id, f"level {place.level} tile {place.number}", column, expected, stored)
