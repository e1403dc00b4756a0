"""Traffic led round an NX-OS switch, and back.

Source: Cisco, "Nexus 9000 NX-OS Unicast Routing Configuration Guide", "BGP Graceful Shutdown": with
a route map of its own an activated switch announces what that map says to every neighbour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.platforms._draining import POLICY, asn, interior, led_back, led_round, peers
from dcctl.platforms._hierarchy import Entry
from dcctl.platforms.cisco_nxos._dialect import DIALECT

if TYPE_CHECKING:
    from dcctl.model.target import Target


def drain(target: Target) -> tuple[str, ...]:
    """IS-IS overload, OSPF maximum metric, BGP graceful shutdown at the lowest preference."""
    return led_round(target, _sections, DIALECT)


def undrain(target: Target) -> tuple[str, ...]:
    """All of it taken away."""
    return led_back(target, _sections, DIALECT)


def _sections(target: Target, no: str) -> list[Entry]:
    sections = interior(target, no, overload="set-overload-bit always")
    if asn(target):
        send = Entry("address-family ipv4 unicast", [Entry(f"{no}send-community")])
        neighbors = [Entry(f"neighbor {peer}", [send]) for peer in peers(target, external=True)]
        whole = Entry(f"{no}graceful-shutdown activate route-map {POLICY}")
        sections.append(Entry(f"router bgp {asn(target)}", [whole, *neighbors]))
    return sections
