"""The certificate of a plan of waves: plain JSON that an independent program can check.

`tree` gives each element's first link on its way to the centre before the first wave, and each
wave only what `moved`: so it stays small, and still every gateway of every site has a whole path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dcctl.model import plain
from dcctl.planning.graph.model import Bound
from dcctl.planning.graph.network import Network
from dcctl.planning.graph.wave import Rules, Wave


def certify(
    network: Network,
    rules: Rules,
    own: Mapping[str, Bound],
    waves: Sequence[Wave],
    lower_bound: int,
) -> dict[str, Any]:
    """What was promised, and what proves it."""
    gateways = sorted(network.kept_of)
    rows, needed = [], set[str]()
    for wave in waves:
        on_paths = _on_paths(wave, gateways)
        needed |= on_paths
        rows.append(_row(wave, gateways, on_paths))
    return {
        "already_down": {
            "hosts": sorted(network.already.hosts),
            "links": sorted(network.already.links),
        },
        "island": sorted(network.hops.keys() - network.distance.keys()),
        "elements": sorted(one for wave in waves for one in wave.elements),
        "bounds": plain.to_plain(own),
        "cuts": {name: list(cuts) for name, cuts in rules.cuts.items()},
        "tree": {host: link for host, link in sorted(network.parent.items()) if host in needed},
        "waves": rows,
        "lower_bound": lower_bound,
    }


def _row(wave: Wave, gateways: Sequence[str], on_paths: set[str]) -> dict[str, Any]:
    return {
        "kind": wave.kind.value,
        "down": list(wave.elements),
        "centre": list(wave.centre.anchors),
        "trunk": dict(sorted(wave.centre.trunk.items())),
        "moved": {host: wave.moved[host] for host in sorted(on_paths) if wave.moved.get(host)},
        "lost": [host for host in gateways if not wave.has_path(host)],
    }


def _on_paths(wave: Wave, gateways: Sequence[str]) -> set[str]:
    """The hosts on the paths of those gateways that have one."""
    seen: set[str] = set()
    for gateway in gateways:
        host = gateway
        while host not in seen and wave.has_path(host):
            seen.add(host)
            link = wave.parent_of(host)
            if link:
                host = wave.network.far(link, host)
    return seen
