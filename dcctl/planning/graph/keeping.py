"""Which paths must stay while an element is down, read from the certificate.

A site is carried by an element if a shortest path of one of its gateways leads through it, or over
a link that it carries, or if the element is a gateway itself: that is where its traffic goes today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dcctl.errors import NotFound
from dcctl.planning.graph.model import Down, Graph
from dcctl.planning.graph.network import Network
from dcctl.text import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLink:
    """A link of a path that must stay, with host and interface of both ends."""

    id: str
    a: tuple[str, str]
    b: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPath:
    """The path that a gateway of a site (or redundancy group) keeps to the centre."""

    site: str
    gateway: str
    hosts: tuple[str, ...]  # from the gateway to the anchor, both included
    links: tuple[KeptLink, ...]


class Keeping:
    """A certificate, asked for the paths of one element after another."""

    def __init__(self, graph: Graph, certificate: Mapping[str, Any]) -> None:
        self.graph, self.certificate = graph, certificate

    @cached_property
    def network(self) -> Network:
        """The network before the first wave."""
        return Network(self.graph, already_of(self.certificate))

    @cached_property
    def _wave_of(self) -> Mapping[str, int]:
        waves = self.certificate["waves"]
        return {one: index for index, wave in enumerate(waves) for one in wave["down"]}

    def wave_of(self, element: str) -> int:
        """The index of its wave.

        Raises:
            NotFound: it is in none.
        """
        if element not in self._wave_of:
            raise NotFound(
                N_("{name} is in no wave of this plan"),
                hint=N_("the plan's waves name their elements"),
                name=element,
            )
        return self._wave_of[element]

    def of(self, element: str) -> tuple[KeptPath, ...]:
        """The path of each gateway that is left to the sites which `element` carries."""
        wave = self.certificate["waves"][self.wave_of(element)]
        lost = frozenset(wave["lost"])
        carried = {
            name for host in self._above(element) for name in self.network.kept_of.get(host, ())
        }
        return tuple(
            self._path(name, gateway, wave)
            for name, kept in self.graph.kept.items()
            if name in carried
            for gateway in kept.gateways
            if gateway not in lost
        )

    def _above(self, element: str) -> set[str]:
        """The hosts that have a shortest path through `element`, and itself."""
        network = self.network
        distance = network.distance
        waiting = [element]
        for link in network.dying(network.at.get(element, ()), network.dead):
            one, other = self.graph.links[link].hosts
            metric = self.graph.links[link].metric
            for host, far in ((one, other), (other, one)):
                if far in distance and distance.get(host) == distance[far] + metric:
                    waiting.append(host)
        found: set[str] = set()
        while waiting:
            host = waiting.pop()
            if host in found:
                continue
            found.add(host)
            if host in network.forwarding and host in distance:
                waiting.extend(
                    near
                    for near, _, metric in network.hops[host]
                    if distance.get(near) == distance[host] + metric
                )
        return found

    def _path(self, name: str, gateway: str, wave: Mapping[str, Any]) -> KeptPath:
        hosts, links = [gateway], []
        for link in self._links(gateway, wave):
            edge = self.graph.links[link]
            links.append(
                KeptLink(
                    id=link,
                    a=(edge.hosts[0], edge.interfaces[0]),
                    b=(edge.hosts[1], edge.interfaces[1]),
                )
            )
            hosts.append(edge.far(hosts[-1]))
        return KeptPath(site=name, gateway=gateway, hosts=tuple(hosts), links=tuple(links))

    def _links(self, host: str, wave: Mapping[str, Any]) -> Iterator[str]:
        tree, moved, centre = self.certificate["tree"], wave["moved"], wave["centre"]
        while host not in centre:
            link = moved.get(host) or tree[host]
            yield link
            host = self.graph.links[link].far(host)


def already_of(certificate: Mapping[str, Any]) -> Down:
    """What was down already when the certificate was made."""
    down = certificate["already_down"]
    return Down(hosts=frozenset(down["hosts"]), links=frozenset(down["links"]))


def keeps(graph: Graph, certificate: Mapping[str, Any], element: str) -> tuple[KeptPath, ...]:
    """`Keeping.of` for one element; for many, keep a `Keeping`."""
    return Keeping(graph, certificate).of(element)
