"""Synchronous Ethernet: locked as before, on a source of the same quality."""

from __future__ import annotations

from typing import Any

from dcctl.contracts import Gate, Terms, Verdict
from dcctl.gates._judging import failed, items, members, paired, passed, present, same, unknown
from dcctl.text import N_

# Quality levels from the best to the worst, by option (ITU-T G.781, G.8264).
_LEVELS = (
    ("eprtc", "prtc", "eprc", "prc", "ssu-a", "ssu-b", "eeec", "sec", "eec1", "dnu"),
    ("eprtc", "prtc", "eprc", "prs", "stu", "st2", "tnc", "st3e", "st3", "smc", "st4", "dus"),
)


def _compare(before: Any | None, after: Any | None, _terms: Terms) -> tuple[Verdict, ...]:
    sources = members(
        items(before),
        items(after),
        key=lambda one: (one.interface,),
        up=lambda _one: True,
        state=lambda one: f"{one.state} {one.quality}".strip() or "there",
    )
    qualities = [
        quality(f"{subject} quality", was.quality, is_.quality)
        for subject, was, is_ in paired(items(before), items(after), lambda one: (one.interface,))
        if was is not None and is_ is not None
    ]
    if before is None:
        return sources
    return (
        *sources,
        *present(_lock(before.state, after.state if after else ""), *qualities),
        *_selected(before, after),
    )


def _lock(was: str, is_: str) -> Verdict | None:
    if was and was != "locked":
        return passed("clock", N_("was not locked before: {before}"), was, is_)
    return same("clock", was, is_)


def _selected(before: Any, after: Any | None) -> tuple[Verdict, ...]:
    was = [one for one in items(before) if one.selected]
    is_ = [one for one in items(after) if one.selected]
    if not was:
        return ()
    names = was[0].interface, is_[0].interface if is_ else None
    if not is_:
        return (failed("selected source", N_("was {before}, and none is selected"), *names),)
    return present(
        passed("selected source", N_("{after}, was {before}"), *names),
        quality("selected quality", was[0].quality, is_[0].quality),
    )


def quality(subject: str, was: str, is_: str) -> Verdict | None:
    """A quality level may not fall; two that no option ranks can only be told apart."""
    if not was or was == is_:
        return same(subject, was, is_)
    if not is_:
        return unknown(subject, N_("was {before}, and nothing is told now"), was, is_)
    old, new = _plain(was), _plain(is_)
    for levels in _LEVELS:
        if old in levels and new in levels:
            if levels.index(new) > levels.index(old):
                return failed(subject, N_("was {before}, is {after}"), was, is_)
            return passed(subject, N_("{after}, was {before}"), was, is_)
    return unknown(subject, N_("was {before}, is {after}: no order of these is known"), was, is_)


def _plain(level: str) -> str:
    return level.strip().lower().removeprefix("ql-")


GATE = Gate(
    topic="synce",
    title=N_("Frequency is locked again, at the same quality"),
    compare=_compare,
    settle_s=900,
)
