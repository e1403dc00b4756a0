"""SR OS datastores: candidates of each kind, commits, the confirm timer, saved configurations."""

from __future__ import annotations

from dataclasses import replace

from dcctl.lab.elements.model import Element, Saved, Terminal, Timer
from dcctl.lab.elements.tree import EMPTY, Tree, get, paths, put
from dcctl.lab.systems.nokia_sros.config import pruned

KEPT = 50  # configurations on the flash card besides the newest
_BASE, _MINE = "baseline", "candidate"


def candidate(element: Element, terminal: Terminal) -> Tree:
    """The configuration that this session edits or looks at."""
    if terminal.mode == "exec":
        return element.running
    if terminal.private is not None:
        mine: Tree = terminal.private[_MINE]
        return mine
    return element.running if element.candidate is None else element.candidate


def baseline(element: Element, terminal: Terminal) -> Tree:
    """What the candidate is compared with."""
    if terminal.private is None:
        return element.running
    base: Tree = terminal.private[_BASE]
    return base


def own_candidate(tree: Tree) -> Tree:
    """A private candidate, fresh."""
    return {_BASE: tree, _MINE: tree}


def edited(element: Element, terminal: Terminal, tree: Tree) -> tuple[Element, Terminal]:
    """The session's candidate replaced."""
    if terminal.private is not None:
        return element, replace(terminal, private={**terminal.private, _MINE: tree})
    return replace(element, candidate=tree), terminal


def differ(one: Tree, other: Tree) -> bool:
    """Whether two configurations say different things."""
    return one is not other and set(paths(one)) != set(paths(other))


def modified(element: Element, terminal: Terminal) -> bool:
    """Whether there is anything to commit."""
    if terminal.mode == "exec":
        return False
    return differ(baseline(element, terminal), candidate(element, terminal))


def outdated(element: Element, terminal: Terminal) -> bool:
    """Whether somebody else committed since this private candidate was made."""
    return terminal.private is not None and terminal.private[_BASE] is not element.running


def merged(element: Element, terminal: Terminal) -> Tree:
    """A private candidate's own changes on top of what runs by now."""
    mine = candidate(element, terminal)
    if not outdated(element, terminal):
        return mine
    before, after = set(paths(baseline(element, terminal))), list(paths(mine))
    gone = before - set(after)
    tree = EMPTY
    for path in [one for one in paths(element.running) if one not in gone]:
        tree = put(tree, path)
    for path in after:
        if path not in before:
            tree = put(tree, path)
    return pruned(tree)


def committed(
    element: Element, terminal: Terminal, now: float, *, minutes: int = 0, note: str = ""
) -> tuple[Element, Terminal]:
    """The candidate made to run; with `minutes` it goes back unless it is accepted."""
    tree = merged(element, terminal)
    timer = None
    if minutes:
        timer = Timer(
            due=now + 60 * minutes,
            restore=element.running,
            user=terminal.user,
            minutes=minutes,
            session=terminal.number,
            persist=_MINE if terminal.private is not None else "",
        )
    after = replace(
        element,
        running=tree,
        candidate=None if terminal.private is None else element.candidate,
        timer=timer,
        changed=now,
        changed_by=terminal.user,
    )
    if terminal.private is not None:
        terminal = replace(terminal, private=own_candidate(tree))
    if not minutes and saves_itself(tree):
        after = saved(after, terminal.user, now, note=note)
    return after, terminal


def accepted(element: Element, now: float) -> Element:
    """`commit confirmed accept`."""
    after = replace(element, timer=None)
    return saved(after, element.changed_by, now) if saves_itself(after.running) else after


def rolled_back(element: Element, now: float) -> Element:
    """What ran before comes back; where the candidate is shared or locked, it holds the changes."""
    timer = element.timer
    if timer is None:
        return element
    own = timer.persist == _MINE  # committed from a private candidate, which its session keeps
    return replace(
        element,
        running=timer.restore,
        candidate=element.candidate if own else element.running,
        timer=None,
        changed=now,
        changed_by="system",
    )


def expire(element: Element, now: float) -> Element:
    """Nobody accepted in time."""
    return rolled_back(element, now)


def leave(element: Element, terminal: Terminal) -> Element:
    """The session is gone: its lock, its own candidate, and a commit that it had on trial."""
    if element.timer is not None and element.timer.session == terminal.number:
        element = rolled_back(element, element.timer.due)
    if element.lock == terminal.number:
        element = replace(element, lock=0, candidate=None)
    return element


def saves_itself(tree: Tree) -> bool:
    """Whether a commit in the MD-CLI saves too."""
    cli = ("configure", "system", "management-interface", "cli", "md-cli")
    return "auto-config-save true" in (get(tree, cli) or EMPTY)


def saved(element: Element, user: str, now: float, *, note: str = "") -> Element:
    """The running configuration written to the flash card."""
    fresh = Saved(tree=element.running, time=now, user=user, how="MD-CLI", note=note)
    return replace(
        element,
        startup=element.running,
        saved=now,
        saved_by=user,
        history=(fresh, *element.history)[: KEPT + 1],
    )
