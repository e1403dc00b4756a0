"""Traffic led round an SR OS router, and back.

SR OS has no graceful shutdown of BGP: a policy before the group's own makes what is announced the
last resort and hands it on (`next-policy`).
Source: Nokia, "Unicast Routing Protocols Guide" (overload) and "Route policies".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.platforms._draining import GSHUT, POLICY, asn, spoken

if TYPE_CHECKING:
    from dcctl.model.target import Target

_COMMUNITY = "DCCTL-GSHUT"
_OWN = "ANNOUNCE"  # the template's own export policy, where it announces anything


def drain(target: Target) -> tuple[str, ...]:
    """IS-IS and OSPF overload, BGP routes of the lowest preference and GSHUT."""
    lines = [f'/configure router "Base" {protocol} 0 overload' for protocol in _igps(target)]
    if asn(target):
        policy = f'/configure policy-options policy-statement "{POLICY}" default-action'
        chain = [POLICY, *_announcing(target)]
        lines += [
            f'/configure policy-options community "{_COMMUNITY}" member "{GSHUT}"',
            f"{policy} action-type next-policy",
            f"{policy} local-preference 0",
            f'{policy} community add ["{_COMMUNITY}"]',
            *_export(target, _announcing(target), chain),
        ]
    return tuple(lines)


def undrain(target: Target) -> tuple[str, ...]:
    """All of it taken away; the group's own policy is given again."""
    lines = [f'delete /configure router "Base" {protocol} 0 overload' for protocol in _igps(target)]
    if asn(target):
        lines += [
            *_export(target, [POLICY], _announcing(target)),
            f'delete /configure policy-options policy-statement "{POLICY}"',
            f'delete /configure policy-options community "{_COMMUNITY}"',
        ]
    return tuple(lines)


def _igps(target: Target) -> list[str]:
    return [protocol for protocol in ("isis", "ospf") if protocol in spoken(target)]


def _announcing(target: Target) -> list[str]:
    return [_OWN] if target.variables.get("announced_networks") else []


def _export(target: Target, has: list[str], chain: list[str]) -> list[str]:
    """The chain in this order: setting a list adds to its end, so what it `has` goes first.

    Where it has nothing, nothing may be deleted: SR OS refuses that, and the lines with it.
    """
    group = "CLIENTS" if target.variables.get("bgp_route_reflector") else "INTERNAL"
    place = f'/configure router "Base" bgp group "{group}" export'
    names = " ".join(f'"{name}"' for name in chain)
    gone = [f"delete {place}"] if has else []
    return [*gone, *([f"{place} policy [{names}]"] if chain else [])]
