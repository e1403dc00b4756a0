"""EOS configuration sessions: candidates by name, the commit timer, checkpoints.

Source: EOS User Manual, "Configure Session". A commit replaces the running configuration by the
session's; with a timer it comes back unless the session is committed again.
"""

from __future__ import annotations

import difflib
from dataclasses import replace

from dcctl.lab.elements.model import Element, Saved, Terminal, Timer
from dcctl.lab.elements.tree import Tree
from dcctl.lab.systems.arista_eos import config

OPEN = 5  # pending sessions at most
PENDING, ON_TRIAL, COMPLETED = "pending", "pendingCommitTimer", "completed"
_CHECKPOINT = "checkpoint"
_LIFE_S = 86400.0


def sessions(element: Element, now: float) -> tuple[Saved, ...]:
    """Every session that is remembered, newest first; a reload and a day forget what is pending."""
    return tuple(
        saved
        for saved in element.history
        if saved.how in (PENDING, ON_TRIAL, COMPLETED)
        and saved.time >= element.booted
        and (saved.how != PENDING or now - saved.time < _LIFE_S)
    )


def find(element: Element, name: str, now: float) -> Saved | None:
    """The session `name`."""
    return next((saved for saved in sessions(element, now) if saved.note == name), None)


def checkpoints(element: Element) -> tuple[Saved, ...]:
    """Configurations of before commits, newest first."""
    return tuple(saved for saved in element.history if saved.how == _CHECKPOINT)


def _kept(element: Element, name: str, saved: Saved | None = None) -> tuple[Saved, ...]:
    rest = tuple(one for one in element.history if one.note != name or one.how == _CHECKPOINT)
    if saved is None:
        return rest
    if saved.how == COMPLETED:  # only one completed session is remembered
        rest = tuple(one for one in rest if one.how != COMPLETED)
    return (saved, *rest)


def opened(element: Element, terminal: Terminal, name: str, now: float) -> Element:
    """A session that did not exist, with a copy of what runs."""
    saved = Saved(tree=element.running, time=now, user=terminal.user, how=PENDING, note=name)
    return replace(element, history=_kept(element, name, saved))


def edited(element: Element, name: str, tree: Tree) -> Element:
    """The candidate of a session replaced."""
    return replace(
        element,
        history=tuple(
            replace(one, tree=tree) if one.note == name and one.how == PENDING else one
            for one in element.history
        ),
    )


def committed(
    element: Element, terminal: Terminal, session: Saved, now: float, seconds: int = 0
) -> Element:
    """The session's configuration runs; with `seconds` it comes back unless it is confirmed."""
    name, timer = session.note, None
    done = replace(session, how=ON_TRIAL if seconds else COMPLETED, time=now, user=terminal.user)
    if seconds:
        timer = Timer(
            due=now + seconds,
            restore=element.running,
            user=terminal.user,
            minutes=seconds // 60,
            persist=name,
        )
    before = Saved(tree=element.running, time=now, user=terminal.user, how=_CHECKPOINT, note="ckp")
    return replace(
        element,
        running=session.tree,
        timer=timer,
        history=(*_kept(element, name, done), before)[-40:],
        changed=now,
        changed_by=terminal.user,
    )


def confirmed(element: Element, session: Saved, now: float) -> Element:
    """A commit on trial is for good."""
    done = replace(session, how=COMPLETED, time=now)
    return replace(element, timer=None, history=_kept(element, session.note, done))


def aborted(element: Element, name: str, now: float) -> Element:
    """A session thrown away; one on trial is taken back."""
    timer = element.timer
    if timer and timer.persist == name:
        element = replace(element, running=timer.restore, timer=None, changed=now)
    return replace(element, history=_kept(element, name))


def expire(element: Element, now: float) -> Element:
    """Nobody confirmed in time: the configuration of before comes back."""
    if element.timer is None:
        return element
    return replace(aborted(element, element.timer.persist, now), changed_by="commit timer")


def diffs(element: Element, session: Saved) -> str:
    """`show session-config diffs`."""
    rows = difflib.unified_diff(
        config.lines(element.running),
        config.lines(session.tree),
        "system:/running-config",
        f"session:/{session.note}-session-config",
        lineterm="",
    )
    return "".join(f"{row}\n" for row in rows)
