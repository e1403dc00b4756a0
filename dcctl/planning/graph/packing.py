"""Few waves such that no site ever loses its last path, or more than it tolerates.

First fit: an element goes into the earliest wave that can bear it. Taking an element down moves
only the paths that led over it, so most of the work is the size of what hangs below each element.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dcctl.errors import InvalidInput
from dcctl.planning.graph.bound import lower_bound
from dcctl.planning.graph.certifying import certify
from dcctl.planning.graph.model import GROUP, SITE, Bound, Down, Graph, WaveKind
from dcctl.planning.graph.network import Network
from dcctl.planning.graph.wave import Rules, Wave
from dcctl.text import N_

NOTHING_DOWN = Down()
OWN = "own "  # what a bound of this campaign alone has before its name, among those of the graph


@dataclass(frozen=True, slots=True, kw_only=True)
class WavePlan:
    """The waves, what each is, what must be cut, and the certificate (plain JSON)."""

    waves: tuple[tuple[str, ...], ...]
    kinds: tuple[WaveKind, ...]
    cutting: Mapping[str, tuple[str, ...]]  # element -> sites and groups that it must cut
    lower_bound: int  # no plan under these rules has fewer waves
    certificate: Mapping[str, Any]

    @property
    def gap(self) -> int:
        """How many waves fewer there might be."""
        return len(self.waves) - self.lower_bound


def upgrade_waves(
    graph: Graph,
    elements: Sequence[str],
    *,
    already_down: Down = NOTHING_DOWN,
    canary: Collection[str] = (),
    groups: Mapping[str, Sequence[str]] | None = None,
    site_limits: Mapping[str, int] | None = None,
    size: int = 0,
) -> WavePlan:
    """Waves of `elements` with their certificate.

    Args:
        graph: from `graph_of`.
        elements: what is upgraded, in the order in which it is tried.
        already_down: what is down live; links that share a duct with a link that is down count too.
        canary: those of `elements` that go before all others, in waves of their own.
        groups: further redundancy groups beside the graph's; never two of one in a wave.
        site_limits: site -> most elements of it at once; only ever tightens what the graph says.
        size: most elements in a wave; 0 is no bound.

    Raises:
        InvalidInput: a link is named as down that the graph does not know.
        Refused: the centre is down or in pieces before anything is touched.
    """
    _known(graph, already_down)
    wanted = list(dict.fromkeys(elements))
    own = own_bounds(graph, wanted, groups or {}, site_limits or {}, size)
    network, rules = rules_of(graph, own, already_down, wanted)
    first = frozenset(canary)
    parts = (
        (WaveKind.CANARY, [one for one in wanted if one in first and one not in rules.cuts]),
        (WaveKind.CHANGE, [one for one in wanted if one not in first and one not in rules.cuts]),
        (WaveKind.CUTTING, [one for one in wanted if one in rules.cuts]),
    )
    waves: list[Wave] = []
    bound = 0
    for kind, part in parts:
        least = lower_bound(network, rules, part)
        waves.extend(_fewest(network, rules, kind, part, least))
        bound += least
    order = {element: index for index, element in enumerate(wanted)}
    for wave in waves:
        wave.elements.sort(key=order.__getitem__)
    return WavePlan(
        waves=tuple(tuple(wave.elements) for wave in waves),
        kinds=tuple(wave.kind for wave in waves),
        cutting=rules.cuts,
        lower_bound=bound,
        certificate=certify(network, rules, own, waves, bound),
    )


def _known(graph: Graph, down: Down) -> None:
    for name in sorted(down.links - graph.links.keys()):
        raise InvalidInput(
            N_("the link {name}, said to be down, is not in the graph"),
            hint=N_("inventory/topology.yml names the links; out-of-band links carry no paths"),
            name=name,
        )


def own_bounds(
    graph: Graph,
    elements: Sequence[str],
    groups: Mapping[str, Sequence[str]],
    site_limits: Mapping[str, int],
    size: int,
) -> dict[str, Bound]:
    """The bounds of this campaign alone, beside those of the graph."""
    bounds = {f"{GROUP}{name}": Bound(members=tuple(ones)) for name, ones in groups.items()}
    at: dict[str, list[str]] = {site: [] for site in site_limits}
    for one in elements:
        if one in graph.hosts and graph.hosts[one].site in at:
            at[graph.hosts[one].site].append(one)
    for site, most in site_limits.items():
        bounds[f"{SITE}{site}"] = Bound(members=tuple(at[site]), most=most)
    if size:
        bounds["size"] = Bound(members=tuple(elements), most=size)
    return bounds


def rules_of(
    graph: Graph, own: Mapping[str, Bound], already: Down, elements: Iterable[str]
) -> tuple[Network, Rules]:
    """The network before the first wave, and what bounds the waves in it."""
    both = [*graph.bounds.items(), *((f"{OWN}{name}", bound) for name, bound in own.items())]
    bounds_of: dict[str, list[str]] = {}
    for name, bound in both:
        for member in bound.members:
            bounds_of.setdefault(member, []).append(name)
    network = Network(graph, already)
    rules = Rules(bounds=dict(both), bounds_of={k: tuple(v) for k, v in bounds_of.items()})
    rules.cuts = _cuts(network, rules, own, elements)
    return network, rules


def _cuts(
    network: Network, rules: Rules, own: Mapping[str, Bound], elements: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """What each element must cut even when it goes alone: those that cut nothing are left out."""
    over: dict[str, set[str]] = {}
    groups = [*network.graph.bounds.items(), *own.items()]
    for name, bound in groups:
        away = network.already.hosts.intersection(bound.members)
        if name.startswith(GROUP) and away:
            for member in bound.members:
                if away - {member}:
                    over.setdefault(member, set()).add(name)
    cuts = {}
    for element in elements:
        names = over.get(element, set()) | Wave(network, rules).loss(element).over.keys()
        if names:
            cuts[element] = tuple(sorted(names))
    return cuts


def _fewest(
    network: Network, rules: Rules, kind: WaveKind, elements: Sequence[str], least: int
) -> list[Wave]:
    """The better of two orders; the second is tried only where the first may not be the best."""
    given = _pack(network, rules, kind, elements)
    if len(given) <= least:
        return given
    below = {element: len(Wave(network, rules).loss(element).broken) for element in elements}
    heavy = sorted(elements, key=lambda element: -below[element])
    return min(given, _pack(network, rules, kind, heavy), key=len)


def _pack(network: Network, rules: Rules, kind: WaveKind, elements: Sequence[str]) -> list[Wave]:
    waves: list[Wave] = []
    room: list[Wave] = []  # those that are not full
    for element in elements:
        wave = next((wave for wave in room if wave.take(element)), None)
        if wave is None:
            wave = Wave(network, rules, kind)
            wave.add(element, wave.loss(element))
            waves.append(wave)
            room.append(wave)
        if wave.full:
            room.remove(wave)
    return waves
