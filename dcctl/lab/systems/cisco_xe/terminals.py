"""Virtual terminals: what is said of a range holds for each of its lines, kept apart where they differ."""

from __future__ import annotations

from dcctl.lab.elements.tree import EMPTY, Tree, drop, put

ALL = "line vty 0 999"


def label(wanted: str) -> str:
    """`line vty 3` as `line vty 3 3`."""
    first, last = _span(wanted)
    return f"line vty {first} {last}"


def entered(tree: Tree, wanted: str) -> Tree:
    """`tree` with ranges that together are `wanted`; what they say stays with its lines."""
    first, last = _span(wanted)
    missing = set(range(first, last + 1))
    for kept in spans(tree):
        start, end = _span(kept)
        missing -= set(range(start, end + 1))
        cuts = sorted({start, *(cut for cut in (first, last + 1) if start < cut <= end)})
        if len(cuts) > 1:
            below, tree = tree[kept], drop(tree, (kept,))
            for begin, stop in zip(cuts, [*cuts[1:], end + 1], strict=True):
                tree = put(tree, (f"line vty {begin} {stop - 1}",), below)
    for number in sorted(missing):
        tree = put(tree, (f"line vty {number} {number}",), EMPTY)
    return tree


def forgotten(tree: Tree, wanted: str) -> Tree:
    """`tree` without the ranges inside `wanted`."""
    for kept in spans(tree, wanted):
        tree = drop(tree, (kept,))
    return tree


def spans(tree: Tree, within: str = ALL) -> list[str]:
    """The ranges inside another, in order."""
    first, last = _span(within)
    kept = sorted((one for one in tree if one.startswith("line vty ")), key=_span)
    return [one for one in kept if first <= _span(one)[0] and _span(one)[1] <= last]


def joined(tree: Tree) -> Tree:
    """Neighbouring ranges that say the same, as one."""
    held = ""
    for one in spans(tree):
        if held and _span(held)[1] + 1 == _span(one)[0] and tree[held] == tree[one]:
            wide, below = f"line vty {_span(held)[0]} {_span(one)[1]}", tree[held]
            tree = put(drop(drop(tree, (held,)), (one,)), (wide,), below)
            held = wide
        else:
            held = one
    return tree


def _span(text: str) -> tuple[int, int]:
    words = text.split()
    return int(words[2]), int(words[-1])
