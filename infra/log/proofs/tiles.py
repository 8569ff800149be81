"""Tiles: 256 hashes of a level of a Merkle tree, which are stored together (https://c2sp.org/tlog-tiles, height 8).

A tile of level 0 has the hashes of 256 leaves; a hash of a tile of level 1 is the root of a tile of level 0, and so on.
Only whole tiles are stored. What is right of them is computed each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from infra.log.proofs.merkle import HASH_BYTES, complete_layers, complete_root, leaf_hash, node_hash

HEIGHT = 8
WIDTH = 1 << HEIGHT
"""The number of hashes of a whole tile."""


class TilePlace(NamedTuple):
    """Where a tile is: its level, and its number in this level. Both begin at 0."""

    level: int
    number: int


def tiles_above(leaf: int, stored: int) -> list[TilePlace]:
    """Return the stored tiles that have the hash of a leaf, or of one of the nodes above it.

    `leaf` is the index of the leaf, and `stored` the number of stored tiles of level 0.
    """
    places = [TilePlace(level, leaf >> HEIGHT * (level + 1)) for level in range(levels_of(stored))]
    return [place for place in places if place.number < count_tiles(stored, place.level)]


def edge_of(stored: int) -> list[tuple[TilePlace, int]]:
    """Return for each level the first stored tile that is in no stored tile above, and how many such tiles follow."""
    ranges = []
    for level in range(levels_of(stored)):
        first = count_tiles(stored, level + 1) * WIDTH
        ranges.append((TilePlace(level, first), count_tiles(stored, level) - first))
    return ranges


def count_tiles(stored: int, level: int) -> int:
    """Return the number of stored tiles of a level, of `stored` tiles of level 0."""
    return stored >> HEIGHT * level


def levels_of(stored: int) -> int:
    """Return the number of levels that have stored tiles."""
    return -(-stored.bit_length() // HEIGHT)


class Tile(NamedTuple):
    """A whole tile: its place, its hashes as they are stored, and the hash of the node above them."""

    place: TilePlace
    hashes: bytes
    root: bytes


def make_tile(place: TilePlace, hashes: Sequence[bytes]) -> Tile:
    """Return the tile with these 256 hashes."""
    return Tile(place, b"".join(hashes), complete_root(hashes))


class TileBuilder:
    """Makes the tiles of a log from its leaves, in order. It begins at the edge of the tiles that exist."""

    def __init__(self, stored: int = 0, roots: Mapping[TilePlace, bytes] | None = None) -> None:
        """`stored` is the number of stored tiles of level 0, and `roots` has the roots of those at their edge."""
        self._next, self._row = stored, list[bytes]()
        self._above: list[list[bytes]] = []
        for place, count in edge_of(stored):
            self._above.append([(roots or {})[TilePlace(place.level, place.number + step)] for step in range(count)])

    def add(self, data: bytes) -> Iterator[Tile]:
        """Add a leaf. Yield the tiles that it completes, from the lowest level on."""
        self._row.append(leaf_hash(data))
        if len(self._row) == WIDTH:
            tile = make_tile(TilePlace(0, self._next), self._row)
            self._next, self._row = self._next + 1, []
            yield tile
            yield from self._add_above(0, tile)

    def _add_above(self, level: int, below: Tile) -> Iterator[Tile]:
        if level == len(self._above):
            self._above.append([])
        row = self._above[level]
        row.append(below.root)
        if len(row) == WIDTH:
            tile = make_tile(TilePlace(level + 1, below.place.number >> HEIGHT), row)
            row.clear()
            yield tile
            yield from self._add_above(level + 1, tile)


class TiledTree:
    """The hashes of a tree, from stored tiles and from the leaves that are in none of them.

    It knows only what was given to it: for the path of a leaf, the tiles of `tiles_above`, and the roots of `edge_of`.
    """

    def __init__(
        self,
        stored: int,
        tiles: Mapping[TilePlace, bytes],
        roots: Mapping[TilePlace, bytes],
        rest: Sequence[bytes],
    ) -> None:
        """`stored` is the number of stored tiles of level 0, and `rest` the data of all leaves that follow them."""
        self.size = stored * WIDTH + len(rest)
        self._tiles, self._roots = tiles, dict(roots)
        self._layers: dict[TilePlace, list[bytes]] = {}
        for start in range(0, len(rest), WIDTH):
            row = b"".join([leaf_hash(data) for data in rest[start : start + WIDTH]])
            self._layers[TilePlace(0, stored + start // WIDTH)] = complete_layers(row)

    def subtree(self, height: int, index: int) -> bytes:
        """Return the hash of a complete subtree (see merkle.py)."""
        level, above = divmod(height, HEIGHT)
        number, place = divmod(index << above, WIDTH)
        first = (place >> above) * HASH_BYTES
        return self._layers_of(TilePlace(level, number))[above][first : first + HASH_BYTES]

    def _layers_of(self, place: TilePlace) -> list[bytes]:
        """Return the layers of a tile, which are computed once: a path and the root use many nodes of the same tile."""
        if place not in self._layers:
            self._layers[place] = complete_layers(self._row(place))
        return self._layers[place]

    def _row(self, place: TilePlace) -> bytes:
        if place.level == 0 or place in self._tiles:
            return self._tiles[place]
        first = place.number * WIDTH
        after = min(first + WIDTH, self.size >> HEIGHT * place.level)
        return b"".join([self._root(TilePlace(place.level - 1, number)) for number in range(first, after)])

    def _root(self, place: TilePlace) -> bytes:
        if place not in self._roots:
            self._roots[place] = self._layers_of(place)[-1]
        return self._roots[place]


class GrowingTree:
    """The root of a tree to which leaves are added, in memory that grows with the logarithm of their number."""

    def __init__(self) -> None:
        self.size = 0
        self._subtrees: list[bytes] = []

    def add(self, data: bytes) -> None:
        """Add a leaf."""
        found, number = leaf_hash(data), self.size
        while number & 1:
            found, number = node_hash(self._subtrees.pop(), found), number >> 1
        self._subtrees.append(found)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of the leaves so far. There must be at least one."""
        *others, found = self._subtrees
        for left in reversed(others):
            found = node_hash(left, found)
        return found
