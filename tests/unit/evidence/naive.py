"""RFC 6962, section 2.1, word by word: slow, recursive, and sharing nothing with the code."""

from __future__ import annotations

import hashlib


def mth(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = largest(len(leaves))
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def largest(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def path(m, leaves):
    n = len(leaves)
    if n == 1:
        return []
    k = largest(n)
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def proof(m, leaves):
    return subproof(m, leaves, whole=True)


def subproof(m, leaves, *, whole):
    n = len(leaves)
    if m == n:
        return [] if whole else [mth(leaves)]
    k = largest(n)
    if m <= k:
        return [*subproof(m, leaves[:k], whole=whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], whole=False), mth(leaves[:k])]
