"""What carries the traffic: bundles of links, OSPF and LDP neighbours, paths and routes."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl.facts.lag import Lag, LagMember, Lags
from dcctl.facts.ldp import LdpSession, LdpSessions
from dcctl.facts.ospf import OspfNeighbor, OspfNeighbors
from dcctl.facts.routes import RouteCount, RouteCounts
from dcctl.facts.rsvp import RsvpPath, RsvpPaths
from dcctl.platforms._parsing import expect, own, seconds, text_of
from dcctl.platforms.cisco_xe._names import long_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

HERE = Path(__file__).parent
_GROUP = re.compile(r"(?P<number>\d+)\s+(?P<name>Po\d+)\((?P<flags>\w+)\)\s+(?P<how>LACP|PAgP|-)")
_MEMBER = r"[A-Z][A-Za-z]+[\d/]+\([\w-]+\)"
_MEMBERS = re.compile(rf"\s*(?:{_MEMBER}\s*)*")
_FOOT = re.compile(r"(?:RU|SU|P/bndl|S/susp)\s+-\s")
_CARRIES = ("P", "bndl")
_PROTOCOLS = {"-": "static", "LACP": "lacp", "PAgP": "pagp"}
_LDP_STATES = {"oper": "operational"}


def lag(outputs: Sequence[Output]) -> Lags | None:
    """`show etherchannel summary`: a group a row, its members on as many lines as they need."""
    output = outputs[0]
    _, heading, table = text_of(output).partition("Number of channel-groups in use:")
    expect(heading, output, "no number of groups")
    stated = re.match(r"[ \t]*(\d*)", table)
    groups: list[tuple[re.Match[str], str]] = []
    for line in table.splitlines()[1:]:
        group = _GROUP.match(line)
        if group:
            groups.append((group, line[group.end() :]))
        elif groups and line.startswith(" ") and line.strip():
            groups[-1] = (groups[-1][0], f"{groups[-1][1]} {line.strip()}")
        else:
            known = not line.strip() or re.match(r"Number of agg|Group +Port|[-+]+$", line)
            expect(known or _FOOT.match(line), output, f"a line that fits nothing: {line[:60]}")
    for _, members in groups:
        expect(_MEMBERS.fullmatch(members), output, f"members not understood: {members[:60]}")
    count = stated.group(1) if stated else ""
    expect(not count or int(count) == len(groups), output, "not every group was understood")
    expect(count or groups, output, "no group")
    items = tuple(_lag(group, members) for group, members in groups)
    return Lags(items=items) if items else None


def _lag(group: re.Match[str], members: str) -> Lag:
    return Lag(
        name=long_name(group["name"]),
        up="U" in group["flags"],
        protocol=_PROTOCOLS[group["how"]],
        members=tuple(
            LagMember(interface=long_name(name), active=flag in _CARRIES, state=flag)
            for name, flag in re.findall(r"(\S+?)\(([\w-]+)\)", members)
        ),
    )


def ospf(outputs: Sequence[Output]) -> OspfNeighbors | None:
    """Neighbours of all processes; a router without OSPF says nothing."""
    items = [
        OspfNeighbor(
            interface=long_name(record["interface"]),
            neighbor=record["neighbor"],
            state=record["state"].lower(),
            address=record["address"],
        )
        for record in own(HERE, "show_ip_ospf_neighbor", outputs[0])
    ]
    return OspfNeighbors(items=tuple(items)) if items else None


def ldp(outputs: Sequence[Output]) -> LdpSessions | None:
    """Sessions, each by the first interface on which its neighbour was heard."""
    records = own(HERE, "show_mpls_ldp_neighbor", outputs[0])
    stated = text_of(outputs[0]).count("Peer LDP Ident:")
    whole = stated == len(records) and all(record["state"] for record in records)
    expect(whole, outputs[0], "not every session was understood")
    items = [
        LdpSession(
            neighbor=record["neighbor"],
            state=_LDP_STATES.get(record["state"].lower(), record["state"].lower()),
            interface=next(iter(record["interface"]), ""),
            uptime_s=seconds(record["uptime"]),
        )
        for record in records
    ]
    return LdpSessions(items=tuple(items)) if items else None


def routes(outputs: Sequence[Output]) -> RouteCounts:
    """Routes by source; what IOS counts of its own networks (`internal`) is no source."""
    output = outputs[0]
    records = own(HERE, "show_ip_route_summary", output)
    total = next((record for record in records if record["source"] == "Total"), None)
    expect(total and total["table"], output, "no total")
    counts: Counter[str] = Counter()
    for record in records:
        counts[record["source"].lower()] += _count(record)
    stated = counts.pop("total")
    own_networks = counts.pop("internal", 0)
    expect(sum(counts.values()) + own_networks == stated, output, "the sum is another")
    table = total["table"] if total else ""
    vrf = re.sub(r"Default-IP-Routing-Table.*", "default", table)
    return RouteCounts(
        items=tuple(RouteCount(protocol=name, count=n, vrf=vrf) for name, n in counts.items()),
        total=stated - own_networks,
    )


def _count(record: dict[str, str]) -> int:
    return int(record["networks"]) + int(record["subnets"] or 0)


_DISPLAYED = (
    r"^Displayed (\d+) \(of \d+\) heads, (\d+) \(of \d+\) midpoints, (\d+) \(of \d+\) tails"
)


def rsvp(outputs: Sequence[Output]) -> RsvpPaths | None:
    """Paths that begin, end or pass here, and the neighbours that RSVP heard of late."""
    tunnels, neighbors = outputs
    paths = own(HERE, "show_mpls_traffic-eng_tunnels_brief", tunnels)
    heard = own(HERE, "show_ip_rsvp_neighbor", neighbors)
    stated = re.search(_DISPLAYED, text_of(tunnels), re.MULTILINE)
    expect(stated or not text_of(tunnels).strip(), tunnels, "no number of paths")
    counted = sum(map(int, stated.groups())) if stated else 0
    expect(counted == len(paths), tunnels, "not every path was understood")
    if not paths and not heard:
        return None
    return RsvpPaths(
        items=tuple(
            RsvpPath(
                name=path["name"],
                destination=path["destination"],
                state=path["state"],
                role=_role(path),
            )
            for path in paths
        ),
        neighbors=tuple(record["neighbor"] for record in heard),
    )


def _role(path: dict[str, str]) -> str:
    if path["up_if"] == "-":
        return "ingress"
    return "egress" if path["down_if"] == "-" else "transit"
