"""Traffic led round an FRR router, and back; what of it stands in a configuration.

Source: FRR user guide, "ISIS" (set-overload-bit), "OSPFv2" (max-metric), "BGP" (graceful shutdown,
RFC 8326: GSHUT to other networks, preference 0 to its own).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.platforms import _hierarchy
from dcctl.platforms._draining import asn, spoken
from dcctl.platforms._hierarchy import Entry, lines_of
from dcctl.platforms.frr._change import DIALECT

if TYPE_CHECKING:
    from dcctl.model.target import Target

_ISIS, _OSPF = "set-overload-bit", "max-metric router-lsa administrative"
_BGP = "bgp graceful-shutdown"


def drain(target: Target) -> tuple[str, ...]:
    """IS-IS overload, OSPF maximum metric, BGP graceful shutdown."""
    return _lines(target, "")


def undrain(target: Target) -> tuple[str, ...]:
    """All of it taken away."""
    return _lines(target, "no ")


def _lines(target: Target, no: str) -> tuple[str, ...]:
    speaks, sections = spoken(target), []
    if "isis" in speaks:
        name = f"router isis {target.variables['isis_instance']}"
        sections.append(Entry(name, [Entry(f"{no}{_ISIS}")]))
    if "ospf" in speaks:
        sections.append(Entry("router ospf", [Entry(f"{no}{_OSPF}")]))
    if asn(target):
        sections.append(Entry(f"router bgp {asn(target)}", [Entry(f"{no}{_BGP}")]))
    return tuple(lines_of(sections, DIALECT))


def drained(running: str) -> str:
    """The drain that stands in `running`, as configuration text that can be put behind another."""
    knobs = (_ISIS, _OSPF, _BGP)
    found: dict[str, _hierarchy.Tree] = {
        line: {knob: {} for knob in knobs if knob in below}
        for line, below in _hierarchy.parse(running, DIALECT).items()
        if line.startswith("router ")
    }
    sections = {line: below for line, below in found.items() if below}
    return "".join(
        f"{line}\n" + "".join(f" {knob}\n" for knob in below) + "exit\n"
        for line, below in sections.items()
    )
