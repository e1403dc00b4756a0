"""A number of waves that no plan can go below, from what can be counted without searching."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from dcctl.planning.graph.network import Network
from dcctl.planning.graph.wave import Rules, Wave

_TRIES = 2_000  # pairs of elements that are tried against each other


def lower_bound(network: Network, rules: Rules, elements: Sequence[str]) -> int:
    """The largest of: what each bound, each tolerance, and elements that exclude each other need.

    Of elements that cut something only the bounds count: what one may cut, another may too.
    """
    if not elements:
        return 0
    taken = Counter(chain.from_iterable(rules.bounds_of.get(one, ()) for one in elements))
    counts = [-(-count // rules.bounds[name].most) for name, count in taken.items()]
    if not any(one in rules.cuts for one in elements):
        counts.extend(_of_tolerances(network, elements))
        counts.append(_excluding(network, rules, elements))
    return max(counts, default=1)


def _of_tolerances(network: Network, elements: Sequence[str]) -> Iterator[int]:
    """Of the gateways of one site no wave takes more than the site still tolerates."""
    up = [one for one in elements if one in network.distance]
    gateways = Counter(chain.from_iterable(network.kept_of.get(one, ()) for one in up))
    for name, count in gateways.items():
        yield -(-count // (network.allowed[name] - network.lost[name]))


def _excluding(network: Network, rules: Rules, elements: Sequence[str]) -> int:
    """Elements of which no two can share a wave, gathered one by one from the heaviest."""
    weight = {one: len(Wave(network, rules).loss(one).broken) for one in elements}
    apart: list[Wave] = []
    tries = 0
    for one in sorted(elements, key=lambda one: -weight[one]):
        tries += len(apart)
        if tries > _TRIES:
            break
        if all(wave.crowded(one) or wave.loss(one).over for wave in apart):
            wave = Wave(network, rules)
            wave.add(one, wave.loss(one))
            apart.append(wave)
    return len(apart)
