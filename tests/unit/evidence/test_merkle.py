"""Roots and proofs are those of RFC 6962, and no other proof is taken."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dcctl.model import merkle
from tests.unit.evidence import naive

# The leaves and the roots of the tests of Certificate Transparency's reference implementation.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)

trees = st.lists(st.binary(max_size=4), min_size=1, max_size=70)


def nodes(leaves):
    def node(level, number):
        return naive.mth(leaves[number << level : (number + 1) << level])

    return node


@pytest.mark.parametrize("size", range(9))
def test_known_roots(size):
    assert merkle.root(nodes(LEAVES[:size]), size).hex() == ROOTS[size]


@given(trees)
def test_root(leaves):
    assert merkle.root(nodes(leaves), len(leaves)) == naive.mth(leaves)


@given(trees, st.data())
def test_inclusion(leaves, data):
    size = len(leaves)
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion(nodes(leaves), index, size)
    assert path == naive.path(index, leaves)
    leaf, tree = merkle.leaf_hash(leaves[index]), naive.mth(leaves)
    assert merkle.included(leaf, index, size, path, tree)
    assert not merkle.included(leaf, index, size, [*path, tree], tree)
    assert not merkle.included(merkle.leaf_hash(b"other"), index, size, path, tree)
    if path:
        spot = data.draw(st.integers(0, len(path) - 1))
        assert not merkle.included(leaf, index, size, path[:spot] + path[spot + 1 :], tree)


@given(trees, st.data())
def test_consistency(leaves, data):
    size = len(leaves)
    old = data.draw(st.integers(0, size))
    path = merkle.consistency(nodes(leaves), old, size)
    before, tree = naive.mth(leaves[:old]), naive.mth(leaves)
    assert path == (naive.proof(old, leaves) if old else [])
    assert merkle.consistent(old, before, size, tree, path)
    assert not merkle.consistent(old, before, size, tree, [*path, tree])
    other = merkle.leaf_hash(b"other")
    assert not merkle.consistent(old, other, size, tree, path)
    if old:  # any tree begins with nothing
        assert not merkle.consistent(old, before, size, other, path)


def test_a_changed_tree_is_never_consistent_with_the_one_before():
    """Every size, every old size, every changed leaf of the beginning."""
    for size in range(1, 18):
        leaves = [bytes([number]) for number in range(size)]
        for old in range(1, size + 1):
            before = naive.mth(leaves[:old])
            for spot in range(old):
                forged = [*leaves[:spot], b"forged", *leaves[spot + 1 :]]
                path = merkle.consistency(nodes(forged), old, size)
                assert not merkle.consistent(old, before, size, naive.mth(forged), path)


@given(trees, st.data())
@settings(max_examples=50)
def test_covering_is_all_but_what_is_known(leaves, data):
    size = len(leaves)
    known = sorted(data.draw(st.sets(st.integers(0, size - 1))))
    given_ = iter(merkle.covering(nodes(leaves), known, size))

    def rebuilt(start, end):
        if not any(start <= number < end for number in known):
            return next(given_)
        if end - start == 1:
            return merkle.leaf_hash(leaves[start])
        middle = start + naive.largest(end - start)
        if not any(start <= number < middle for number in known):
            right = rebuilt(middle, end)
            return merkle.node_hash(next(given_), right)
        left = rebuilt(start, middle)
        return merkle.node_hash(left, rebuilt(middle, end))

    assert rebuilt(0, size) == naive.mth(leaves)
    assert next(given_, None) is None
