"""Supervisors: as many as before, in the same mode, ready to take over.

Which of them is active may change: an upgrade without interruption ends on the other one.
"""

from __future__ import annotations

from typing import Any

from dcctl.contracts import Gate, Terms, Verdict
from dcctl.gates._judging import (
    failed,
    items,
    members,
    multiset,
    passed,
    present,
    same,
    unknown,
)
from dcctl.text import N_

_THERE = ("active", "standby")


def _compare(before: Any | None, after: Any | None, _terms: Terms) -> tuple[Verdict, ...]:
    each = members(
        items(before),
        items(after),
        key=lambda one: (one.name,),
        up=lambda one: one.role in _THERE,
        state=lambda one: f"{one.role} {one.state}".strip(),
    )
    if before is None:
        return each
    was, is_ = _roles(before), _roles(after)
    return (
        *each,
        *present(
            same("roles", was, is_),
            same("mode", before.mode, after.mode if after else ""),
            _ready(before, after),
        ),
    )


def _roles(fact: Any | None) -> str:
    """Roles with their states, whoever has them; of an active one the state is the role."""
    return multiset(
        one.role if one.role == "active" else f"{one.role} {one.state}"
        for one in items(fact)
        if one.role in _THERE
    )


def _ready(before: Any, after: Any | None) -> Verdict | None:
    was, is_ = before.ready, after.ready if after else None
    if was is None:
        return None
    if is_ is None:
        return unknown("ready", N_("was {before}, and nothing is told now"), was, is_)
    if was and not is_:
        return failed("ready", N_("a switchover would stop forwarding now"), was, is_)
    return passed("ready", N_("{after}, was {before}"), was, is_)


GATE = Gate(
    topic="redundancy",
    title=N_("Supervisors stand by as before"),
    compare=_compare,
    settle_s=1200,  # the other supervisor boots after the first
)
