"""Redundancy groups and rings have members that exist, each once, and names of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.estate.draft import TOPOLOGY, Draft, Rule, complaint
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dcctl.estate.schema.topology import RedundancyEntry, RingEntry
    from dcctl.model.estate import Complaint


def _judge(draft: Draft) -> Iterator[Complaint]:
    yield from _entries(draft, "redundancy", draft.topology.redundancy)
    yield from _entries(draft, "rings", draft.topology.rings)
    links = {link.id for link in draft.topology.links}
    rings = {ring.name for ring in draft.topology.rings}
    for index, ring in enumerate(draft.topology.rings):
        for position, link in enumerate(ring.links):
            if link not in links:
                yield complaint(
                    draft.at(TOPOLOGY, "rings", index, "links", position),
                    N_("there is no link {id}"),
                    N_("correct the id"),
                    id=link,
                )
    for index, entry in enumerate(draft.topology.links):
        if entry.ring is not None and entry.ring not in rings:
            yield complaint(
                draft.at(TOPOLOGY, "links", index, "ring"),
                N_("there is no ring {ring}"),
                N_("correct it, or add the ring to `rings`"),
                ring=entry.ring,
            )


def _entries(
    draft: Draft, section: str, entries: Sequence[RedundancyEntry | RingEntry]
) -> Iterator[Complaint]:
    names: set[str] = set()
    for index, entry in enumerate(entries):
        if entry.name in names:
            yield complaint(
                draft.at(TOPOLOGY, section, index, "name"),
                N_("{name} is here a second time"),
                N_("give it another name, or put the members together"),
                name=entry.name,
            )
        names.add(entry.name)
        seen: set[str] = set()
        for position, member in enumerate(entry.members):
            keys = (section, index, "members", position)
            if member not in draft.inventory.hosts:
                yield complaint(
                    draft.at(TOPOLOGY, *keys),
                    N_("{name} has the member {member}, and there is no such host"),
                    N_("correct the name, or add the host to the inventory"),
                    name=entry.name,
                    member=member,
                )
            elif member in seen:
                yield complaint(
                    draft.at(TOPOLOGY, *keys),
                    N_("{name} has the member {member} twice"),
                    N_("take one out"),
                    name=entry.name,
                    member=member,
                )
            seen.add(member)


RULE = Rule(title=N_("Redundancy groups and rings have real members"), judge=_judge)
