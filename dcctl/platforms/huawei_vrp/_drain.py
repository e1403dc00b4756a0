"""Traffic led round a VRP router, and back.

No document of VRP's tells of a graceful shutdown of BGP: a policy makes what is announced the last
resort, and VRP sends what it changes by itself.
Source: Huawei, NetEngine 8000 command reference: `set-overload`, `stub-router`, `peer
route-policy`, `apply community`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.platforms._draining import GSHUT, POLICY, asn, peers, spoken
from dcctl.platforms._hierarchy import Entry, lines_of
from dcctl.platforms.huawei_vrp._dialect import DIALECT, typed

if TYPE_CHECKING:
    from dcctl.model.target import Target


def drain(target: Target) -> tuple[str, ...]:
    """IS-IS overload, OSPF stub router, BGP routes of the lowest preference and GSHUT."""
    policy = Entry(
        f"route-policy {POLICY} permit node 10",
        [Entry("apply local-preference 0"), Entry(f"apply community {GSHUT} additive")],
    )
    before = [policy] if asn(target) else []
    return tuple(typed(lines_of([*before, *_sections(target, "")], DIALECT)))


def undrain(target: Target) -> tuple[str, ...]:
    """All of it taken away."""
    after = [Entry(f"no route-policy {POLICY}")] if asn(target) else []
    return tuple(typed(lines_of([*_sections(target, "no "), *after], DIALECT)))


def _sections(target: Target, no: str) -> list[Entry]:
    speaks, sections = spoken(target), []
    if "isis" in speaks:
        sections.append(Entry("isis 1", [Entry(f"{no}set-overload")]))
    if "ospf" in speaks:
        router = (target.intent.get("routing") or {})["router_id"]
        sections.append(Entry(f"ospf 1 router-id {router}", [Entry(f"{no}stub-router")]))
    if asn(target):
        lines = [f"peer {peer} route-policy {POLICY} export" for peer in peers(target)]
        lines += [f"peer {peer} advertise-community" for peer in peers(target, external=True)]
        family = Entry("ipv4-family unicast", [Entry(f"{no}{line}") for line in lines])
        sections.append(Entry(f"bgp {asn(target)}", [family]))
    return sections
