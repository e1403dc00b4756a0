"""Protocols and neighbours: IS-IS, OSPF, BGP, BFD, LLDP, LDP, MPLS paths, counts of routes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.bfd import BfdSession, BfdSessions
from dcctl.facts.bgp import BgpPeer, BgpPeers
from dcctl.facts.isis import IsisAdjacencies, IsisAdjacency
from dcctl.facts.ldp import LdpSession, LdpSessions
from dcctl.facts.lldp import LldpNeighbor, LldpNeighbors
from dcctl.facts.ospf import OspfNeighbor, OspfNeighbors
from dcctl.facts.routes import RouteCount, RouteCounts
from dcctl.platforms._parsing import expect, ntc, number, seconds, text_of
from dcctl.platforms.nokia_sros._text import counted, nothing, pairs, rows, understood

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_LEVELS = {"L1": 1, "L2": 2, "L1L2": 12}
_ADJACENCY = re.compile(
    r"(?P<system>\S+)\s+(?P<level>L1L2|L1|L2)\s+(?P<state>\w+)\s+(?P<hold>\d+)\s+"
    r"(?P<interface>\S+)\s+(?P<topology>\S+)\s*"
)


def _port_of(output: Output) -> dict[str, str]:
    """Router interface -> the port it stands on; itself where it has none."""
    return {
        row["interface"]: row["interface"]
        if row["port_sap_id"] in ("n/a", "system", "loopback")
        else row["port_sap_id"]
        for row in ntc("alcatel_sros_show_router_interface", output)
    }


def isis(outputs: Sequence[Output]) -> IsisAdjacencies | None:
    if nothing(outputs[0]) or not text_of(outputs[0]).strip():
        return None
    ports = _port_of(outputs[1])
    items = []
    for line in rows(outputs[0], r"System ID\s+Usage"):
        match = _ADJACENCY.fullmatch(line)
        match = understood(match, outputs[0], line.strip())
        items.append(
            IsisAdjacency(
                interface=ports.get(match["interface"], match["interface"]),
                neighbor=match["system"],
                state=match["state"].lower(),
                level=_LEVELS[match["level"]],
            )
        )
    counted(outputs[0], len(items), "Adjacencies")
    return IsisAdjacencies(items=tuple(items)) if items else None


_NEIGHBOR = re.compile(
    r"(?P<interface>\S+)\s+(?P<router>\d+\.\d+\.\d+\.\d+)\s+(?P<state>\S+)\s+\d+\s+\d+\s+\d+\s*"
)
_AREA = re.compile(r"\s+\d+\.\d+\.\d+\.\d+\s*")


def ospf(outputs: Sequence[Output]) -> OspfNeighbors | None:
    if nothing(outputs[0]) or not text_of(outputs[0]).strip():
        return None
    ports = _port_of(outputs[1])
    items = []
    for line in rows(outputs[0], r"Interface-Name\s+Rtr Id"):
        match = _NEIGHBOR.fullmatch(line)
        expect(match or _AREA.fullmatch(line), outputs[0], line.strip())
        if match:
            items.append(
                OspfNeighbor(
                    interface=ports.get(match["interface"], match["interface"]),
                    neighbor=match["router"],
                    state=match["state"].lower(),
                )
            )
    counted(outputs[0], len(items), "No. of Neighbors")
    return OspfNeighbors(items=tuple(items)) if items else None


# --- BGP ------------------------------------------------------------------------------------------

_HEAD = re.compile(r"BGP Router ID\s*:\s*(?P<id>\S+)\s+AS\s*:\s*(?P<asn>\d+)")
_FIRST = re.compile(
    r"\s+(?P<asn>\d+)\s+\d+\**\s+\d+\s+(?P<since>\S+)\s+"
    r"(?:(?P<rcv>\d+)/(?P<act>\d+)/(?P<sent>\d+) \((?P<family>[^)]+)\)|(?P<state>[A-Za-z]\S*))\s*"
)
_SECOND = re.compile(r"\s+\d+\**\s+\d+(?:\s+(?P<rcv>\d+)/\d+/\d+ \((?P<family>[^)]+)\))?\s*")
_FURTHER = re.compile(r"\s+(?P<rcv>\d+)/\d+/\d+ \((?P<family>[^)]+)\)\s*")
_ADDRESS = re.compile(
    r"(?P<address>\d+\.\d+\.\d+\.\d+|[\da-fA-F:]*:[\da-fA-F:]+\S*)(?: ?\(?D\)?)?\s*"
)
_FAMILIES = {"IPv4": "ipv4 unicast", "IPv6": "ipv6 unicast", "VpnIPv4": "vpnv4", "Evpn": "evpn"}


def bgp(outputs: Sequence[Output]) -> BgpPeers | None:
    (output,) = outputs
    if nothing(output) or not text_of(output).strip():
        return None
    text = text_of(output)
    head = _HEAD.search(text)
    head = understood(head, output, "no router id")
    total = number(dict(pairs(text.splitlines())).get("Total Peers"))
    expect(total is not None, output, "no count of peers")
    items: list[BgpPeer] = []
    address = ""
    if total:
        for line in rows(output, r"Neighbor\s*$"):
            found = _ADDRESS.fullmatch(line)
            if found:
                address = found["address"]
                continue
            address = _peer_line(output, line, address, items)
    peers = {item.neighbor for item in items}
    expect(len(peers) == total, output, f"{total} peers stated, {len(peers)} understood")
    return BgpPeers(items=tuple(items), local_as=int(head["asn"]), router_id=head["id"])


def _peer_line(output: Output, line: str, address: str, items: list[BgpPeer]) -> str:
    """Take one line below a neighbour's address; gives the address that is still waited for."""
    first = _FIRST.fullmatch(line)
    if first and address:
        up = first["state"] is None
        items.append(
            BgpPeer(
                neighbor=address,
                remote_as=int(first["asn"]),
                state="established" if up else first["state"].lower(),
                prefixes_received=int(first["rcv"]) if up else None,
                uptime_s=seconds(first["since"]) if up else None,
                family=_FAMILIES.get(first["family"] or "IPv4", (first["family"] or "").lower()),
            )
        )
        return ""
    more = _SECOND.fullmatch(line) or _FURTHER.fullmatch(line)
    if more and items and not address:
        if more["family"]:
            last = items[-1]
            items.append(
                BgpPeer(
                    neighbor=last.neighbor,
                    remote_as=last.remote_as,
                    state=last.state,
                    prefixes_received=int(more["rcv"]),
                    uptime_s=last.uptime_s,
                    family=_FAMILIES.get(more["family"], more["family"].lower()),
                )
            )
        return ""
    # A description stands at the line's start, between the address and the numbers.
    expect(address and not line.startswith(" "), output, line.strip())
    return address


# --- sessions -------------------------------------------------------------------------------------

_SESSION = re.compile(
    r"(?P<name>\S.*?)\s{2,}(?P<state>Up|Down|Init|Admin ?Down|AdminDown)\s+\S+\s+\S+\s*"
)
_REMOTE = re.compile(r"\s+(?P<address>[\da-fA-F.:]+)\s+\d+\s+\d+\s+\d+\s*")


def bfd(outputs: Sequence[Output]) -> BfdSessions | None:
    if nothing(outputs[0]) or not text_of(outputs[0]).strip():
        return None
    ports = _port_of(outputs[1])
    items: list[BfdSession] = []
    waiting: re.Match[str] | None = None
    for line in rows(outputs[0], r"Session Id\s+State"):
        session, remote = _SESSION.fullmatch(line), _REMOTE.fullmatch(line)
        if session and not line.startswith(" "):
            expect(waiting is None, outputs[0], line.strip())
            waiting = session
        elif waiting is not None:
            remote = understood(remote, outputs[0], line.strip())
            name = waiting["name"]
            state = waiting["state"].lower().replace(" ", "")
            items.append(
                BfdSession(
                    neighbor=remote["address"],
                    state=state.replace("admindown", "admin_down"),
                    interface=ports.get(name, name),
                )
            )
            waiting = None
        else:
            expect(line.startswith(" ") and items, outputs[0], line.strip())
    counted(outputs[0], len(items), "No. of BFD sessions")
    return BfdSessions(items=tuple(items)) if items else None


_HEARD = re.compile(r"(?P<port>\S+)\s+(?:NB|NTPMR|NC|nearest-\S+)\s+\S+\s+\d+\s+\S.*")
_HEARD_HEAD = re.compile(r"Lcl Port\s+Scope .*(?=Remote Port)")


def lldp(outputs: Sequence[Output]) -> LldpNeighbors | None:
    """A `*` says that the table cut a name: of a port it is kept, a cut system's name is none."""
    (output,) = outputs
    if nothing(output):
        return None
    head = next((line for line in text_of(output).splitlines() if _HEARD_HEAD.match(line)), "")
    expect("Remote Sys" in head, output, "no heading")
    port_at, name_at = head.index("Remote Port"), head.index("Remote Sys")
    items = []
    for line in rows(output, r"Lcl Port\s+Scope"):
        match = understood(_HEARD.fullmatch(line), output, line.strip())
        # The port's own description may follow its name.
        port = line[port_at:name_at].strip().partition(", ")[0]
        system = line[name_at:].strip()
        expect(port and "*" not in port[:-1] + system, output, f"cut short: {line.strip()}")
        items.append(LldpNeighbor(interface=match["port"], system=system, port=port))
    counted(output, len(items), "Number of neighbors")
    return LldpNeighbors(items=tuple(items)) if items else None


_LDP = re.compile(
    r"(?P<peer>\d+\.\d+\.\d+\.\d+):\d+\s+(?P<type>\S+)\s+(?P<state>\S+)\s+\d+\s+\d+\s+(?P<since>\S.*?)\s*"
)
_LDP_STATES = {"established": "operational"}


def ldp(outputs: Sequence[Output]) -> LdpSessions | None:
    (output,) = outputs
    configured = "is not configured" not in output.text
    text = text_of(output) if configured else ""
    if not re.search(r"(?m)^No\. of (?:IPv4 )?Sessions: [1-9]", text):
        expect(nothing(output) or "Sessions: 0" in text, output, "no sessions")
        return None
    items = []
    for line in rows(output, r"Peer LDP Id"):
        match = _LDP.fullmatch(line)
        match = understood(match, output, line.strip())
        state = match["state"].lower()
        items.append(
            LdpSession(
                neighbor=match["peer"],
                state=_LDP_STATES.get(state, state),
                uptime_s=seconds(match["since"]),
            )
        )
    counted(output, len(items), r"No\. of (?:IPv4 )?Sessions")
    return LdpSessions(items=tuple(items))


_COUNT = re.compile(
    r"(?P<protocol>[A-Za-z][\w /()-]*?)\s{2,}(?P<active>\d+)\s+(?P<available>\d+)\s*"
)
_SOURCES = {"direct": "connected", "host": "local"}


def routes(outputs: Sequence[Output]) -> RouteCounts:
    (output,) = outputs
    items = []
    for line in rows(output, r"\s+Active\s+Available"):
        match = _COUNT.fullmatch(line)
        match = understood(match, output, line.strip())
        protocol = match["protocol"].lower()
        if int(match["active"]):
            items.append(
                RouteCount(protocol=_SOURCES.get(protocol, protocol), count=int(match["active"]))
            )
    total = re.search(r"(?m)^Total\s+(\d+)\s+\d+\s*$", text_of(output))
    total = understood(total, output, "no total")
    return RouteCounts(items=tuple(items), total=int(total[1]))
