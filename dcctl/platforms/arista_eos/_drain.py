"""Traffic led round an EOS switch, and back.

EOS's maintenance mode does more than is wanted (it may shut ports); a policy makes what is
announced the last resort.
Source: Arista, EOS User Manual: "set-overload-bit", "max-metric router-lsa", "neighbor route-map".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.platforms._draining import GSHUT, POLICY, asn, peers, spoken
from dcctl.platforms._hierarchy import Entry, lines_of
from dcctl.platforms.arista_eos._change import DIALECT

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
        lines = [f"neighbor {peer} route-map {POLICY} out" for peer in peers(target)]
        lines += [f"neighbor {peer} send-community" for peer in peers(target, external=True)]
        below = [Entry(f"{no}{line}") for line in lines]
        sections.append(Entry(f"router bgp {asn(target)}", below))
    return sections
