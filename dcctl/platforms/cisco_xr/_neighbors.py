"""Whom the router hears: LLDP, IS-IS, OSPF, BGP, BFD, LDP and RSVP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.bfd import BfdSession, BfdSessions
from dcctl.facts.bgp import BgpPeer, BgpPeers
from dcctl.facts.isis import IsisAdjacencies, IsisAdjacency
from dcctl.facts.ldp import LdpSession, LdpSessions
from dcctl.facts.lldp import LldpNeighbor, LldpNeighbors
from dcctl.facts.ospf import OspfNeighbor, OspfNeighbors
from dcctl.facts.rsvp import RsvpPath, RsvpPaths
from dcctl.platforms._parsing import expect, own, seconds
from dcctl.platforms.cisco_xr._answers import HERE, absent, counted
from dcctl.platforms.cisco_xr._names import long_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_LEVELS = {"L1": 1, "L2": 2, "L1L2": 12}
_ROLES = {"Head": "ingress", "Mid": "transit", "Tail": "egress"}
_TOTAL = r"^Total neighbor count: (\d+)\s*$"
_NO_NEIGHBOR = re.compile(r"^Neighbors for OSPF[^\n]*\s*\Z", re.MULTILINE)  # heading of nothing


def lldp(outputs: Sequence[Output]) -> LldpNeighbors | None:
    """What is heard on each port."""
    output = outputs[0]
    if absent(output):
        return None
    records = [r for r in own(HERE, "show_lldp_neighbors_detail", output) if r["interface"]]
    counted(output, r"^Total entries displayed:\s*(\d+)\s*$", records)
    items = [
        LldpNeighbor(
            interface=long_name(record["interface"]),
            system=record["system"],
            port=record["port"],
            port_description=""
            if "not advertised" in record["port_description"]
            else record["port_description"],
            management_address=record["address"],
        )
        for record in records
    ]
    return LldpNeighbors(items=tuple(items)) if items else None


def isis(outputs: Sequence[Output]) -> IsisAdjacencies | None:
    """Adjacencies of all instances."""
    output = outputs[0]
    if absent(output):
        return None
    records = own(HERE, "show_isis_neighbors", output)
    counted(output, _TOTAL, records)
    items = [
        IsisAdjacency(
            interface=long_name(record["interface"]),
            neighbor=record["system"],
            state={"Failed": "down"}.get(record["state"], record["state"].lower()),
            level=_LEVELS[record["type"]],
        )
        for record in records
    ]
    return IsisAdjacencies(items=tuple(items)) if items else None


def ospf(outputs: Sequence[Output]) -> OspfNeighbors | None:
    """Neighbours of all processes."""
    output = outputs[0]
    if absent(output):
        return None
    records = own(HERE, "show_ospf_neighbor", output)
    if _NO_NEIGHBOR.search(output.text):
        return None
    counted(output, _TOTAL, records)
    items = [
        OspfNeighbor(
            interface=long_name(record["interface"]),
            neighbor=record["neighbor"],
            state=record["state"].lower(),
            address=record["address"],
        )
        for record in records
    ]
    return OspfNeighbors(items=tuple(items)) if items else None


def bgp(outputs: Sequence[Output]) -> BgpPeers | None:
    """Peers of the global table."""
    output = outputs[0]
    if absent(output):
        return None
    records = own(HERE, "show_bgp_summary", output)
    local = re.search(
        r"^BGP router identifier (\S+), local AS number ([\d.]+)", output.text, re.MULTILINE
    )
    expect(local, output, "no router identifier")
    items = [_peer(record) for record in records]
    return BgpPeers(
        items=tuple(items),
        local_as=_as_number(local.group(2)) if local else None,
        router_id=local.group(1) if local else "",
    )


def _peer(record: dict[str, str]) -> BgpPeer:
    word = record["state"].rstrip("!")
    established = word.isdigit()
    return BgpPeer(
        neighbor=record["neighbor"],
        remote_as=_as_number(record["remote_as"]),
        state="established" if established else word.split()[0].lower(),
        prefixes_received=int(word) if established else None,
        uptime_s=seconds(record["up_down"]) if established else None,
    )


def _as_number(text: str) -> int:
    high, _, low = text.rpartition(".")
    return int(high or 0) * 65536 + int(low)


def bfd(outputs: Sequence[Output]) -> BfdSessions | None:
    """Sessions that are not of a bundle member."""
    output = outputs[0]
    if absent(output):
        return None
    records = own(HERE, "show_bfd_session", output)
    expect(re.search(r"^Interface +Dest Addr", output.text, re.MULTILINE), output, "no heading")
    items = [
        BfdSession(
            neighbor=record["neighbor"],
            state=re.sub(r"admin ?down", "admin_down", record["state"].lower()),
            interface=long_name(record["interface"]),
        )
        for record in records
    ]
    return BfdSessions(items=tuple(items)) if items else None


def ldp(outputs: Sequence[Output]) -> LdpSessions | None:
    """Sessions that stand: IOS XR's brief table names no other."""
    output = outputs[0]
    if absent(output):
        return None
    records = own(HERE, "show_mpls_ldp_neighbor_brief", output)
    expect(re.search(r"^Peer +GR +NSR", output.text, re.MULTILINE), output, "no heading")
    items = [
        LdpSession(neighbor=record["peer"], state="operational", uptime_s=seconds(record["uptime"]))
        for record in records
    ]
    return LdpSessions(items=tuple(items)) if items else None


def rsvp(outputs: Sequence[Output]) -> RsvpPaths | None:
    """Paths of all roles, and the neighbours on them."""
    tunnels, neighbors = outputs
    paths = [] if absent(tunnels) else own(HERE, "show_mpls_traffic-eng_tunnels_tabular", tunnels)
    heard = [] if absent(neighbors) else own(HERE, "show_rsvp_neighbors", neighbors)
    if not paths and not heard:
        return None
    return RsvpPaths(
        items=tuple(
            RsvpPath(
                name=path["name"],
                destination=path["destination"],
                source=path["source"],
                state=path["state"].lower(),
                role=_ROLES[path["role"]],
            )
            for path in paths
        ),
        neighbors=tuple(record["neighbor"] for record in heard),
    )
