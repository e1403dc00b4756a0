"""OSPF: each neighbour that was full (or properly 2-way) is so again, on its interface."""

from __future__ import annotations

from typing import Any

from dcctl.contracts import Gate, Terms, Verdict
from dcctl.gates._judging import items, members
from dcctl.text import N_


def _compare(before: Any | None, after: Any | None, terms: Terms) -> tuple[Verdict, ...]:
    # Two routers of a broadcast network that are neither DR nor BDR stay at 2-way for good
    # (RFC 2328, 10.4); after a reload another router may be DR.
    rest = {(one.interface, one.neighbor) for one in items(before) if one.state == "2way"}
    two_way = terms.parameters["accept_2way"]

    def up(one: Any) -> bool:
        resting = two_way or (one.interface, one.neighbor) in rest
        return one.state == "full" or (resting and one.state == "2way")

    return members(
        items(before),
        items(after),
        key=lambda one: (one.interface, one.neighbor),
        up=up,
        state=lambda one: one.state,
    )


GATE = Gate(
    topic="ospf",
    title=N_("OSPF neighbours are full again"),
    compare=_compare,
    parameters={"accept_2way": False},
    settle_s=300,
)
