"""The arithmetic of `verify_evidence.py`: Ed25519, and hashes that give the root of a log."""

from __future__ import annotations

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from dcctl.model import merkle
from tests.unit.evidence import naive
from tests.unit.evidence.packed import VERIFIER
from tests.unit.evidence.test_merkle import nodes


def test_no_points_of_the_curve():
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    public, signature = key.public_key().public_bytes_raw(), key.sign(b"")
    for bad in (
        (2).to_bytes(32, "little"),  # no x to it
        (VERIFIER.P + 1).to_bytes(32, "little"),  # y = 1, written in another way
        (1 + 2**255).to_bytes(32, "little"),  # x = 0 can't be odd
    ):
        assert VERIFIER.point(bad) is None
        assert not VERIFIER.is_signed(bad, b"", signature)
        assert not VERIFIER.is_signed(public, b"", bad + signature[32:])
    assert VERIFIER.point((1).to_bytes(32, "little")) == (0, 1, 1, 0)
    assert not VERIFIER.is_signed(public[:-1], b"", signature)
    assert not VERIFIER.is_signed(public, b"", signature + b"\0")


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=40), st.integers(0, 511))
@settings(max_examples=15, deadline=None)
def test_ed25519(seed, message, bit):
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert VERIFIER.is_signed(public, message, signature)
    bad = bytearray(signature)
    bad[bit // 8] ^= 1 << bit % 8
    assert not VERIFIER.is_signed(public, message, bytes(bad))
    assert not VERIFIER.is_signed(public, message + b"x", signature)
    # S + L is the same number to the curve, and no signature (RFC 8032, 5.1.7)
    longer = int.from_bytes(signature[32:], "little") + VERIFIER.ORDER
    assert not VERIFIER.is_signed(public, message, signature[:32] + longer.to_bytes(32, "little"))


def test_points_that_share_one_coordinate():
    """Made with the key: S·BASE and R + k·A are the same in x alone, or in y alone."""
    secret, nonce, nothing, order_two = 5, 7, (0, 1, 1, 0), (0, VERIFIER.P - 1, 1, 0)
    public = written(VERIFIER.times(secret, VERIFIER.BASE))
    for more, sign, good in ((nothing, 1, True), (nothing, -1, False), (order_two, -1, False)):
        r = written(VERIFIER.add(VERIFIER.times(nonce, VERIFIER.BASE), more))
        k = int.from_bytes(hashlib.sha512(r + public).digest(), "little")
        s = sign * (nonce + k * secret) % VERIFIER.ORDER
        assert VERIFIER.is_signed(public, b"", r + s.to_bytes(32, "little")) is good


def written(point):
    """A point as 32 bytes."""
    x, y = (one * pow(point[2], -1, VERIFIER.P) % VERIFIER.P for one in point[:2])
    return (y | (x & 1) << 255).to_bytes(32, "little")


def test_ed25519_of_rfc_8032():
    public = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
    signature = (
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    )
    assert VERIFIER.is_signed(*map(bytes.fromhex, (public, "af82", signature)))


def text(hashes):
    return [base64.b64encode(one).decode() for one in hashes]


@given(st.lists(st.binary(max_size=3), min_size=1, max_size=40), st.data())
@settings(max_examples=60, deadline=None)
def test_its_trees(leaves, data):
    """Against the naive tree, with proofs by dcctl's own code."""
    size, tree = len(leaves), naive.mth(leaves)
    node = nodes(leaves)
    index = data.draw(st.integers(0, size - 1))
    path, one = text(naive.path(index, leaves)), [VERIFIER.known_leaf(index, leaves[index])]
    assert VERIFIER.root_of(one, size, path) == tree
    assert VERIFIER.root_of(one, size, [*path, *text([tree])]) != tree
    known = sorted(data.draw(st.sets(st.integers(0, size - 1), min_size=1)))
    some = [VERIFIER.known_leaf(number, leaves[number]) for number in known]
    around = text(merkle.covering(node, known, size))
    assert VERIFIER.root_of(some, size, around) == tree
    assert not around or VERIFIER.root_of(some, size, around[:-1]) != tree
    old = data.draw(st.integers(1, size))
    before, proof = naive.mth(leaves[:old]), text(merkle.beginning(node, old, size))
    assert VERIFIER.goes_on(old, before, size, tree, proof)
    for bad in (proof[:-1], proof[1:], [*proof, *text([tree])]):
        assert not VERIFIER.goes_on(old, before, size, tree, bad)
    assert not VERIFIER.goes_on(old, before, size, bytes(32), proof)
    other = [*leaves[: old - 1], b"else"]
    assert not VERIFIER.goes_on(old, naive.mth(other), size, tree, proof)


def test_no_log_goes_on_from_another():
    """Every size, every old size, every changed leaf of the beginning: whatever is shown."""
    for size in range(1, 14):
        leaves = [bytes([number]) for number in range(size)]
        for old in range(1, size + 1):
            before = naive.mth(leaves[:old])
            for spot in range(old):
                forged = [*leaves[:spot], b"forged", *leaves[spot + 1 :]]
                tree = naive.mth(forged)
                for shown in (leaves, forged):
                    proof = text(merkle.beginning(nodes(shown), old, size))
                    assert not VERIFIER.goes_on(old, before, size, tree, proof)


@pytest.mark.parametrize("length", [31, 33])
def test_a_hash_of_another_length(length):
    """What is hashed would be cut in two elsewhere."""
    bad = text([bytes(length)])
    with pytest.raises(VERIFIER.Wrong, match="of another length"):
        VERIFIER.root_of([VERIFIER.known_leaf(0, b"")], 2, bad)
    with pytest.raises(VERIFIER.Wrong, match="of another length"):
        VERIFIER.goes_on(1, bytes(32), 2, bytes(32), bad)
