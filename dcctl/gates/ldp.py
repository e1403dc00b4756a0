"""LDP: each session that was operational is so again, and stays."""

from __future__ import annotations

from typing import Any

from dcctl.contracts import Gate, Terms, Verdict
from dcctl.gates._judging import items, members, paired, present, restarted_session
from dcctl.text import N_


def _compare(before: Any | None, after: Any | None, terms: Terms) -> tuple[Verdict, ...]:
    # One session to a peer, over however many links its hellos are heard (RFC 5036, 2.5.1).
    states = members(
        items(before),
        items(after),
        key=lambda one: (one.neighbor,),
        up=_up,
        state=lambda one: one.state,
    )
    ages = [
        restarted_session(f"{subject} uptime", was.uptime_s, is_.uptime_s, terms)
        for subject, was, is_ in paired(
            filter(_up, items(before)), filter(_up, items(after)), lambda one: (one.neighbor,)
        )
        if was is not None and is_ is not None
    ]
    return (*states, *present(*ages))


def _up(one: Any) -> bool:
    return bool(one.state == "operational")


GATE = Gate(
    topic="ldp",
    title=N_("LDP sessions are operational again"),
    compare=_compare,
    parameters={"stable_s": 30},
    settle_s=420,
)
