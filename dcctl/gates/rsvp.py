"""RSVP: each path that begins or ends here and was up is up again.

A transit path was led round the element before the reload and need not come back: it is told. So is
a neighbour, which a router knows only while some path goes over it.
"""

from __future__ import annotations

from typing import Any

from dcctl.contracts import Gate, Terms, Verdict
from dcctl.gates._judging import items, members
from dcctl.text import N_

_OWN = ("ingress", "egress", "")  # empty: the device doesn't say


def _compare(before: Any | None, after: Any | None, terms: Terms) -> tuple[Verdict, ...]:
    transit, neighbors = terms.parameters["transit"], terms.parameters["neighbors"]
    paths = members(
        items(before),
        items(after),
        key=lambda one: (one.name, one.source, one.destination, one.role),
        up=lambda one: one.state == "up" and (transit or one.role in _OWN),
        state=lambda one: f"{one.role} {one.state}".strip(),
    )
    around = members(
        before.neighbors if before else (),
        after.neighbors if after else (),
        key=lambda one: ("neighbor", one),
        up=lambda _one: neighbors,
        state=lambda _one: "known",
    )
    return (*paths, *around)


GATE = Gate(
    topic="rsvp",
    title=N_("RSVP paths of its own are up again"),
    compare=_compare,
    parameters={"transit": False, "neighbors": False},
    settle_s=600,
)
