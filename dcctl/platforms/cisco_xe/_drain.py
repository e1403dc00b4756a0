"""Traffic led round an IOS XE router, and back.

IOS XE's own graceful shutdown of BGP ends its sessions when its time is up; a policy that makes
what is announced the last resort keeps them, so that they can be compared after the upgrade. IOS
sends what an outbound policy changes by itself, within a minute.
Source: Cisco, "IP Routing: BGP Configuration Guide", "BGP Dynamic Update Peer-Groups".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.platforms._draining import GSHUT, POLICY, asn, peers, spoken
from dcctl.platforms._hierarchy import Entry, lines_of
from dcctl.platforms.cisco_xe._change import DIALECT

if TYPE_CHECKING:
    from dcctl.model.target import Target


def drain(target: Target) -> tuple[str, ...]:
    """IS-IS overload, OSPF maximum metric, BGP routes of the lowest preference and GSHUT."""
    policy = Entry(
        f"route-map {POLICY} permit 10",
        [Entry("set local-preference 0"), Entry(f"set community {GSHUT} additive")],
    )
    before = [policy] if asn(target) else []
    return tuple(lines_of([*before, *_sections(target, "")], DIALECT))


def undrain(target: Target) -> tuple[str, ...]:
    """All of it taken away."""
    after = [Entry(f"no route-map {POLICY}")] if asn(target) else []
    return tuple(lines_of([*_sections(target, "no "), *after], DIALECT))


def _sections(target: Target, no: str) -> list[Entry]:
    speaks, sections = spoken(target), []
    if "isis" in speaks:
        name = f"router isis {target.variables['isis_instance']}"
        sections.append(Entry(name, [Entry(f"{no}set-overload-bit")]))
    if "ospf" in speaks:
        sections.append(Entry("router ospf 1", [Entry(f"{no}max-metric router-lsa")]))
    if asn(target):
        family = Entry("address-family ipv4", _neighbors(target, no))
        sections.append(Entry(f"router bgp {asn(target)}", [family]))
    return sections


def _neighbors(target: Target, no: str) -> list[Entry]:
    """Only other networks need the community: what is preferred is not told to them."""
    lines = [f"neighbor {peer} route-map {POLICY} out" for peer in peers(target)]
    lines += [f"neighbor {peer} send-community" for peer in peers(target, external=True)]
    return [Entry(f"{no}{line}") for line in lines]
