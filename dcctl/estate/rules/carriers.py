"""What carries a link exists, and nothing carries itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.estate.draft import TOPOLOGY, Draft, Rule, complaint
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dcctl.model.estate import Complaint


def _judge(draft: Draft) -> Iterator[Complaint]:
    carriers = {link.id: {*link.over, *link.protection} for link in draft.topology.links}
    for index, link in enumerate(draft.topology.links):
        for key, way in (("over", link.over), ("protection", link.protection)):
            for position, carrier in enumerate(way):
                if carrier not in carriers:
                    yield complaint(
                        draft.at(TOPOLOGY, "links", index, key, position),
                        N_("there is no link {id}"),
                        N_("correct the id"),
                        id=carrier,
                    )
        if link.protection and not link.over:
            yield complaint(
                draft.at(TOPOLOGY, "links", index, "protection"),
                N_("the link {id} has a protection, and nothing carries it otherwise"),
                N_("name the links of its working way under `over`"),
                id=link.id,
            )
        if _carries_itself(link.id, carriers):
            yield complaint(
                draft.at(TOPOLOGY, "links", index, "id"),
                N_("the link {id} is carried by itself, over the links that carry it"),
                N_("a fibre or cable is carried by nothing; correct `over` and `protection`"),
                id=link.id,
            )


def _carries_itself(link: str, carriers: Mapping[str, set[str]]) -> bool:
    found: set[str] = set()
    waiting = [*carriers[link]]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(carriers.get(one, ()))
    return link in found


RULE = Rule(title=N_("What carries a link exists"), judge=_judge)
