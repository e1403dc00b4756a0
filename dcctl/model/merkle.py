"""RFC 6962 Merkle trees over SHA-256: roots and proofs, from whatever keeps the hashes.

A tree of `size` leaves is read through `Node`: the hash of a complete subtree by its level and its
number (level 0 is the leaves), so that nobody needs a whole tree in memory.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Node = Callable[[int, int], bytes]

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of one leaf (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\1" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two that is smaller than `size` (at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def span(node: Node, start: int, end: int) -> bytes:
    """The hash of the leaves from `start` up to `end`, where these are a subtree of some tree."""
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, start >> level)
    middle = start + split(size)
    return node_hash(span(node, start, middle), span(node, middle, end))


def root(node: Node, size: int) -> bytes:
    """The hash of a tree of `size` leaves."""
    return span(node, 0, size) if size else EMPTY


# --- proofs ---


def inclusion(node: Node, index: int, size: int) -> list[bytes]:
    """The audit path of a leaf, from its sibling upwards (RFC 6962, 2.1.1)."""
    return covering(node, [index], size)


def consistency(node: Node, old: int, size: int) -> list[bytes]:
    """What shows that the first `old` leaves of the tree are the old tree (RFC 6962, 2.1.2)."""
    if not 0 < old < size:
        return []
    start, end, path, whole = 0, size, [], True
    while old != end - start:
        middle = split(end - start)
        if old <= middle:
            path.append(span(node, start + middle, end))
            end = start + middle
        else:
            path.append(span(node, start, start + middle))
            start, old, whole = start + middle, old - middle, False
    if not whole:
        path.append(span(node, start, end))
    return path[::-1]


def covering(node: Node, indexes: Sequence[int], size: int) -> list[bytes]:
    """The hashes that, with these leaves (in ascending order), give the root: innermost first."""
    return list(_covering(node, indexes, 0, size)) if size else []


def _covering(node: Node, indexes: Sequence[int], start: int, end: int) -> Iterator[bytes]:
    first, last = bisect_left(indexes, start), bisect_left(indexes, end)
    if first == last:
        yield span(node, start, end)
    elif last - first < end - start:  # else every leaf is known
        middle = start + split(end - start)
        halves = [(start, middle), (middle, end)]
        if bisect_left(indexes, middle) == first:  # no leaf is on the left, so that comes last
            halves.reverse()
        for half in halves:
            yield from _covering(node, indexes, *half)


def beginning(node: Node, old: int, size: int) -> list[bytes]:
    """What shows that the first `old` leaves are the old tree, and gives either root by itself.

    The hashes of the old tree's complete subtrees, then those beside them in the new one. More than
    `consistency` needs, and simpler to follow.
    """
    levels = [level for level in reversed(range(old.bit_length())) if old >> level & 1]
    whole = [node(level, (old >> level) - 1) for level in levels]
    return whole + covering(node, range(old), size)


# --- checking them (RFC 9162, 2.1.3.2 and 2.1.4.2) ---


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], tree: bytes) -> bool:
    """Whether `path` shows the leaf of this hash to be number `index` of the tree."""
    if not 0 <= index < size:
        return False
    number, last, found = index, size - 1, leaf
    for part in path:
        if last == 0:
            return False
        if number & 1 or number == last:
            found = node_hash(part, found)
            while number and not number & 1:
                number, last = number >> 1, last >> 1
        else:
            found = node_hash(found, part)
        number, last = number >> 1, last >> 1
    return last == 0 and found == tree


def consistent(old: int, before: bytes, size: int, tree: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` shows that the tree `before` of `old` leaves is the beginning of `tree`."""
    if old == size:
        return not path and before == tree
    if old == 0:
        return not path and before == EMPTY
    if old > size or not path:
        return False
    parts = [before, *path] if old & (old - 1) == 0 else list(path)
    number, last = old - 1, size - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    was = now = parts[0]
    for part in parts[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            was, now = node_hash(part, was), node_hash(part, now)
            while number and not number & 1:
                number, last = number >> 1, last >> 1
        else:
            now = node_hash(now, part)
        number, last = number >> 1, last >> 1
    return last == 0 and was == before and now == tree
