"""Tiles: the tree of any size is the same, however many of its tiles are stored."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.log.proofs.merkle import HASH_BYTES, complete_root, inclusion_path, leaf_hash, root
from infra.log.proofs.tiles import (
    WIDTH,
    GrowingTree,
    TileBuilder,
    TiledTree,
    TilePlace,
    count_tiles,
    edge_of,
    levels_of,
    tiles_above,
)

MOST = 66_500
"""More than a whole tile of level 1 has below it."""


def data(number):
    return number.to_bytes(HASH_BYTES, "big")


@cache
def built():
    """All tiles of a log of MOST events by their places, and the hashes of its leaves."""
    builder = TileBuilder()
    tiles = {tile.place: tile for number in range(MOST) for tile in builder.add(data(number))}
    return tiles, [leaf_hash(data(number)) for number in range(MOST)]


@cache
def naive(height, index):
    return complete_root(built()[1][index << height : (index + 1) << height])


def tree_of(size, stored, leaf):
    """The tree as it is read: only the tiles above the leaf, the roots at the edge, and the rest of the log."""
    tiles = built()[0]
    roots = {}
    for place, count in edge_of(stored):
        for number in range(place.number, place.number + count):
            roots[TilePlace(place.level, number)] = tiles[TilePlace(place.level, number)].root
    above = {place: tiles[place].hashes for place in tiles_above(leaf, stored)}
    return TiledTree(stored, above, roots, [data(number) for number in range(stored * WIDTH, size)])


sizes = st.one_of(st.integers(1, 3000), st.integers(65_530, MOST))


@pytest.mark.thorough
@settings(deadline=None, max_examples=30)
@given(draw=st.data(), size=sizes)
def test_a_path_from_tiles_is_that_of_the_whole_tree(draw, size):
    leaf = draw.draw(st.integers(0, size - 1))
    behind = draw.draw(st.integers(0, 40))
    tree = tree_of(size, max(0, size // WIDTH - behind), leaf)
    assert tree.size == size
    assert root(size, tree.subtree) == root(size, naive)
    assert inclusion_path(leaf, size, tree.subtree) == inclusion_path(leaf, size, naive)


@pytest.mark.thorough
def test_the_tiles_are_those_of_the_specification():
    """https://c2sp.org/tlog-tiles: 70 000 leaves are 273 whole tiles of level 0 and one of level 1."""
    assert [count_tiles(70_000 // WIDTH, level) for level in range(3)] == [273, 1, 0]
    assert levels_of(70_000 // WIDTH) == 2
    tiles, leaves = built()
    assert tiles[TilePlace(0, 5)].hashes == b"".join(leaves[5 * WIDTH : 6 * WIDTH])
    assert tiles[TilePlace(1, 0)].hashes == b"".join(tiles[TilePlace(0, number)].root for number in range(WIDTH))
    assert [place for place in tiles if place.level == 1] == [TilePlace(1, 0)]


@pytest.mark.thorough
@settings(deadline=None, max_examples=6)
@given(stored=st.integers(0, MOST // WIDTH))
def test_a_builder_goes_on_from_the_edge(stored):
    tiles, _ = built()
    roots = {
        TilePlace(place.level, number): tiles[TilePlace(place.level, number)].root
        for place, count in edge_of(stored)
        for number in range(place.number, place.number + count)
    }
    builder = TileBuilder(stored, roots)
    made = [tile for number in range(stored * WIDTH, MOST) for tile in builder.add(data(number))]
    assert made == [tile for tile in tiles.values() if tile in made]
    assert {tile.place for tile in made if tile.place.level == 0} == {
        TilePlace(0, number) for number in range(stored, MOST // WIDTH)
    }
    assert (TilePlace(1, 0) in {tile.place for tile in made}) == (stored < WIDTH)


@given(size=st.integers(1, 1000))
def test_a_tree_that_grows_has_the_same_root(size):
    tree = GrowingTree()
    for number in range(size):
        tree.add(data(number))
    assert (tree.size, tree.root()) == (size, root(size, naive))
