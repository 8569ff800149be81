"""Merkle trees with SHA-256, as RFC 9162 (section 2.1) and RFC 6962 define them.

The functions get the hashes of complete subtrees from a `Subtree`, so they need not know how a tree is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
"""The root of the tree without leaves."""

Subtree = Callable[[int, int], bytes]
"""Returns the hash of the complete subtree with 2 ** height leaves, of which the first one is index * 2 ** height. The
arguments are height and index."""


class WrongProof(Exception):
    """A proof does not prove what it claims; the message says what is wrong."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf."""
    return sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return sha256(b"\1" + left + right).digest()


def complete_layers(hashes: bytes) -> list[bytes]:
    """Return these hashes, then the nodes over each two of them, and so on up to one node. Each layer is one text.

    A hash without a pair is left out, so each layer has the complete subtrees of its height.
    """
    layers = [hashes]
    while len(layers[-1]) > HASH_BYTES:
        row = layers[-1]
        pairs = range(0, len(row) - HASH_BYTES, 2 * HASH_BYTES)
        layers.append(b"".join([sha256(b"\1" + row[place : place + 2 * HASH_BYTES]).digest() for place in pairs]))
    return layers


def complete_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root of the complete tree over these hashes. Their number must be a power of two."""
    return complete_layers(b"".join(hashes))[-1]


def root(size: int, subtree: Subtree) -> bytes:
    """Return the root of the tree with `size` leaves."""
    return _hash_of(0, size, subtree) if size else EMPTY_ROOT


def inclusion_path(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """Return the hashes that prove that the leaf is at this index (from 0) of the tree, beginning at the leaf."""
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _left_size(end - start)
        if index < middle:
            path.append(_hash_of(middle, end, subtree))
            end = middle
        else:
            path.append(_hash_of(start, middle, subtree))
            start = middle
    return path[::-1]


def consistency_path(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """Return the hashes that prove that the tree with `new` leaves begins with all leaves of the tree with `old`."""
    if old in (0, new):
        return []
    path, start, end = [], 0, new
    while old < end:
        middle = start + _left_size(end - start)
        if old <= middle:
            path.append(_hash_of(middle, end, subtree))
            end = middle
        else:
            path.append(_hash_of(start, middle, subtree))
            start = middle
    if start:
        path.append(_hash_of(start, end, subtree))
    return path[::-1]


def root_of_path(index: int, size: int, leaf: bytes, path: Iterable[bytes]) -> bytes:
    """Return the root to which an inclusion path leads from the hash of a leaf. Raises WrongProof.

    The leaf is in the tree if this is the tree's root (RFC 9162, section 2.1.3.2).
    """
    if not 0 <= index < size:
        raise WrongProof(f"the index {index} is not in a tree of {size} leaves")
    place, last, found = index, size - 1, leaf
    for hash in path:
        if last == 0:
            raise WrongProof("the path has too many hashes")
        if place & 1 or place == last:
            found = node_hash(hash, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, hash)
        place, last = place >> 1, last >> 1
    if last:
        raise WrongProof("the path has too few hashes")
    return found


def check_consistency(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> None:
    """Check that the new tree begins with all leaves of the old one (RFC 9162, section 2.1.4.2). Raises WrongProof."""
    if old > new:
        raise WrongProof(f"the older tree has {old} leaves, and the newer one only {new}")
    if old in (0, new):
        _check_without_path(old, old_root, new_root, path)
        return
    rest = list(path)
    if old & (old - 1) == 0:
        rest.insert(0, old_root)
    if not rest:
        raise WrongProof("the path has too few hashes")
    if _roots_of(old, new, rest) != (old_root, new_root):
        raise WrongProof("the path does not lead to the two roots")


def _check_without_path(old: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> None:
    if path:
        raise WrongProof("the path has too many hashes")
    if old_root != (new_root if old else EMPTY_ROOT):
        raise WrongProof("two trees with the same number of leaves have different roots")


def _roots_of(old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Return both roots to which a consistency path leads."""
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old_root = new_root = path[0]
    for hash in path[1:]:
        if last == 0:
            raise WrongProof("the path has too many hashes")
        if place & 1 or place == last:
            old_root, new_root = node_hash(hash, old_root), node_hash(hash, new_root)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new_root = node_hash(new_root, hash)
        place, last = place >> 1, last >> 1
    if last:
        raise WrongProof("the path has too few hashes")
    return old_root, new_root


def _hash_of(start: int, end: int, subtree: Subtree) -> bytes:
    """Return the hash of the leaves from `start` up to `end`, which are a subtree of some tree."""
    size = end - start
    height = size.bit_length() - 1
    if size == 1 << height:
        return subtree(height, start >> height)
    middle = start + _left_size(size)
    return node_hash(_hash_of(start, middle, subtree), _hash_of(middle, end, subtree))


def _left_size(size: int) -> int:
    """Return the largest power of two that is smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1
