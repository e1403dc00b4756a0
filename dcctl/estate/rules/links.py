"""A link joins two interfaces of two hosts, each used once, in one subnet, with one MTU."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.estate.addresses import same_subnet
from dcctl.estate.draft import TOPOLOGY, Draft, Rule, complaint
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.estate.schema.topology import LinkEntry
    from dcctl.model.estate import Complaint


def _judge(draft: Draft) -> Iterator[Complaint]:
    ids: set[str] = set()
    used: dict[tuple[str, str], str] = {}
    for index, link in enumerate(draft.topology.links):
        if link.id in ids:
            yield complaint(
                draft.at(TOPOLOGY, "links", index, "id"),
                N_("the link {id} is here a second time"),
                N_("give it another id, or take it out"),
                id=link.id,
            )
        ids.add(link.id)
        for side, end in (("a", link.a), ("b", link.b)):
            if end.host not in draft.inventory.hosts:
                yield complaint(
                    draft.at(TOPOLOGY, "links", index, side, "host"),
                    N_("there is no host {host}, which link {id} ends at"),
                    N_("correct the name, or add the host to the inventory"),
                    host=end.host,
                    id=link.id,
                )
            other = used.setdefault((end.host, end.interface), link.id)
            if other != link.id:
                yield complaint(
                    draft.at(TOPOLOGY, "links", index, side, "interface"),
                    N_("{interface} of {host} is used by the links {other} and {id}"),
                    N_("a cable has its own interface at each end; correct one of them"),
                    interface=end.interface,
                    host=end.host,
                    other=other,
                    id=link.id,
                )
        yield from _ends(draft, index, link)


def _ends(draft: Draft, index: int, link: LinkEntry) -> Iterator[Complaint]:
    a, b = link.a, link.b
    if a.host == b.host:
        yield complaint(
            draft.at(TOPOLOGY, "links", index, "b", "host"),
            N_("the link {id} begins and ends at {host}"),
            N_("correct one end"),
            id=link.id,
            host=a.host,
        )
    mtus = {end.mtu or link.mtu for end in (a, b)}
    if len(mtus) > 1:
        yield complaint(
            draft.at(TOPOLOGY, "links", index, "b", "mtu"),
            N_("the ends of link {id} have the MTUs {a} and {b}"),
            N_("give both ends one MTU"),
            id=link.id,
            a=a.mtu or link.mtu or "-",
            b=b.mtu or link.mtu or "-",
        )
    if (a.address is None) != (b.address is None):
        side = "b" if b.address is None else "a"
        yield complaint(
            draft.at(TOPOLOGY, "links", index, side),
            N_("only one end of link {id} has an address"),
            N_("give both ends one, or neither"),
            id=link.id,
        )
    elif a.address and b.address and not same_subnet(a.address, b.address):
        yield complaint(
            draft.at(TOPOLOGY, "links", index, "b", "address"),
            N_("the ends of link {id}, {a} and {b}, are not in one subnet"),
            N_("correct one address or prefix length"),
            id=link.id,
            a=a.address,
            b=b.address,
        )


RULE = Rule(title=N_("Links join what can be joined"), judge=_judge)
