"""A waiver has a name of its own, speaks to a gate that there is, and to hosts that there are."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from dcctl.estate.draft import WAIVERS, Draft, Rule, complaint
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.model.estate import Complaint


def _judge(draft: Draft) -> Iterator[Complaint]:
    if not draft.waivers.waivers:
        return
    from dcctl.gates import all_gates  # only for who has waivers

    names: set[str] = set()
    for index, entry in enumerate(draft.waivers.waivers):
        if entry.name in names:
            yield complaint(
                draft.at(WAIVERS, "waivers", index, "name"),
                N_("the waiver {name} is here a second time"),
                N_("give it another name"),
                name=entry.name,
            )
        names.add(entry.name)
        if entry.gate not in all_gates():
            yield complaint(
                draft.at(WAIVERS, "waivers", index, "gate"),
                N_("the waiver {name} speaks to the gate {gate}, and there is none"),
                N_("gates: {gates}"),
                name=entry.name,
                gate=entry.gate,
                gates=", ".join(all_gates()),
            )
        if not any(fnmatchcase(host, entry.targets) for host in draft.inventory.hosts):
            yield complaint(
                draft.at(WAIVERS, "waivers", index, "targets"),
                N_("no host is called {targets}, which the waiver {name} is for"),
                N_("correct the pattern, or take the waiver out"),
                name=entry.name,
                targets=entry.targets,
            )


RULE = Rule(title=N_("Waivers speak to gates and hosts that there are"), judge=_judge)
