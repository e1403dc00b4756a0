"""Plans waves for 10,000 elements at 3,300 communes and checks their certificate."""

from __future__ import annotations

import json
import time

from dcctl.model import plain
from dcctl.planning.certificate_checker import objections
from dcctl.planning.graph import Down, Graph, explain, upgrade_waves
from dcctl.planning.graph.keeping import Keeping
from dcctl.planning.graph.model import Bound, Edge, Kept, Node

PROVINCES = 34
COMMUNES = 97  # of each province: 3,298 in all


class _Country:
    """A network in the making."""

    def __init__(self) -> None:
        self.hosts: dict[str, Node] = {}
        self.links: dict[str, Edge] = {}
        self.kept: dict[str, Kept] = {}
        self.bounds: dict[str, Bound] = {}

    def join(self, one: str, other: str, metric: int = 10, *, duct: str = "") -> None:
        ducts = (duct,) if duct else ()
        self.links[f"{one}--{other}"] = Edge(hosts=(one, other), metric=metric, ducts=ducts)

    def site(self, code: str, gateways: list[str], others: list[str], *, most: int = 1) -> None:
        self.hosts.update({name: Node(site=code) for name in (*gateways, *others)})
        self.kept[code] = Kept(gateways=tuple(gateways), tolerance=len(gateways) - 1)
        self.bounds[f"site {code}"] = Bound(members=(*gateways, *others), most=most)
        if len(gateways) > 1:
            self.bounds[f"group {code}"] = Bound(members=tuple(gateways))

    def commune(self, code: str, number: int) -> list[str]:
        """A pair of routers and a switch, or a router, a switch and a radio link."""
        gateways = [f"{code}-ce1", f"{code}-ce2"][: 1 + number % 2]
        others = [f"{code}-sw", f"{code}-rl"][: 2 - number % 2]
        self.site(code, gateways, others)
        for other in others:
            for gateway in gateways:
                self.join(gateway, other, 20)
        if len(gateways) > 1:
            self.join(*gateways)
        return gateways


def country(provinces: int = PROVINCES, communes: int = COMMUNES) -> Graph:
    """Two cores, two PEs a province, chains of eight communes from one PE to the other.

    Every other commune has a single router; every tenth hangs on one PE by one link.
    """
    made = _Country()
    made.site("HL", ["core1", "core2"], [], most=2)
    made.join("core1", "core2")
    for n in range(provinces):
        pair = [f"p{n}-pe1", f"p{n}-pe2"]
        made.site(f"P{n}", pair, [])
        made.join(pair[0], "core1", 100, duct=f"{n}-east")
        made.join(pair[1], "core2", 100, duct=f"{n}-west")
        made.join(*pair)
        before = pair[0]
        for c in range(communes):
            gateways = made.commune(f"p{n}c{c}", c)
            if c % 10 == 0:
                made.join(gateways[0], pair[c // 10 % 2], duct=f"{n}-{c // 8}")
                continue
            made.join(gateways[0], before, duct=f"{n}-{c // 8}")
            before = gateways[-1]
            if c % 8 == 7:
                made.join(before, pair[1], duct=f"{n}-{c // 8}-back")
                before = pair[0]
    anchors = ("core1", "core2")
    return Graph(
        hosts=made.hosts, links=made.links, anchors=anchors, kept=made.kept, bounds=made.bounds
    )


def main(_: list[str]) -> None:
    """Print seconds of each part, and how good the result is."""
    graph = country()
    down = Down(hosts=frozenset({"p3-pe1"}), links=frozenset({"p5-pe1--core1"}))
    for size in (0, 50):
        start = time.perf_counter()
        plan = upgrade_waves(graph, list(graph.hosts), already_down=down, size=size)
        planned = time.perf_counter()
        topology = json.loads(json.dumps(plain.to_plain(graph)))
        text = json.dumps(plan.certificate)
        checked = time.perf_counter()
        assert objections(topology, json.loads(text)) == []
        after = time.perf_counter()
        print(
            f"{len(graph.hosts)} elements, {len(graph.links)} links, {len(graph.kept)} sites and"
            f" groups, size {size or 'unbounded'}: {planned - start:.1f} s planned,"
            f" {after - checked:.1f} s checked; {len(plan.waves)} waves, at least"
            f" {plan.lower_bound}; {len(plan.cutting)} must cut;"
            f" certificate {len(text) / 2**20:.1f} MiB"
        )
    start = time.perf_counter()
    keeping = Keeping(graph, plan.certificate)
    paths = sum(len(keeping.of(one)) for one in graph.hosts)
    kept = time.perf_counter()
    explain(graph, plan.certificate, plan.waves[-1][-1])
    print(
        f"every element's paths to keep ({paths}): {kept - start:.1f} s; the last element"
        f" explained: {time.perf_counter() - kept:.1f} s"
    )


if __name__ == "__main__":
    main([])
