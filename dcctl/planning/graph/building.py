"""From the estate to its graph of paths."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence

from dcctl.model import plain
from dcctl.model.estate import Estate, Link
from dcctl.planning.graph.model import GROUP, SITE, Bound, Down, Edge, Graph, Kept, Node
from dcctl.planning.graph.network import Network

FORWARDING = frozenset({"router", "switch", "transport"})  # a path may lead through these
ENDING = frozenset({"router", "switch", "firewall"})  # and users hang on these
DIGEST = "topology"  # among a plan's digests
_TRANSPORT = "transport"
_OUT_OF_BAND = "oob"
_METRIC = 10  # of links that no routing protocol runs on


def graph_of(estate: Estate) -> Graph:
    """What the estate says of paths: no out-of-band links, and no paths through servers.

    In the lab it holds what has a twin.
    """
    grouped = {member for group in estate.redundancy for member in group.members}
    linked = {end.host for link in estate.links for end in (link.a, link.b)}
    targets = [estate.target(name) for name in estate.names if name in linked or name in grouped]
    kinds = {target.name: target.kind for target in targets}
    sites = {target.name: target.site for target in targets}
    ends = {name for name, kind in kinds.items() if kind in FORWARDING | ENDING}
    links = [
        link
        for link in estate.links
        if link.kind != _OUT_OF_BAND and link.a.host in ends and link.b.host in ends
    ]
    centres = {code for code, site in estate.sites.items() if site.anchor}
    borders = _borders(links, kinds, sites)
    anchors = tuple(
        name
        for name in kinds
        if name in borders and sites[name] in centres and kinds[name] in FORWARDING
    )
    bare = Graph(
        hosts={
            name: Node(site=sites[name], forwards=kinds[name] in FORWARDING)
            for name in kinds
            if name in ends or name in grouped
        },
        links={link.id: _edge(link) for link in links},
        anchors=anchors,
        kept={},
        bounds=_bounds(estate, sites),
    )
    return _keeping(bare, estate, borders) if anchors else bare


def digest_of(estate: Estate) -> str:
    """What a plan keeps of the graph its waves were computed from, to be stale on another one."""
    return plain.digest(graph_of(estate))


def _edge(link: Link) -> Edge:
    return Edge(
        hosts=(link.a.host, link.b.host),
        interfaces=(link.a.interface, link.b.interface),
        metric=link.isis_metric or link.ospf_metric or _METRIC,
        ducts=link.ducts,
        over=tuple(way for way in (link.over, link.protection) if way),
    )


def _borders(
    links: Sequence[Link], kinds: Mapping[str, str], sites: Mapping[str, str]
) -> Collection[str]:
    """The elements through which a site reaches others: a link leaves it, or goes to transport."""
    found = set()
    for link in links:
        for here, there in ((link.a.host, link.b.host), (link.b.host, link.a.host)):
            leaves = sites[here] != sites[there] or kinds[there] == _TRANSPORT
            if kinds[here] in ENDING and leaves:
                found.add(here)
    return found


def _bounds(estate: Estate, sites: Mapping[str, str]) -> dict[str, Bound]:
    """Of a redundancy group one; of a site what it says, else one; the centre has no bound."""
    bounds = {}
    for group in estate.redundancy:
        members = tuple(member for member in group.members if member in sites)
        if len(members) > 1:
            bounds[f"{GROUP}{group.name}"] = Bound(members=members)
    at: dict[str, list[str]] = {}
    for name, code in sites.items():
        at.setdefault(code, []).append(name)
    for code, site in estate.sites.items():
        if code in at and (site.at_once or not site.anchor):
            bounds[f"{SITE}{code}"] = Bound(members=tuple(at[code]), most=site.at_once or 1)
    return bounds


def _keeping(bare: Graph, estate: Estate, borders: Collection[str]) -> Graph:
    """The graph with what must keep its paths: what has one when nothing is down."""
    reached = Network(bare, Down()).distance
    of_site: dict[str, list[str]] = {}
    for name, node in bare.hosts.items():
        if name in borders:
            of_site.setdefault(node.site, []).append(name)
    kept: dict[str, Kept] = {}
    for code, members in of_site.items():
        site = estate.sites.get(code)
        gateways = tuple(name for name in members if name in reached)
        if gateways:
            kept[code] = _kept(gateways, site.tolerance if site else None)
    known = {frozenset(one.gateways) for one in kept.values()}
    for name, bound in bare.bounds.items():
        gateways = tuple(member for member in bound.members if member in reached)
        if name.startswith(GROUP) and len(gateways) > 1 and frozenset(gateways) not in known:
            kept[name] = _kept(gateways, None)
    pathless = tuple(code for code in of_site if code not in kept)
    return dataclasses.replace(bare, kept=kept, pathless=pathless)


def _kept(gateways: tuple[str, ...], tolerance: int | None) -> Kept:
    """However much is tolerated, the last gateway keeps its path."""
    most = len(gateways) - 1
    return Kept(gateways=gateways, tolerance=most if tolerance is None else min(tolerance, most))
