"""Traffic led round an IOS XR router, and back.

Source: Cisco, "Implementing BGP", "BGP Graceful Maintenance": activated for a neighbour, its routes
carry GSHUT and the preference given; OSPF stub router; IS-IS overload bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.platforms._draining import asn, interior, peers
from dcctl.platforms._hierarchy import Entry, lines_of
from dcctl.platforms.cisco_xr._dialect import DIALECT

if TYPE_CHECKING:
    from dcctl.model.target import Target

_PROCESS = "BACKBONE"  # as the template names OSPF


def drain(target: Target) -> tuple[str, ...]:
    """IS-IS overload, OSPF maximum metric, BGP graceful maintenance."""
    quiet = [Entry("activate"), Entry("local-preference 0")]
    return _lines(target, "", [Entry("graceful-maintenance", quiet)])


def undrain(target: Target) -> tuple[str, ...]:
    """All of it taken away."""
    return _lines(target, "no ", [Entry("no graceful-maintenance")])


def _lines(target: Target, no: str, neighbor: list[Entry]) -> tuple[str, ...]:
    process = str(target.variables.get("ospf_process", _PROCESS))
    sections = interior(target, no, process=process)
    if asn(target):
        below = [Entry(f"neighbor {peer}", neighbor) for peer in peers(target)]
        sections.append(Entry(f"router bgp {asn(target)}", below))
    return tuple(lines_of(sections, DIALECT))
