"""Traffic led round an NX-OS switch, and back.

Source: Cisco, "Nexus 9000 NX-OS Unicast Routing Configuration Guide", "BGP Graceful Shutdown": with
a route map of its own an activated switch announces what that map says to every neighbour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.platforms._draining import GSHUT, POLICY, asn, peers, spoken
from dcctl.platforms._hierarchy import Entry, lines_of
from dcctl.platforms.cisco_nxos._dialect import DIALECT

if TYPE_CHECKING:
    from dcctl.model.target import Target


def drain(target: Target) -> tuple[str, ...]:
    """IS-IS overload, OSPF maximum metric, BGP graceful shutdown at the lowest preference."""
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
        sections.append(Entry(name, [Entry(f"{no}set-overload-bit always")]))
    if "ospf" in speaks:
        sections.append(Entry("router ospf 1", [Entry(f"{no}max-metric router-lsa")]))
    if asn(target):
        send = Entry("address-family ipv4 unicast", [Entry(f"{no}send-community")])
        neighbors = [Entry(f"neighbor {peer}", [send]) for peer in peers(target, external=True)]
        whole = Entry(f"{no}graceful-shutdown activate route-map {POLICY}")
        sections.append(Entry(f"router bgp {asn(target)}", [whole, *neighbors]))
    return sections
