"""BFD: each session that was up is up again."""

from __future__ import annotations

from typing import Any

from dcctl.contracts import Gate, Terms, Verdict
from dcctl.gates._judging import items, members
from dcctl.text import N_


def _compare(before: Any | None, after: Any | None, _terms: Terms) -> tuple[Verdict, ...]:
    return members(
        items(before),
        items(after),
        key=lambda one: (one.interface, one.neighbor),
        up=lambda one: one.state == "up",
        state=lambda one: one.state,
    )


GATE = Gate(topic="bfd", title=N_("BFD sessions are up again"), compare=_compare, settle_s=300)
