"""Link aggregation: groups are up with every member that carried traffic."""

from __future__ import annotations

from typing import Any

from dcctl.contracts import Gate, Terms, Verdict
from dcctl.gates._judging import items, members, paired, present, same
from dcctl.text import N_


def _compare(before: Any | None, after: Any | None, _terms: Terms) -> tuple[Verdict, ...]:
    groups = members(
        items(before),
        items(after),
        key=lambda one: (one.name,),
        up=lambda one: one.up,
        state=lambda one: "up" if one.up else "down",
    )
    links = members(
        _links(before),
        _links(after),
        key=lambda one: one[:2],
        up=lambda one: one[2],
        state=lambda one: "active" if one[2] else f"inactive ({one[3]})",
    )
    protocols = [
        same(f"{subject} protocol", was.protocol, is_.protocol)
        for subject, was, is_ in paired(items(before), items(after), lambda one: (one.name,))
        if was is not None and is_ is not None and was.protocol != is_.protocol
    ]
    return (*groups, *links, *present(*protocols))


def _links(fact: Any | None) -> list[tuple[str, str, bool, str]]:
    return [
        (group.name, member.interface, member.active, member.state)
        for group in items(fact)
        for member in group.members
    ]


GATE = Gate(
    topic="lag",
    title=N_("Aggregated links carry traffic again"),
    compare=_compare,
    settle_s=180,
)
