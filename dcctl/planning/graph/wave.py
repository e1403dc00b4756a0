"""One wave while it is filled: which elements it takes down, and how the others' paths move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dcctl.planning.graph.model import Bound, WaveKind
from dcctl.planning.graph.network import Centre, Either, Network


@dataclass(slots=True, kw_only=True)
class Rules:
    """What bounds a wave beside the paths."""

    bounds: Mapping[str, Bound]
    bounds_of: Mapping[str, tuple[str, ...]]  # element -> the bounds it counts for
    cuts: dict[str, tuple[str, ...]] = field(default_factory=dict)  # element -> what it may cut


@dataclass(slots=True, kw_only=True)
class Loss:
    """What would follow if an element went down as well."""

    centre: Centre
    dead: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)  # hosts whose path was over it
    distance: dict[str, int] = field(default_factory=dict)
    parent: dict[str, str] = field(default_factory=dict)  # new first links of those broken
    over: dict[str, list[str]] = field(default_factory=dict)  # what is cut -> its gateways lost


class Wave:
    """Elements that are down at once; each further one moves only the paths that were over it."""

    def __init__(self, network: Network, rules: Rules, kind: WaveKind = WaveKind.CHANGE) -> None:
        self.network, self.rules, self.kind = network, rules, kind
        self.elements: list[str] = []
        self.down: set[str] = set()
        self.dead: set[str] = set()
        self.moved: dict[str, str] = {}  # host -> its new first link, "" where it has none
        self.distance: dict[str, int] = {}  # of those that moved and have a path
        self.adopted: dict[str, set[str]] = {}  # host -> hosts whose path moved to it
        self.centre = network.centre
        self.lost: Counter[str] = Counter()  # site or group -> gateways lost in this wave
        self.taken: Counter[str] = Counter()  # bound -> elements of it here
        self.cuts: set[str] = set()

    def crowded(self, element: str) -> list[str]:
        """The bounds (redundancy groups, limits) that keep `element` out."""
        bounds, taken = self.rules.bounds, self.taken
        names = self.rules.bounds_of.get(element, ())
        return [name for name in names if taken[name] >= bounds[name].most]

    @property
    def full(self) -> bool:
        """Whether it can take nothing more at all."""
        size = self.rules.bounds.get("own size")
        return size is not None and len(self.elements) >= size.most

    def take(self, element: str) -> bool:
        """Add `element` unless something forbids it."""
        if self.crowded(element):
            return False
        loss = self.loss(element)
        if loss.over:
            return False
        self.add(element, loss)
        return True

    def loss(self, element: str) -> Loss:
        """What would follow if `element` went down too."""
        network = self.network
        if element not in network.hops or element in self.down:
            return Loss(centre=self.centre)
        down = Either(self.down, (element,))
        dead = network.dying(network.at[element], Either(network.dead, self.dead))
        gone = Either(Either(network.dead, self.dead), dead)
        if element not in self.centre.anchors and dead.isdisjoint(self.centre.trunk.values()):
            return self._mended(element, self.centre, dead, down, gone)
        losses = []
        for centre in self._centres_after(down, gone):
            loss = self._mended(element, centre, dead, down, gone)
            if not loss.over:
                return loss
            losses.append(loss)
        return losses[0]

    def _centres_after(self, down: Either, gone: Either) -> list[Centre]:
        """The pieces that the anchors that are left fall into: one, as a rule."""
        centres: list[Centre] = []
        for name in self.network.centre.anchors:
            if name not in down and not any(name in centre.anchors for centre in centres):
                centres.append(self.network.centre_of(name, down, gone))
        return centres or [Centre()]

    def _mended(
        self, element: str, centre: Centre, dead: set[str], down: Either, gone: Either
    ) -> Loss:
        network = self.network
        if {*self.centre.anchors} - {element} == {*centre.anchors}:
            broken = self._below(self._first_broken(element, dead))
            broken.discard(element)
            distance, parent = self._around(broken, down, gone)
        else:  # the anchors fell apart, or another piece of them is the centre now
            broken = {host for host in network.hops if host not in down}
            distance, parent = network.shortest(centre, down, gone)
        loss = Loss(centre=centre, dead=dead, broken=broken, distance=distance, parent=parent)
        loss.over = self._over(element, loss)
        return loss

    def _first_broken(self, element: str, dead: Iterable[str]) -> list[str]:
        links = self.network.graph.links
        ends = [(host, name) for name in dead for host in links[name].hosts]
        return [element, *(host for host, name in ends if self.parent_of(host) == name)]

    def parent_of(self, host: str) -> str:
        """The first link of `host`'s path in this wave; "" at the centre or without a path."""
        if host in self.moved:
            return self.moved[host]
        return self.network.parent.get(host, "")

    def _below(self, first: Iterable[str]) -> set[str]:
        """These hosts and all whose paths lead through them."""
        found: set[str] = set()
        waiting = list(first)
        while waiting:
            host = waiting.pop()
            if host in found:
                continue
            found.add(host)
            below = self.network.children.get(host, ())
            waiting.extend(child for child in below if child not in self.moved)
            waiting.extend(self.adopted.get(host, ()))
        return found

    def _around(
        self, broken: set[str], down: Either, gone: Either
    ) -> tuple[dict[str, int], dict[str, str]]:
        """The next shortest path of each broken host, from those around that still have one."""
        network = self.network
        starts = []
        for host in broken:
            for near, link, metric in network.hops[host]:
                if near in broken or near in down or link in gone:
                    continue
                far = self.distance_of(near)
                if far is not None and near in network.forwarding:
                    starts.append((far + metric, host, link))
        return network.grow(starts, broken, down, gone)

    def distance_of(self, host: str) -> int | None:
        """How far `host` is from the centre in this wave; None without a path."""
        if host in self.moved:
            return self.distance.get(host)
        return self.network.distance.get(host)

    def has_path(self, host: str) -> bool:
        """Whether `host` is up and has a path to the centre."""
        return host not in self.down and self.distance_of(host) is not None

    def _changed(self, element: str, loss: Loss) -> Counter[str]:
        """How many gateways more each site or group loses (fewer: below zero)."""
        kept_of, changed = self.network.kept_of, Counter[str]()
        for host in (element, *loss.broken):
            if host in kept_of:
                less = self.has_path(host) - (host in loss.distance)
                for name in kept_of[host]:
                    changed[name] += less
        return changed

    def _over(self, element: str, loss: Loss) -> dict[str, list[str]]:
        """What would be cut beyond its tolerance without anybody having said that it may be."""
        network = self.network
        may = Either(self.cuts, self.rules.cuts.get(element, ()))
        return {
            name: [
                host
                for host in network.graph.kept[name].gateways
                if host == element or (host in loss.broken and host not in loss.distance)
            ]
            for name, more in sorted(self._changed(element, loss).items())
            if more > 0
            and name not in may
            and network.lost[name] + self.lost[name] + more > network.allowed[name]
        }

    def add(self, element: str, loss: Loss) -> None:
        """Take `element` down, with what that is known to do."""
        self.lost.update(self._changed(element, loss))
        for host in loss.broken | {element}:
            self._move(host, loss.parent.get(host, ""))
            self.distance.pop(host, None)
        self.distance.update(loss.distance)
        self.dead |= loss.dead
        self.centre = loss.centre
        self.elements.append(element)
        self.down.add(element)
        self.taken.update(self.rules.bounds_of.get(element, ()))
        self.cuts.update(self.rules.cuts.get(element, ()))

    def _move(self, host: str, link: str) -> None:
        before = self.moved.get(host, "")
        if before:
            self.adopted[self.network.far(before, host)].discard(host)
        self.moved[host] = link
        if link:
            self.adopted.setdefault(self.network.far(link, host), set()).add(host)
