"""The network as it stands before the first wave: what is up, and each element's shortest path."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from dcctl.errors import Refused
from dcctl.planning.graph.model import Down, Graph
from dcctl.text import N_

Hop = tuple[str, str, int]  # neighbour, link, metric


class Either:
    """What is in one of two collections, without making a third."""

    __slots__ = ("first", "second")

    def __init__(self, first: Container[str], second: Container[str]) -> None:
        self.first, self.second = first, second

    def __contains__(self, item: object) -> bool:
        return item in self.second or item in self.first


@dataclass(frozen=True, slots=True)
class Centre:
    """Anchors that hang together: the first, and for each other its links towards the first."""

    anchors: tuple[str, ...] = ()
    trunk: dict[str, str] = field(default_factory=dict)  # host -> link


class Network:
    """A graph with what is down already taken out, and a forest of shortest paths to the centre.

    Raises:
        Refused: the centre has no element that is up, or is in pieces already.
    """

    def __init__(self, graph: Graph, already: Down) -> None:
        self.graph, self.already = graph, already
        self.forwarding = {host for host, node in graph.hosts.items() if node.forwards}
        self.at: dict[str, list[str]] = defaultdict(list)  # host -> its links, also dead ones
        self.riders: dict[str, list[str]] = defaultdict(list)  # link -> links carried over it
        self.kept_of: dict[str, list[str]] = defaultdict(list)  # gateway -> what it keeps up
        self._index()
        self.cut_ducts = frozenset(self._cut_ducts())
        self.dead = self.dying(self._first_dead(), frozenset())
        self.hops = self._hops()
        self.centre = self._whole_centre()
        self.distance, self.parent = self.shortest(self.centre)
        self.children: dict[str, list[str]] = defaultdict(list)
        for host, name in self.parent.items():
            self.children[self.far(name, host)].append(host)
        self.lost = {
            name: sum(gateway not in self.distance for gateway in kept.gateways)
            for name, kept in graph.kept.items()
        }
        self.allowed = {
            name: max(kept.tolerance, self.lost[name]) for name, kept in graph.kept.items()
        }

    def _index(self) -> None:
        for name, link in self.graph.links.items():
            for host in link.hosts:
                self.at[host].append(name)
            for carrier in {carrier for way in link.over for carrier in way}:
                self.riders[carrier].append(name)
        for name, kept in self.graph.kept.items():
            for gateway in kept.gateways:
                self.kept_of[gateway].append(name)

    def far(self, link: str, host: str) -> str:
        """The end of `link` that is not `host`."""
        return self.graph.links[link].far(host)

    def dying(self, first: Iterable[str], dead: Container[str]) -> set[str]:
        """What dies when `first` do, beside those `dead` already: what they carried dies too."""
        dying: set[str] = set()
        waiting = [link for link in first if link not in dead]
        gone = Either(dead, dying)
        while waiting:
            link = waiting.pop()
            dying.add(link)
            for rider in self.riders.get(link, ()):
                ways = self.graph.links[rider].over
                if rider not in gone and all(any(one in gone for one in way) for way in ways):
                    waiting.append(rider)
        return dying

    def _first_dead(self) -> Iterator[str]:
        """Links that are down, end at what is down, or share a duct with a link that is down."""
        out = self.already.hosts
        for name, link in self.graph.links.items():
            whole = out.isdisjoint(link.hosts) and self.cut_ducts.isdisjoint(link.ducts)
            if not whole or name in self.already.links:
                yield name

    def _cut_ducts(self) -> Iterator[str]:
        """The ducts of links that are down though both their ends are up."""
        for name in self.already.links:
            link = self.graph.links[name]
            if self.already.hosts.isdisjoint(link.hosts):
                yield from link.ducts

    def _hops(self) -> dict[str, list[Hop]]:
        up = self.graph.hosts.keys() - self.already.hosts
        hops: dict[str, list[Hop]] = {host: [] for host in self.graph.hosts if host in up}
        for name, link in self.graph.links.items():
            if name not in self.dead:
                one, other = link.hosts
                hops[one].append((other, name, link.metric))
                hops[other].append((one, name, link.metric))
        return hops

    def _whole_centre(self) -> Centre:
        up = [name for name in self.graph.anchors if name in self.hops]
        if not up:
            raise Refused(
                N_("no element of the centre is up: there is nothing that paths could lead to"),
                hint=N_("mark a site of inventory/topology.yml with anchor: true, or mend it"),
            )
        centre = self.centre_of(up[0])
        if len(centre.anchors) < len(up):
            raise Refused(
                N_("the centre is in pieces before anything is touched: no path joins {names}"),
                hint=N_("mend it, or say that one of them is down"),
                names=", ".join(sorted({up[0], *up} - {*centre.anchors[1:]})),
            )
        return centre

    def centre_of(self, root: str, down: Container[str] = (), dead: Container[str] = ()) -> Centre:
        """The anchors that have a path to `root`."""
        wanted = {name for name in self.graph.anchors if name != root and name not in down}
        before: dict[str, str] = {root: ""}
        waiting = deque([root])
        while waiting and wanted:
            host = waiting.popleft()
            for near, link, _ in self.hops[host]:
                seen = near in before or near in down or link in dead
                if not seen and near in self.forwarding:
                    before[near] = link
                    wanted.discard(near)
                    waiting.append(near)
        found = [name for name in self.graph.anchors if name in before and name != root]
        trunk: dict[str, str] = {}
        for name in found:
            host = name
            while before[host] and host not in trunk:
                trunk[host] = before[host]
                host = self.far(before[host], host)
        return Centre((root, *found), trunk)

    def shortest(
        self, centre: Centre, down: Container[str] = (), dead: Container[str] = ()
    ) -> tuple[dict[str, int], dict[str, str]]:
        """Each element's distance to the nearest anchor of the centre, and its first link there."""
        starts = [(0, anchor, "") for anchor in centre.anchors]
        return self.grow(starts, self.hops, down, dead)

    def grow(
        self,
        starts: list[tuple[int, str, str]],
        wanted: Container[str],
        down: Container[str],
        dead: Container[str],
    ) -> tuple[dict[str, int], dict[str, str]]:
        """Dijkstra from `starts` (distance, host, link) over the hosts that are wanted."""
        distance: dict[str, int] = {}
        parent: dict[str, str] = {}
        heap = starts
        heapify(heap)
        while heap:
            far, host, link = heappop(heap)
            if host in distance:
                continue
            distance[host] = far
            if link:
                parent[host] = link
            if host not in self.forwarding:
                continue
            for near, name, metric in self.hops[host]:
                if (
                    near not in distance
                    and near in wanted
                    and near not in down
                    and name not in dead
                ):
                    heappush(heap, (far + metric, near, name))
        return distance, parent
