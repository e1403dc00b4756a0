"""The estate as a graph of paths: what forwards, what each site keeps, what fails together.

Everything here is plain data: `plain.to_plain(graph)` is the topology part that the certificate's
checker reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

GROUP = "group "  # what a redundancy group's name has before it, among what is kept and bounded
SITE = "site "  # the same of a site's limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An element; paths of others lead through it only if it forwards."""

    site: str = ""
    forwards: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A link.

    `over` are the ways that carry it, each a list of links: it is up while one way is whole. Empty:
    it is a fibre or cable itself.
    """

    hosts: tuple[str, str]
    interfaces: tuple[str, str] = ("", "")
    metric: int = 10
    ducts: tuple[str, ...] = ()
    over: tuple[tuple[str, ...], ...] = ()

    def far(self, host: str) -> str:
        """The end that is not `host`."""
        return self.hosts[1] if self.hosts[0] == host else self.hosts[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A site or redundancy group: at most `tolerance` of its gateways may be without a path."""

    gateways: tuple[str, ...]
    tolerance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """At most so many of these may be down in one wave."""

    members: tuple[str, ...]
    most: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """What waves are computed from, and what their certificate is checked against."""

    hosts: Mapping[str, Node]
    links: Mapping[str, Edge]
    anchors: tuple[str, ...]  # the elements of the centre that every path leads to; they forward
    kept: Mapping[str, Kept]  # by site code, and `group NAME`
    bounds: Mapping[str, Bound] = field(default_factory=dict)  # `group NAME` and `site CODE`
    pathless: tuple[str, ...] = ()  # sites none of whose gateways has a path in the files


@dataclass(frozen=True, slots=True, kw_only=True)
class Down:
    """What is down already: elements, and links both of whose ends answer."""

    hosts: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """All of it, elements first."""
        return (*sorted(self.hosts), *sorted(self.links))


class WaveKind(StrEnum):
    """Why a wave is apart from others."""

    CANARY = "canary"
    CHANGE = "change"
    CUTTING = "cutting"  # cuts exactly what its elements are approved to cut
