"""Who is asked about a change before it is confirmed: the managed neighbours of its target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dcctl.model import plain
from dcctl.model.plan import Step
from dcctl.model.target import Interface, Target

_ALWAYS = ("interfaces", "lldp")
_SPOKEN = ("isis", "ospf", "bfd")  # protocols of a link that a neighbour can tell of


def with_witnesses(step: Step, target: Target, fellows: Mapping[str, Target]) -> Step:
    """`step`, told who sees `target` over its links, and what the intention wants them to see.

    `fellows` are the targets at the far ends of its links. What the intention no longer wants (a
    port to be shut down, a protocol to be taken off a link) is not asked for, so that a change
    that was meant is not blamed.
    """
    found = [
        {"target": plain.to_plain(reached(fellow)), "views": views}
        for name, fellow in sorted(fellows.items())
        if fellow.managed and (views := _views(target, fellow))
    ]
    return replace(step, settings={**step.settings, "witnesses": found}) if found else step


def reached(target: Target) -> Target:
    """What it takes to reach a neighbour; not its variables, which are no part of this change."""
    return Target(
        name=target.name,
        platform=target.platform,
        kind=target.kind,
        site=target.site,
        connection=target.connection,
    )


def _views(target: Target, fellow: Target) -> list[dict[str, Any]]:
    """What `fellow` can tell of `target`, one for each link between them."""
    views = []
    for port in target.interfaces:
        if not (port.link and port.peer == fellow.name and port.enabled):
            continue
        far = next((one for one in fellow.interfaces if one.name == port.peer_interface), None)
        if far is not None and not far.enabled:
            continue
        wants = [*_ALWAYS, *(topic for topic in _SPOKEN if topic in port.protocols)]
        if _are_bgp_peers(target, fellow):
            wants.append("bgp")
        views.append(
            {
                "name": target.name,
                "interface": port.peer_interface,
                "addresses": _addresses(target, port),
                "wants": wants,
            }
        )
    return views


def _are_bgp_peers(target: Target, fellow: Target) -> bool:
    """Whether the intention of either end still wants a session with the other."""
    return _names(target, fellow.name) and _names(fellow, target.name)


def _names(target: Target, peer: str) -> bool:
    neighbors = (target.intent.get("routing") or {}).get("bgp_neighbors") or ()
    return any((one.get("name") if isinstance(one, Mapping) else one) == peer for one in neighbors)


def _addresses(target: Target, port: Interface) -> list[str]:
    """The addresses by which a neighbour on `port` may know the target: of the link, of itself."""
    loopback = str(target.intent.get("loopback") or "")
    return [address.partition("/")[0] for address in (port.address, loopback) if address]
