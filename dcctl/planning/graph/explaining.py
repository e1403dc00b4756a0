"""Why an element is in its wave: what keeps it out of the earlier ones, and which paths stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dcctl.model import plain
from dcctl.planning.graph.keeping import Keeping, KeptPath, already_of
from dcctl.planning.graph.model import GROUP, SITE, Bound, Graph, WaveKind
from dcctl.planning.graph.network import Network
from dcctl.planning.graph.packing import OWN, rules_of
from dcctl.planning.graph.wave import Rules, Wave
from dcctl.text import N_, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why one earlier wave does not take the element."""

    wave: int
    bounds: Mapping[str, tuple[str, ...]]  # bound -> its members that fill it
    cut: Mapping[str, tuple[str, ...]]  # site or group -> gateways that would lose their path
    ducts: tuple[str, ...]  # ducts counted as cut, in which what is cut has links


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """An element's place in the plan. Waves count from 0."""

    host: str
    wave: int
    kind: str
    cuts: tuple[str, ...]  # what it must cut even alone
    canaries: tuple[int, ...]  # earlier waves that take no others
    refusals: tuple[Refusal, ...]  # one for each earlier wave of its kind
    kept: tuple[KeptPath, ...]

    def sentences(self) -> Iterator[Text]:
        """The same in words."""
        said = N_("{host} is in wave {wave} ({kind})")
        yield Text(said, {"host": self.host, "wave": self.wave + 1, "kind": Text(self.kind)})
        for name in self.cuts:
            said = N_("its upgrade cuts {site} even when it goes alone, which needs an approval")
            yield Text(said, {"site": name})
        for wave in self.canaries:
            said = N_("not in wave {wave}: its canaries, the first of each system, go before all")
            yield Text(said, {"wave": wave + 1})
        for refusal in self.refusals:
            yield from _words(refusal)
        for path in self.kept:
            said = N_("{site} keeps the path {path}")
            yield Text(said, {"site": path.site, "path": " - ".join(path.hosts)})


def _words(refusal: Refusal) -> Iterator[Text]:
    wave = refusal.wave + 1
    for bound, members in refusal.bounds.items():
        name = bound.removeprefix(OWN)
        if name.startswith(GROUP):
            said = N_("not in wave {wave}: {members} of the redundancy group {name} is in it")
        elif name.startswith(SITE):
            said = N_("not in wave {wave}: {members} fill the limit of site {name}")
        else:
            said = N_("not in wave {wave}: it is full")
        name = name.removeprefix(GROUP).removeprefix(SITE)
        yield Text(said, {"wave": wave, "members": ", ".join(members), "name": name})
    for site, gateways in refusal.cut.items():
        said = N_("not in wave {wave}: {site} would be cut, with {gateways} without a path")
        yield Text(said, {"wave": wave, "site": site, "gateways": ", ".join(gateways)})
    if refusal.ducts:
        said = N_("not in wave {wave}: links in the ducts {ducts} count as cut")
        yield Text(said, {"wave": wave, "ducts": ", ".join(refusal.ducts)})


def explain(graph: Graph, certificate: Mapping[str, Any], host: str) -> Explanation:
    """Why `host` is in its wave.

    Raises:
        NotFound: it is in no wave.
    """
    keeping = Keeping(graph, certificate)
    index = keeping.wave_of(host)
    rows = certificate["waves"]
    own = {name: plain.from_plain(Bound, row) for name, row in certificate["bounds"].items()}
    network, rules = rules_of(graph, own, already_of(certificate), certificate["elements"])
    same = [number for number in range(index) if rows[number]["kind"] == rows[index]["kind"]]
    return Explanation(
        host=host,
        wave=index,
        kind=rows[index]["kind"],
        cuts=tuple(certificate["cuts"].get(host, ())),
        canaries=tuple(
            n for n in range(index) if rows[n]["kind"] == WaveKind.CANARY and n not in same
        ),
        refusals=tuple(_refusal(network, rules, n, rows[n]["down"], host) for n in same),
        kept=keeping.of(host),
    )


def _refusal(network: Network, rules: Rules, index: int, elements: list[str], host: str) -> Refusal:
    wave = Wave(network, rules)
    for element in elements:
        wave.add(element, wave.loss(element))
    cut = {name: tuple(gateways) for name, gateways in wave.loss(host).over.items()}
    kept, links = network.graph.kept, network.graph.links
    gateways = {gateway for name in cut for gateway in kept[name].gateways}
    dead = {link for gateway in gateways for link in network.at[gateway]} & network.dead
    below = {part for link in dead for way in links[link].over for part in way} & network.dead
    ducts = {duct for link in dead | below for duct in links[link].ducts}
    full = wave.crowded(host)
    return Refusal(
        wave=index,
        bounds={
            name: tuple(one for one in elements if one in rules.bounds[name].members)
            for name in full
        },
        cut=cut,
        ducts=tuple(sorted(ducts & network.cut_ducts)),
    )
