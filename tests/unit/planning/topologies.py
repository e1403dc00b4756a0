"""Random networks for the tests of waves, and the oracle that judges a wave by brute force."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from random import Random

from dcctl.planning.graph.model import Bound, Down, Edge, Graph, Kept, Node


def invent(seed: int, *, size: int = 14) -> tuple[Graph, Down]:
    """A network of a few sites around one to three anchors, with ducts, waves, pairs and faults."""
    random = Random(seed)
    anchors = [f"c{n}" for n in range(random.randint(1, 3))]
    hosts = {name: Node(site="C") for name in anchors}
    sites: dict[str, list[str]] = {}
    for n in range(size - len(anchors)):
        code = f"S{random.randrange(max(2, size // 3))}"
        name = f"e{n}"
        hosts[name] = Node(site=code, forwards=random.random() < 0.85)
        sites.setdefault(code, []).append(name)
    links = _links(random, list(hosts), anchors)
    kept = {}
    for code, members in sites.items():
        gateways = tuple(random.sample(members, random.randint(1, len(members))))
        most = len(gateways) - 1
        kept[code] = Kept(gateways=gateways, tolerance=random.choice([most, most, most // 2]))
    bounds = {}
    for n in range(random.randint(0, 3)):
        members = tuple(random.sample(list(hosts), min(len(hosts), random.randint(2, 3))))
        bounds[f"group g{n}"] = Bound(members=members)
    for code, members in sites.items():
        if random.random() < 0.4:
            bounds[f"site {code}"] = Bound(members=tuple(members), most=random.randint(1, 2))
    graph = Graph(hosts=hosts, links=links, anchors=tuple(anchors), kept=kept, bounds=bounds)
    down = Down(
        hosts=frozenset(name for name in hosts if name not in anchors and random.random() < 0.05),
        links=frozenset(name for name in links if random.random() < 0.06),
    )
    return graph, random.choice([down, Down()])


def _links(random: Random, hosts: Sequence[str], anchors: Sequence[str]) -> dict[str, Edge]:
    links: dict[str, Edge] = {}
    ducts = [f"d{n}" for n in range(5)]
    fibres: list[str] = []
    for n, host in enumerate(hosts[1:], 1):
        nearest = hosts[: max(1, min(n, random.choice([len(anchors), n])))]
        for there in random.sample(nearest, min(len(nearest), random.choice([1, 2, 2, 2]))):
            name = f"{host}--{there}--{len(links)}"
            over: tuple[tuple[str, ...], ...] = ()
            if len(fibres) > 3 and random.random() < 0.25:
                ways = [
                    random.sample(fibres, random.randint(1, 2)) for _ in range(random.randint(1, 2))
                ]
                over = tuple(tuple(way) for way in ways)
            elif random.random() < 0.6:
                fibres.append(name)
            links[name] = Edge(
                hosts=(host, there),
                interfaces=(f"p{len(links)}", f"q{len(links)}"),
                metric=random.choice([1, 10, 10, 100]),
                ducts=tuple(random.sample(ducts, random.choice([0, 0, 1]))),
                over=over,
            )
    return links


def up(graph: Graph, link: str, out: Collection[str], cut: Collection[str]) -> bool:
    """Whether a link works: not cut, both ends alive, and one of its ways whole."""
    edge = graph.links[link]
    if link in cut or any(host in out for host in edge.hosts):
        return False
    if not edge.over:
        return True
    return any(all(up(graph, part, out, cut) for part in way) for way in edge.over)


def cut_by(graph: Graph, already: Down) -> set[str]:
    """The links that are not to be trusted: those down, and all that lie in a duct with them."""
    cut = set(already.links)
    for name in already.links:
        if all(host not in already.hosts for host in graph.links[name].hosts):
            for other, edge in graph.links.items():
                if set(edge.ducts) & set(graph.links[name].ducts):
                    cut.add(other)
    return cut


def connected(graph: Graph, start: str, out: Collection[str], cut: Collection[str]) -> set[str]:
    """Every element that has a path to `start` through what forwards."""
    if start in out:
        return set()
    found = {start}
    while True:
        more = set()
        for name, edge in graph.links.items():
            if up(graph, name, out, cut):
                for one, other in (edge.hosts, edge.hosts[::-1]):
                    if one in found and graph.hosts[one].forwards and other not in found:
                        more.add(other)
        if not more:
            return found
        found |= more


def broken_promises(
    graph: Graph, already: Down, wave: Collection[str], may: Collection[str] = ()
) -> set[str]:
    """What a wave would cut: the fewest over the pieces that the centre may fall into."""
    cut = cut_by(graph, already)
    before = connected(
        graph, next(a for a in graph.anchors if a not in already.hosts), already.hosts, cut
    )
    out = set(already.hosts) | set(wave)
    verdicts = []
    for anchor in graph.anchors:
        reach = connected(graph, anchor, out, cut)
        verdicts.append(
            {
                name
                for name, kept in graph.kept.items()
                if name not in may
                and sum(host not in reach for host in kept.gateways)
                > max(kept.tolerance, sum(host not in before for host in kept.gateways))
            }
        )
    broken = min(verdicts, key=len)
    for name, bound in graph.bounds.items():
        group = name.startswith("group ")
        counted = set(wave) | (set(already.hosts) if group and name not in may else set())
        if set(bound.members) & set(wave) and len(counted & set(bound.members)) > bound.most:
            broken.add(name)
    return broken


def fewest(graph: Graph, already: Down, elements: Sequence[str]) -> int:
    """The least number of waves for elements that cut nothing alone, by trying every partition."""
    fine = {
        frozenset(some)
        for count in range(1, len(elements) + 1)
        for some in combinations(elements, count)
        if not broken_promises(graph, already, some)
    }
    best: Mapping[frozenset[str], int] = {frozenset(): 0}
    table = dict(best)

    def waves(left: frozenset[str]) -> int:
        if left not in table:
            first = min(left)
            table[left] = 1 + min(
                waves(left - some) for some in fine if first in some and some <= left
            )
        return table[left]

    return waves(frozenset(elements))
