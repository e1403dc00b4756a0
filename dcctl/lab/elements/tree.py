"""A configuration as a tree of labels, changed by copying the path that changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

Tree = Mapping[str, Any]  # label -> Tree
EMPTY: Tree = MappingProxyType({})


def get(tree: Tree, path: Sequence[str]) -> Tree | None:
    """The subtree at `path`, or None."""
    for label in path:
        found = tree.get(label)
        if found is None:
            return None
        tree = found
    return tree


def put(tree: Tree, path: Sequence[str], subtree: Tree | None = None) -> Tree:
    """`tree` with `path` in it; what already lies there stays unless `subtree` replaces it."""
    if not path:
        return tree if subtree is None else subtree
    head, rest = path[0], path[1:]
    below = put(tree.get(head, EMPTY), rest, subtree)
    return MappingProxyType({**tree, head: below})


def drop(tree: Tree, path: Sequence[str]) -> Tree:
    """`tree` without `path`; the same object when it wasn't there."""
    if not path or path[0] not in tree:
        return tree
    head, rest = path[0], path[1:]
    if not rest:
        return MappingProxyType({label: below for label, below in tree.items() if label != head})
    below = drop(tree[head], rest)
    return tree if below is tree[head] else MappingProxyType({**tree, head: below})


def merge(tree: Tree, other: Tree) -> Tree:
    """Both together."""
    merged = dict(tree)
    for label, below in other.items():
        merged[label] = merge(merged[label], below) if label in merged else below
    return MappingProxyType(merged)


def paths(tree: Tree, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every leaf's path, in order."""
    for label, below in tree.items():
        if below:
            yield from paths(below, (*above, label))
        else:
            yield (*above, label)


def to_plain(tree: Tree) -> dict[str, Any]:
    """As JSON data."""
    return {label: to_plain(below) for label, below in tree.items()}


def from_plain(data: Mapping[str, Any]) -> Tree:
    """What `to_plain` gave."""
    return MappingProxyType({label: from_plain(below) for label, below in data.items()})


def value(tree: Iterable[str], start: str, default: str = "") -> str:
    """What follows the words `start` in the first line that begins with them."""
    start += " "
    for label in tree:
        if label.startswith(start):
            return label[len(start) :]
    return default


def values(tree: Iterable[str], start: str) -> list[str]:
    """What follows the words `start` in every line that begins with them."""
    start += " "
    return [label[len(start) :] for label in tree if label.startswith(start)]


def sections(tree: Tree, start: str) -> Iterator[tuple[str, Tree]]:
    """(what follows the words `start`, the section) of every line that begins with them."""
    start += " "
    for label, below in tree.items():
        if label.startswith(start):
            yield label[len(start) :], below
