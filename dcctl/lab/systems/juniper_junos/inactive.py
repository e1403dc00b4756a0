"""Statements that stand in a Junos configuration and do nothing: `deactivate`, `activate`.

In a tree such a statement's label begins with `inactive: `, so that nobody takes it for one that
works.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from dcctl.lab.elements.tree import EMPTY, Tree, get, put

MARK = "inactive: "


def plain(label: str) -> str:
    """A label without the mark."""
    return label.removeprefix(MARK)


def found(tree: Tree, path: Sequence[str]) -> tuple[str, ...]:
    """A path as the tree has it, with the marks of what is inactive on it."""
    here: tuple[str, ...] = ()
    for label in path:
        below = get(tree, here) or EMPTY
        marked = f"{MARK}{label}"
        here = (*here, marked if marked in below and label not in below else label)
    return here


def turned(tree: Tree, path: Sequence[str], *, active: bool) -> Tree | None:
    """With the statement at `path` made active or inactive; None where there is none."""
    there = found(tree, path)
    above, old = there[:-1], there[-1]
    around = get(tree, above)
    if around is None or old not in around:
        return None
    fresh = plain(old) if active else f"{MARK}{plain(old)}"
    renamed = MappingProxyType(
        {fresh if label == old else label: below for label, below in around.items()}
    )
    return put(tree, above, renamed) if above else renamed
