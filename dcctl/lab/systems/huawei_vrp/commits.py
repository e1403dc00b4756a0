"""VRP8's two stages: a candidate for each session, commits, trial runs, rollback points."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from dcctl.lab.elements.model import Element, Saved, Terminal, Timer
from dcctl.lab.elements.tree import EMPTY, Tree
from dcctl.lab.systems.huawei_vrp import config

KEPT = 80
_FIRST = 1000000001
_BASE = "base:"


def candidate(element: Element, terminal: Terminal) -> Tree:
    """The configuration that this session edits."""
    return element.running if terminal.private is None else terminal.private


def modified(element: Element, terminal: Terminal) -> bool:
    """Whether there is anything to commit."""
    private = terminal.private
    return private is not None and config.lines(private) != config.lines(element.running)


def edited(element: Element, terminal: Terminal, tree: Tree) -> Terminal:
    """The session's candidate replaced; from the first edit on it knows what it stands on."""
    if terminal.private is not None or tree is element.running:
        return replace(terminal, private=tree) if terminal.private is not None else terminal
    flags = frozenset({*terminal.flags, f"{_BASE}{past(element)[0].how}"})
    return replace(terminal, private=tree, flags=flags)


def dropped(terminal: Terminal) -> Terminal:
    """The session's candidate forgotten."""
    flags = frozenset(flag for flag in terminal.flags if not flag.startswith(_BASE))
    return replace(terminal, private=None, flags=flags)


def past(element: Element) -> tuple[Saved, ...]:
    """Rollback points, the newest first; its tree is what runs."""
    known = element.history
    if known and known[0].tree is element.running:
        return known
    number = int(known[0].how) + 1 if known else _FIRST
    now = Saved(
        tree=element.running, time=element.changed, user=element.changed_by, how=str(number)
    )
    return (now, *known)[:KEPT]


def added(element: Element, tree: Tree, now: float, user: str, label: str = "") -> Element:
    """`tree` runs from now on, and is a rollback point."""
    before = past(element)
    saved = Saved(tree=tree, time=now, user=user, how=str(int(before[0].how) + 1), note=label)
    return replace(
        element, running=tree, history=(saved, *before)[:KEPT], changed=now, changed_by=user
    )


def committed(
    element: Element,
    terminal: Terminal,
    now: float,
    *,
    seconds: int = 0,
    persist: str = "",
    label: str = "",
) -> tuple[Element, Terminal]:
    """The candidate made active; on trial, it goes back after `seconds` unless it is confirmed."""
    start = next((flag for flag in terminal.flags if flag.startswith(_BASE)), "")
    base = next(
        (one.tree for one in past(element) if f"{_BASE}{one.how}" == start), element.running
    )
    tree = candidate(element, terminal)
    if base is not element.running:
        tree = merged(base, tree, element.running)
    after = added(element, tree, now, terminal.user, label)
    if seconds:
        timer = Timer(
            due=now + seconds,
            restore=element.running,
            user=terminal.user,
            session=0 if persist else terminal.number,
            persist=persist,
        )
        after = replace(after, timer=timer)
    return after, dropped(terminal)


def merged(base: Tree, mine: Tree, theirs: Tree) -> Tree:
    """What both changed since `base`; where both changed the same, mine holds."""
    found = {}
    for label in (*theirs, *(one for one in mine if one not in theirs)):
        if label in mine and label in theirs:
            found[label] = merged(base.get(label, EMPTY), mine[label], theirs[label])
        elif label in mine and (label not in base or mine[label] != base[label]):
            found[label] = mine[label]
        elif label in theirs and label not in base:
            found[label] = theirs[label]
    return MappingProxyType(found)


def expire(element: Element, now: float) -> Element:
    """Nobody confirmed the trial in time: the configuration of before comes back."""
    timer = element.timer
    if timer is None:
        return element
    return replace(added(element, timer.restore, now, timer.user), timer=None)


def leave(element: Element, terminal: Terminal) -> Element:
    """The session is gone; a trial that only it could confirm ends with it."""
    timer = element.timer
    if timer and timer.session == terminal.number:
        return expire(element, element.changed)
    return element


def changes(old: Tree, new: Tree, view: str = "system", depth: int = 0) -> list[str]:
    """What `new` has (`+`) and lacks (`-`), below the sections that it stands in."""
    rows: list[str] = []
    pad = " " * depth
    for label in [*old, *(one for one in new if one not in old)]:
        match = config.parsed(view, label)
        inner = match.rule.action if match.rule else ""
        if label in old and label in new:
            below = changes(old[label], new[label], inner or "any", depth + 1)
            block = [f"  {pad}{label}", *below] if below else []
        else:
            sign, tree = ("-", old) if label in old else ("+", new)
            block = [f"{sign} {line}" for line in config.section(view, label, tree[label], depth)]
        rows += ["  #", *block] if block and not depth else block
    return rows
