"""Junos commits: candidate and active configuration, rollbacks, the confirm timer, locks."""

from __future__ import annotations

from dataclasses import replace

from dcctl.lab.elements.model import Element, Saved, Terminal, Timer
from dcctl.lab.elements.tree import Tree
from dcctl.lab.systems.juniper_junos import config
from dcctl.lab.systems.juniper_junos.load import set_text

KEPT = 50


def candidate(element: Element, terminal: Terminal) -> Tree:
    """The configuration that this session edits."""
    if terminal.private is not None:
        return terminal.private
    return element.running if element.candidate is None else element.candidate


def edited(element: Element, terminal: Terminal, tree: Tree) -> tuple[Element, Terminal]:
    """The session's candidate replaced."""
    if terminal.private is not None:
        return element, replace(terminal, private=tree)
    return replace(element, candidate=tree), terminal


def modified(element: Element, terminal: Terminal) -> bool:
    """Whether there is anything to commit."""
    now = candidate(element, terminal)
    return now is not element.running and bool(config.compare(element.running, now))


def _who(user: str) -> str:
    return "root" if user in ("", "factory") else user


def past(element: Element) -> tuple[Saved, ...]:
    """Rollback 0 and older."""
    first = Saved(
        tree=element.running, time=element.changed, user=_who(element.changed_by), how="other"
    )
    return element.history or (first,)


def committed(
    element: Element, terminal: Terminal, now: float, *, minutes: int = 0, note: str = ""
) -> tuple[Element, Terminal]:
    """The candidate made active; with `minutes` it goes back unless it is confirmed."""
    tree = candidate(element, terminal)
    if terminal.private is not None:
        tree = _on_top(element, terminal)
    timer = element.timer
    restore = timer.restore if timer else element.running
    if minutes:
        timer = Timer(due=now + 60 * minutes, restore=restore, user=terminal.user, minutes=minutes)
    saved = Saved(
        tree=tree,
        time=now,
        user=terminal.user,
        note=f"commit confirmed, rollback in {minutes}mins" if minutes else note,
    )
    after = replace(
        element,
        running=tree,
        # What a power loss brings back: the last configuration that was for good.
        startup=restore if minutes else tree,
        candidate=None if terminal.private is None else element.candidate,
        history=(saved, *past(element))[:KEPT],
        timer=timer if minutes else None,
        changed=now,
        changed_by=terminal.user,
        saved=now,
        saved_by=terminal.user,
    )
    return after, terminal if terminal.private is None else replace(terminal, private=tree)


def _on_top(element: Element, terminal: Terminal) -> Tree:
    """A private candidate's own changes on top of what is active by now."""
    base = past(element)[0].tree
    for saved in past(element):
        if saved.time <= terminal.since:
            base = saved.tree
            break
    mine = candidate(element, terminal)
    old, new = set(config.set_lines(base)), config.set_lines(mine)
    lines = [line.replace("set ", "delete ", 1) for line in old - set(new)]
    lines += [line for line in new if line not in old]
    return set_text(element.running, "\n".join(lines))[0]


def expire(element: Element, now: float) -> Element:
    """Nobody confirmed in time: the configuration of before comes back."""
    timer = element.timer
    if timer is None:
        return element
    saved = Saved(
        tree=timer.restore,
        time=now,
        user="root",
        how="other",
        note="rollback of an unconfirmed commit",
    )
    return replace(
        element,
        running=timer.restore,
        startup=timer.restore,
        candidate=None,
        history=(saved, *element.history)[:KEPT],
        timer=None,
        changed=now,
        changed_by="root",
    )


def leave(element: Element, terminal: Terminal) -> Element:
    """The session is gone: an exclusive candidate goes with it, a shared one stays."""
    if element.lock == terminal.number:
        return replace(element, lock=0, candidate=None)
    return element
