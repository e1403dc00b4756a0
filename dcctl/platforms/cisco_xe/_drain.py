"""Traffic led round an IOS XE router, and back.

IOS XE's own graceful shutdown of BGP ends its sessions when its time is up; a policy that makes
what is announced the last resort keeps them, so that they can be compared after the upgrade. IOS
sends what an outbound policy changes by itself, within a minute.
Source: Cisco, "IP Routing: BGP Configuration Guide", "BGP Dynamic Update Peer-Groups".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.platforms._draining import announced, asn, interior, led_back, led_round
from dcctl.platforms._hierarchy import Entry
from dcctl.platforms.cisco_xe._dialect import DIALECT

if TYPE_CHECKING:
    from dcctl.model.target import Target


def drain(target: Target) -> tuple[str, ...]:
    """IS-IS overload, OSPF maximum metric, BGP routes of the lowest preference and GSHUT."""
    return led_round(target, _sections, DIALECT)


def undrain(target: Target) -> tuple[str, ...]:
    """All of it taken away."""
    return led_back(target, _sections, DIALECT)


def _sections(target: Target, no: str) -> list[Entry]:
    sections = interior(target, no)
    if asn(target):
        family = Entry("address-family ipv4", announced(target, no))
        sections.append(Entry(f"router bgp {asn(target)}", [family]))
    return sections
