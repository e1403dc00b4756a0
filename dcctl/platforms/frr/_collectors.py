"""What FRR's own JSON means (FRR 8 to 10)."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from dcctl.contracts import Collector
from dcctl.facts.bfd import BfdSession, BfdSessions
from dcctl.facts.bgp import BgpPeer, BgpPeers
from dcctl.facts.interfaces import Interface, Interfaces
from dcctl.facts.isis import IsisAdjacencies, IsisAdjacency
from dcctl.facts.ldp import LdpSession, LdpSessions
from dcctl.facts.management import Management
from dcctl.facts.ospf import OspfNeighbor, OspfNeighbors
from dcctl.facts.routes import RouteCount, RouteCounts
from dcctl.facts.version import Version
from dcctl.platforms._parsing import expect, json_of, number, seconds, shaped, text_of
from dcctl.platforms.frr._change import RUNNING, whole
from dcctl.platforms.frr._generation import generation
from dcctl.platforms.frr._protection import partner_prefixes, routing_protection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output


def _object(output: Output, key: str = "") -> dict[str, Any]:
    """The answer's object; empty, or with `key` in it."""
    data = json_of(output)
    expect(isinstance(data, dict) or data is None, output, "no JSON object")
    expect(not data or not key or key in data, output, f"no {key}")
    return data or {}


def _version(outputs: Sequence[Output]) -> Version:
    match = re.search(r"^FRRouting (\S+) \(([^)]*)\)", text_of(outputs[0]), re.MULTILINE)
    expect(match, outputs[0], "no version")
    release, hostname = match.groups() if match else ("", "")
    return Version(
        os="frr",
        vendor="FRRouting",
        release=release,
        hostname=hostname,
        generation=generation(whole(text_of(outputs[1]))),
    )


def _interfaces(outputs: Sequence[Output]) -> Interfaces:
    found = _object(outputs[0])
    expect(found, outputs[0], "no interface")
    return Interfaces(items=tuple(_interface(name, found[name]) for name in sorted(found)))


def _interface(name: str, data: dict[str, Any]) -> Interface:
    megabits = number(data.get("speed"))
    up = data["administrativeStatus"] == "up"
    return Interface(
        name=name,
        admin_up=up,
        # FRR leaves it out of an interface that is shut.
        oper_up=up and data["operationalStatus"] == "up",
        description=data.get("description", ""),
        mtu=number(data.get("mtu") or data.get("mtu4")),
        speed_bps=megabits * 10**6 if megabits else None,
        addresses=tuple(
            address["address"]
            for address in data.get("ipAddresses", ())
            if "." in address["address"]
        ),
        mac=data.get("hardwareAddress", ""),
    )


def _isis(outputs: Sequence[Output]) -> IsisAdjacencies | None:
    """`detail` holds the interface's name; without it some releases give only a number."""
    items = []
    for area in _object(outputs[0], "areas").get("areas", ()):
        for circuit in area.get("circuits", ()):
            if "adj" not in circuit:
                continue
            inner = circuit.get("interface", {})
            details = inner if isinstance(inner, dict) else {"name": inner, **circuit}
            items.append(
                IsisAdjacency(
                    interface=str(details["name"]),
                    neighbor=str(circuit["adj"]),
                    state=str(details["state"]).lower().replace("initializing", "init"),
                    level=number(circuit.get("level") or details.get("level")),
                )
            )
    return IsisAdjacencies(items=tuple(items)) if items else None


def _ospf(outputs: Sequence[Output]) -> OspfNeighbors | None:
    items = []
    neighbors = _object(outputs[0], "neighbors").get("neighbors", {})
    for router_id, sessions in neighbors.items():
        for session in sessions:
            state = str(session.get("nbrState") or session.get("state"))
            items.append(
                OspfNeighbor(
                    interface=str(session["ifaceName"]).partition(":")[0],
                    neighbor=router_id,
                    state=state.partition("/")[0].lower().replace("-", ""),
                    address=str(session.get("ifaceAddress") or session.get("address") or ""),
                )
            )
    return OspfNeighbors(items=tuple(items)) if items else None


def _bgp(outputs: Sequence[Output]) -> BgpPeers | None:
    data = _object(outputs[0])
    expect(not data or "peers" in data or "warning" in data, outputs[0], "no peers")
    if not data.get("peers"):
        return None
    return BgpPeers(
        items=tuple(_peer(address, peer) for address, peer in sorted(data["peers"].items())),
        local_as=data.get("as"),
        router_id=str(data.get("routerId", "")),
    )


def _peer(address: str, data: dict[str, Any]) -> BgpPeer:
    state = str(data["state"]).partition(" ")[0].lower()
    up = state == "established"
    return BgpPeer(
        neighbor=address,
        remote_as=int(data["remoteAs"]),
        state=state,
        prefixes_received=data.get("pfxRcd") if up else None,
        uptime_s=int(data.get("peerUptimeMsec", 0)) // 1000 if up else None,
    )


def _bfd(outputs: Sequence[Output]) -> BfdSessions | None:
    data = json_of(outputs[0]) or []
    expect(isinstance(data, list), outputs[0], "no JSON list")
    items = [
        BfdSession(
            neighbor=str(peer["peer"]),
            state={"shutdown": "admin_down"}.get(peer["status"], str(peer["status"])),
            interface=str(peer.get("interface", "")),
        )
        for peer in data
    ]
    return BfdSessions(items=tuple(items)) if items else None


def _ldp(outputs: Sequence[Output]) -> LdpSessions | None:
    """Sessions; a router whose LDP daemon is off has none."""
    if text_of(outputs[0]).strip() == "ldpd is not running":
        return None
    data = _object(outputs[0])
    expect(not data or isinstance(data.get("neighbors"), list), outputs[0], "no list of neighbors")
    items = [
        LdpSession(
            neighbor=str(session["neighborId"]),
            state=str(session["state"]).lower(),
            uptime_s=seconds(str(session["upTime"])) if session.get("upTime") else None,
        )
        for session in data.get("neighbors", ())
    ]
    return LdpSessions(items=tuple(items)) if items else None


_SOURCES = {"ebgp": "bgp", "ibgp": "bgp"}


def _routes(outputs: Sequence[Output]) -> RouteCounts:
    """What zebra holds, by source; the total is of IPv4."""
    items: list[RouteCount] = []
    for output, family in zip(outputs, ("ipv4", "ipv6"), strict=True):
        data = _object(output)
        expect(isinstance(data.get("routes"), list), output, "no list of sources")
        counts: Counter[str] = Counter()
        for source in data["routes"]:
            counts[_SOURCES.get(source["type"], source["type"])] += int(source["rib"])
        expect(sum(counts.values()) == data.get("routesTotal"), output, "the sum is another")
        items += [
            RouteCount(protocol=name, count=count, family=family) for name, count in counts.items()
        ]
    return RouteCounts(items=tuple(items), total=_object(outputs[0])["routesTotal"])


def _management(outputs: Sequence[Output]) -> Management:
    """What FRR itself knows; accounts and SSH are the host's."""
    text = text_of(outputs[0])
    hostname = re.search(r"^hostname (\S+)", text, re.MULTILINE)
    expect(hostname and text.rstrip().endswith("end"), outputs[0], "not a whole configuration")
    encrypted = re.search(r"^service password-encryption", text, re.MULTILINE)
    password = re.search(r"^(?:enable )?password ", text, re.MULTILINE)
    return Management(
        hostname=hostname[1] if hostname else "",
        password_encryption=bool(encrypted) if password else None,
        login_banner=bool(re.search(r"^banner motd ", text, re.MULTILINE)),
        plain_passwords=("vty",) if password and not encrypted else (),
    )


COLLECTORS = (
    Collector(topic="version", commands=("show version", RUNNING), parse=_version),
    Collector(topic="interfaces", commands=("show interface json",), parse=shaped(_interfaces)),
    Collector(topic="isis", commands=("show isis neighbor detail json",), parse=shaped(_isis)),
    Collector(topic="ospf", commands=("show ip ospf neighbor json",), parse=shaped(_ospf)),
    Collector(topic="bgp", commands=("show bgp ipv4 unicast summary json",), parse=shaped(_bgp)),
    Collector(topic="bfd", commands=("show bfd peers json",), parse=shaped(_bfd)),
    Collector(topic="ldp", commands=("show mpls ldp neighbor json",), parse=shaped(_ldp)),
    Collector(
        topic="routes",
        commands=("show ip route summary json", "show ipv6 route summary json"),
        parse=shaped(_routes),
    ),
    Collector(topic="management", commands=(RUNNING,), parse=_management),
    Collector(topic="partner_prefixes", commands=(RUNNING,), parse=partner_prefixes),
    Collector(topic="routing_protection", commands=(RUNNING,), parse=routing_protection),
)
