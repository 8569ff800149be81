"""Merkle trees: RFC 6962's example, and for random trees the proofs of another implementation (pymerkle)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from infra.log.proofs.merkle import (
    EMPTY_ROOT,
    WrongProof,
    check_consistency,
    complete_root,
    consistency_path,
    inclusion_path,
    leaf_hash,
    node_hash,
    root,
    root_of_path,
)

MOST = 600


def leaf(number):
    return b"leaf %d" % number


HASHES = [leaf_hash(leaf(number)) for number in range(MOST)]
OTHERS = InmemoryTree(algorithm="sha256")
for number in range(MOST):
    OTHERS.append_entry(leaf(number))


def subtree(height, index):
    return complete_root(HASHES[index << height : (index + 1) << height])


def node(start, end):
    """The hash of the leaves from start up to end, as RFC 6962 (section 2.1) defines it."""
    if end - start == 1:
        return HASHES[start]
    middle = start + max(1 << power for power in range(20) if 1 << power < end - start)
    return node_hash(node(start, middle), node(middle, end))


def test_a_tree_without_leaves_has_the_root_of_the_rfc():
    assert root(0, subtree) == EMPTY_ROOT == OTHERS.get_root(0)


def test_the_proofs_of_the_example_of_rfc_6962():
    """Section 2.1.3: seven leaves d0 to d6; the paths of d0, d3, d4 and d6, and the proofs from 3, 4 and 6 leaves."""
    b, c, d, e, f, j = (HASHES[number] for number in (1, 2, 3, 4, 5, 6))
    a = HASHES[0]
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, far = node_hash(g, h), node_hash(i, j)
    assert inclusion_path(0, 7, subtree) == [b, h, far]
    assert inclusion_path(3, 7, subtree) == [c, g, far]
    assert inclusion_path(4, 7, subtree) == [f, j, k]
    assert inclusion_path(6, 7, subtree) == [i, k]
    assert consistency_path(3, 7, subtree) == [c, d, g, far]
    assert consistency_path(4, 7, subtree) == [far]
    assert consistency_path(6, 7, subtree) == [i, j, k]


@given(size=st.integers(1, MOST))
def test_the_root_is_that_of_the_other_implementation(size):
    assert root(size, subtree) == OTHERS.get_root(size) == node(0, size)


@given(data=st.data(), size=st.integers(1, MOST))
def test_an_inclusion_path_is_that_of_the_other_implementation_and_leads_to_its_root(data, size):
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_path(index, size, subtree)
    own, *others = OTHERS.prove_inclusion(index + 1, size).path
    assert (own, others) == (HASHES[index], path)
    assert root_of_path(index, size, HASHES[index], path) == OTHERS.get_root(size)


@pytest.mark.thorough
def test_every_leaf_of_every_small_tree_is_proven():
    for size in range(1, 70):
        for index in range(size):
            path = inclusion_path(index, size, subtree)
            assert root_of_path(index, size, HASHES[index], path) == OTHERS.get_root(size)


@pytest.mark.thorough
def test_each_small_tree_is_consistent_with_all_smaller_ones():
    for new in range(70):
        for old in range(new + 1):
            path = consistency_path(old, new, subtree)
            check_consistency(old, OTHERS.get_root(old), new, OTHERS.get_root(new), path)


@given(data=st.data(), new=st.integers(1, MOST))
def test_a_consistency_path_leads_to_both_roots_of_the_other_implementation(data, new):
    old = data.draw(st.integers(0, new))
    check_consistency(old, OTHERS.get_root(old), new, OTHERS.get_root(new), consistency_path(old, new, subtree))


@given(data=st.data(), size=st.integers(2, MOST))
def test_a_path_of_another_leaf_or_with_a_changed_hash_leads_elsewhere(data, size):
    index = data.draw(st.integers(0, size - 1))
    other = (index + data.draw(st.integers(1, size - 1))) % size
    path = inclusion_path(index, size, subtree)
    assert not leads_to_root(other, size, HASHES[index], path)
    assert not leads_to_root(index, size, HASHES[other], path)
    place = data.draw(st.integers(0, len(path) - 1))
    changed = [*path[:place], bytes([path[place][0] ^ 1]) + path[place][1:], *path[place + 1 :]]
    assert not leads_to_root(index, size, HASHES[index], changed)
    assert not leads_to_root(index, size, HASHES[index], path[:-1])
    assert not leads_to_root(index, size, HASHES[index], [*path, path[0]])


def leads_to_root(index, size, hash, path):
    try:
        return root_of_path(index, size, hash, path) == OTHERS.get_root(size)
    except WrongProof:
        return False


@given(data=st.data(), new=st.integers(2, MOST))
def test_a_tree_with_another_past_is_not_consistent(data, new):
    old = data.draw(st.integers(1, new))
    path = consistency_path(old, new, subtree)
    for wrong in ((bytes(32), OTHERS.get_root(new), path), (OTHERS.get_root(old), bytes(32), path)):
        with pytest.raises(WrongProof):
            check_consistency(old, wrong[0], new, *wrong[1:])
    with pytest.raises(WrongProof):
        check_consistency(old, OTHERS.get_root(old), new, OTHERS.get_root(new), [*path, bytes(32)])


@pytest.mark.parametrize(("old", "new"), [(3, 7), (4, 7), (6, 7)])
def test_a_consistency_path_that_was_cut_is_refused(old, new):
    path = consistency_path(old, new, subtree)
    with pytest.raises(WrongProof):
        check_consistency(old, OTHERS.get_root(old), new, OTHERS.get_root(new), path[:-1])


def test_a_log_that_has_shrunk_is_refused():
    with pytest.raises(WrongProof, match="the older tree has 7 leaves, and the newer one only 3"):
        check_consistency(7, OTHERS.get_root(7), 3, OTHERS.get_root(3), [])


def test_a_leaf_beyond_the_tree_is_refused():
    with pytest.raises(WrongProof, match="the index 7 is not in a tree of 7 leaves"):
        root_of_path(7, 7, HASHES[6], inclusion_path(6, 7, subtree))
