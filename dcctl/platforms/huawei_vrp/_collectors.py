"""What VRP's answers mean: ntc-templates where its template is strict enough, else our own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl.contracts import Collector
from dcctl.facts.bfd import BfdSession, BfdSessions
from dcctl.facts.bgp import BgpPeer, BgpPeers
from dcctl.facts.isis import IsisAdjacencies, IsisAdjacency
from dcctl.facts.lag import Lag, LagMember, Lags
from dcctl.facts.ldp import LdpSession, LdpSessions
from dcctl.facts.lldp import LldpNeighbor, LldpNeighbors
from dcctl.facts.ospf import OspfNeighbor, OspfNeighbors
from dcctl.facts.routes import RouteCount, RouteCounts
from dcctl.facts.rsvp import RsvpPath, RsvpPaths
from dcctl.platforms._parsing import expect, ntc, own, seconds, text_of
from dcctl.platforms._startup import compared
from dcctl.platforms.huawei_vrp._access import device_access
from dcctl.platforms.huawei_vrp._change import RUNNING
from dcctl.platforms.huawei_vrp._configuration import logging, management
from dcctl.platforms.huawei_vrp._health import alarms, hardware, install, redundancy, version
from dcctl.platforms.huawei_vrp._interfaces import interfaces
from dcctl.platforms.huawei_vrp._names import long_name
from dcctl.platforms.huawei_vrp._optics import optics
from dcctl.platforms.huawei_vrp._protection import routing_protection
from dcctl.platforms.huawei_vrp._sync import ptp, synce, time_sync

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

HERE = Path(__file__).parent
_LEVELS = {"L1": 1, "L2": 2, "L1L2": 12, "L1/L2": 12}
_ROLES = {"I": "ingress", "T": "transit", "E": "egress"}
_MARKS = re.compile(r"[*+?]$")  # of an IS-IS name that a router learned from another one's LSP


def _isis(outputs: Sequence[Output]) -> IsisAdjacencies | None:
    output = outputs[0]
    if _nothing(output):
        return None
    records = own(HERE, "display_isis_peer", output)
    stated = re.findall(r"^Total Peer\(s\):\s+(\d+)", output.text, re.MULTILINE)
    items = [
        IsisAdjacency(
            interface=long_name(record["interface"]),
            neighbor=_MARKS.sub("", "".join(record["system_id"])),
            state=record["state"].lower(),
            level=_LEVELS.get(record["type"].partition("(")[0]),
        )
        for record in records
        if record["interface"]
    ]
    expect(stated and sum(map(int, stated)) == len(items), output, "not every peer was understood")
    return IsisAdjacencies(items=tuple(items)) if items else None


def _ospf(outputs: Sequence[Output]) -> OspfNeighbors | None:
    output = outputs[0]
    if _nothing(output):
        return None
    expect("OSPF Process" in text_of(output), output, "no process")
    items = [
        OspfNeighbor(
            interface=long_name(record["interface"]),
            neighbor=record["neighbor"],
            state={"2-way": "2way"}.get(record["state"].lower(), record["state"].lower()),
        )
        for record in own(HERE, "display_ospf_peer_brief", output)
    ]
    stated = re.findall(
        r"^\s*Total (?:number of )?[Pp]eer\(s\):\s+(\d+)", output.text, re.MULTILINE
    )
    counted = not stated or sum(map(int, stated)) == len(items)
    expect(counted, output, "not every neighbour was understood")
    return OspfNeighbors(items=tuple(items)) if items else None


def _bgp(outputs: Sequence[Output]) -> BgpPeers | None:
    output = outputs[0]
    if _nothing(output):
        return None
    text = text_of(output)
    records = own(HERE, "display_bgp_peer", output)
    identifier = re.search(r"BGP [Ll]ocal router ID\s*:\s*([\d.]+)", text)
    asn = re.search(r"[Ll]ocal AS number\s*:\s*([\d.]+)", text)
    stated = re.search(r"Total number of peers\s*:\s*(\d+)", text)
    expect(identifier and asn and stated, output, "no router identifier")
    if identifier is None or asn is None or stated is None:
        return None
    expect(int(stated[1]) == len(records), output, "not every peer was understood")
    return BgpPeers(
        items=tuple(_peer(record) for record in records),
        local_as=_as_number(asn[1]),
        router_id=identifier[1],
    )


def _peer(record: dict[str, str]) -> BgpPeer:
    state = record["state"].partition("(")[0].lower()
    established = state == "established"
    return BgpPeer(
        neighbor=record["neighbor"],
        remote_as=_as_number(record["remote_as"]),
        state=state,
        prefixes_received=int(record["prefixes"]) if established else None,
        uptime_s=seconds(record["up_down"]) if established else None,
    )


def _as_number(text: str) -> int:
    high, _, low = text.rpartition(".")
    return int(high or 0) * 65536 + int(low)


def _bfd(outputs: Sequence[Output]) -> BfdSessions | None:
    output = outputs[0]
    if _nothing(output):
        return None
    records = own(HERE, "display_bfd_session_all", output)
    stated = re.search(r"UP/DOWN Session Number\s*:\s*(\d+)/(\d+)", text_of(output))
    expect(
        stated and int(stated[1]) + int(stated[2]) == len(records),
        output,
        "not every session was understood",
    )
    items = [
        BfdSession(
            neighbor=record["neighbor"],
            state={"admdown": "admin_down"}.get(record["state"].lower(), record["state"].lower()),
            interface=long_name(record["interface"]).strip("-"),
        )
        for record in records
    ]
    return BfdSessions(items=tuple(items)) if items else None


def _ldp(outputs: Sequence[Output]) -> LdpSessions | None:
    output = outputs[0]
    if _nothing(output):
        return None
    records = own(HERE, "display_mpls_ldp_session", output)
    stated = re.search(r"TOTAL:\s+(\d+)\s+[Ss]ession", text_of(output))
    expect(stated and int(stated[1]) == len(records), output, "not every session was understood")
    items = [
        LdpSession(
            neighbor=record["neighbor"],
            state="".join(record["state"].split()).lower(),
            uptime_s=_age(record["age"]),
        )
        for record in records
    ]
    return LdpSessions(items=tuple(items)) if items else None


def _age(text: str) -> int:
    """`DDDD:HH:MM` in seconds."""
    days, hours, minutes = map(int, text.split(":"))
    return 86400 * days + 3600 * hours + 60 * minutes


def _routes(outputs: Sequence[Output]) -> RouteCounts | None:
    output = outputs[0]
    records = own(HERE, "display_ip_routing-table_statistics", output)
    stated = re.search(r"^\s*Total\s+(\d+)", text_of(output), re.MULTILINE)
    expect(records and stated, output, "no routes in it")
    counts = [
        RouteCount(protocol=_protocol(record["protocol"]), count=int(record["total"]))
        for record in records
    ]
    total = int(stated[1]) if stated else 0
    expect(sum(one.count for one in counts) == total, output, "the counts do not add up")
    return RouteCounts(items=tuple(counts), total=total)


def _protocol(name: str) -> str:
    """VRP's name of a source of routes, as everybody writes it."""
    return {"direct": "connected", "is-is": "isis"}.get(name.lower(), name.lower())


def _lag(outputs: Sequence[Output]) -> Lags | None:
    output = outputs[0]
    if _nothing(output) or "No valid trunk" in text_of(output):
        return None
    text = text_of(output)
    groups = re.split(r"^(Eth-Trunk\d+)'s state information is:\s*$", text, flags=re.MULTILINE)
    expect(len(groups) > 1 and not groups[0].strip(), output, "no trunk in it")
    ntc("huawei_vrp_display_eth-trunk", output)  # only to refuse what it does not know
    pairs = zip(groups[1::2], groups[2::2], strict=True)
    return Lags(items=tuple(_group(output, name, body) for name, body in pairs))


def _group(output: Output, name: str, body: str) -> Lag:
    local = body.partition("Partner:")[0]
    mode = re.search(r"WorkingMode:\s+(\S+)", local)
    status = re.search(r"Operate status:\s+(\w+)\s+Number Of Up Ports? In Trunk:\s+(\d+)", local)
    expect(mode and status, output, f"{name} without its state")
    rows = re.findall(r"^(\S+\d)\s+(Up|Down|Selected|Unselect|Unselected)\b", local, re.MULTILINE)
    members = [
        LagMember(interface=long_name(port), active=state in ("Up", "Selected"), state=state)
        for port, state in rows
    ]
    stated = int(status[2]) if status else 0
    up = sum(one.active for one in members)
    expect(up == stated, output, f"not every member of {name} was understood")
    lacp = bool(mode) and "LACP" in (mode[1].upper() if mode else "")
    lacp = lacp or bool(mode and mode[1].upper() in ("STATIC", "DYNAMIC"))
    return Lag(
        name=name,
        up=bool(status) and (status[1].lower() == "up" if status else False),
        members=tuple(members),
        protocol="lacp" if lacp else "static",
    )


def _lldp(outputs: Sequence[Output]) -> LldpNeighbors | None:
    output = outputs[0]
    if _nothing(output):
        return None
    text = text_of(output)
    parts = re.split(r"^\s*(\S+) has (\d+) neighbors?(?:\(s\))?:?\s*$", text, flags=re.MULTILINE)
    expect(len(parts) > 1 and not parts[0].strip(), output, "no interface in it")
    items: list[LldpNeighbor] = []
    for name, stated, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        entries = re.split(r"^\s*Neighbor index\s*:\s*\d+\s*$", body, flags=re.MULTILINE)[1:]
        expect(len(entries) == int(stated), output, f"not every neighbour of {name} was understood")
        items += [_heard(output, name, entry) for entry in entries]
    return LldpNeighbors(items=tuple(items)) if items else None


def _heard(output: Output, name: str, entry: str) -> LldpNeighbor:
    found = {
        key: re.search(rf"^\s*{label}\s*:[ ]*(.*?)\s*$", entry, re.MULTILINE)
        for key, label in (
            ("system", "System name"),
            ("port", "Port ID"),
            ("description", "Port description"),
            ("address", "Management address(?: value)?"),
        )
    }
    expect(found["port"] and found["system"], output, f"a neighbour of {name} without its name")
    values = {key: match[1].strip("-") if match else "" for key, match in found.items()}
    return LldpNeighbor(
        interface=long_name(name),
        system=values["system"],
        port=values["port"],
        port_description=values["description"],
        management_address=values["address"],
    )


def _rsvp(outputs: Sequence[Output]) -> RsvpPaths | None:
    output = outputs[0]
    if _nothing(output):
        return None
    expect("Tunnel-name" in text_of(output), output, "no table")
    items = [
        RsvpPath(
            name=record["name"],
            destination=record["destination"],
            source=record["source"],
            role=_ROLES.get(record["role"], ""),
            state="up",  # the table holds those that are set up
        )
        for record in ntc("huawei_vrp_display_mpls_te_tunnel", output)
    ]
    return RsvpPaths(items=tuple(items)) if items else None


_ABSENT = re.compile(
    r"^\s*(?:Info|Error|Warning):.*"
    r"(?:\bnot (?:\w+ )?(?:enabled|configured|created|exist|running|started)"
    r"|\bdoes not exist|\bno (?:\w+ ){0,3}(?:session|peer|neighbor|process|information)"
    r"|\bis disabled|\bhas not been)",
    re.IGNORECASE | re.MULTILINE,
)


def _nothing(output: Output) -> bool:
    """Whether the device says that there is nothing of this: an answer, and no failure."""
    if output.failed:
        return bool(re.search(_ABSENT.pattern.removeprefix(r"^\s*"), output.text, re.IGNORECASE))
    return not output.text.strip() or bool(_ABSENT.match(output.text))


COLLECTORS = (
    Collector(
        topic="version",
        commands=(
            "display version",
            "display current-configuration | include sysname",
            "display esn",
        ),
        parse=version,
    ),
    Collector(topic="hardware", commands=("display device",), parse=hardware),
    Collector(topic="redundancy", commands=("display switchover state",), parse=redundancy),
    Collector(topic="alarms", commands=("display alarm active",), parse=alarms),
    Collector(topic="interfaces", commands=("display interface",), parse=interfaces),
    Collector(
        topic="optics",
        commands=("display interface transceiver verbose", "display transceiver verbose"),
        parse=optics,
    ),
    Collector(topic="lag", commands=("display eth-trunk",), parse=_lag),
    Collector(topic="isis", commands=("display isis peer",), parse=_isis),
    Collector(topic="ospf", commands=("display ospf peer brief",), parse=_ospf),
    Collector(topic="bgp", commands=("display bgp peer",), parse=_bgp),
    Collector(topic="bfd", commands=("display bfd session all",), parse=_bfd),
    Collector(topic="lldp", commands=("display lldp neighbor",), parse=_lldp),
    Collector(topic="ldp", commands=("display mpls ldp session",), parse=_ldp),
    Collector(topic="rsvp", commands=("display mpls te tunnel",), parse=_rsvp),
    Collector(topic="routes", commands=("display ip routing-table statistics",), parse=_routes),
    Collector(topic="install", commands=("display startup",), parse=install),
    Collector(topic="ptp", commands=("display ptp all",), parse=ptp),
    Collector(topic="synce", commands=("display clock source",), parse=synce),
    Collector(topic="time_sync", commands=("display ntp-service status", RUNNING), parse=time_sync),
    Collector(topic="logging", commands=(RUNNING,), parse=logging),
    Collector(
        topic="management",
        commands=(RUNNING, "display telnet server status"),
        parse=management,
    ),
    Collector(topic="device_access", commands=(RUNNING,), parse=device_access),
    Collector(topic="routing_protection", commands=(RUNNING,), parse=routing_protection),
    Collector(
        topic="startup",
        commands=(RUNNING, "display saved-configuration"),
        parse=compared(r"sysname "),
    ),
)
