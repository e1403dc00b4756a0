"""A number of waves that no plan can go below, from what can be counted without searching."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from itertools import chain

from dcctl.planning.graph.network import Network
from dcctl.planning.graph.wave import Rules, Wave

_STARTS = 40  # elements around which others are sought that exclude each other
_NEAR = 60  # how many are looked at around each


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
    """Elements of which no two can share a wave: sought among the heaviest, and around some."""
    weight = {one: len(Wave(network, rules).loss(one).broken) for one in elements}
    heavy = sorted(elements, key=lambda one: -weight[one])
    best = _gathered(network, rules, heavy[:_NEAR])
    carrying = [one for one in elements if weight[one]] or elements
    for start in carrying[:: max(1, len(carrying) // _STARTS)]:
        near = [one for one in _around(network, start) if one in weight]
        near.sort(key=lambda one: not weight[one])  # what carries others excludes most
        best = max(best, _gathered(network, rules, near))
    return best


def _around(network: Network, start: str) -> list[str]:
    """The elements nearest to `start`, itself first, not looked for beyond the centre."""
    found, waiting = {start: None}, deque([start])
    while waiting and len(found) < _NEAR:
        for near, _, _ in network.hops.get(waiting.popleft(), ()):
            if near not in found and near not in network.centre.anchors:
                found[near] = None
                waiting.append(near)
    return list(found)


def _gathered(network: Network, rules: Rules, elements: Sequence[str]) -> int:
    """How many of `elements` exclude each other, taken one by one."""
    apart: list[Wave] = []
    for one in elements:
        if all(wave.crowded(one) or wave.loss(one).over for wave in apart):
            wave = Wave(network, rules)
            wave.add(one, wave.loss(one))
            apart.append(wave)
    return len(apart)
