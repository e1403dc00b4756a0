"""What Junos' own JSON means. Every value lies in a list of one `{"data": ...}`.

Source: Juniper, "Junos XML API Operational Reference" (`| display json`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dcctl.contracts import Collector
from dcctl.facts.bfd import BfdSession, BfdSessions
from dcctl.facts.bgp import BgpPeer, BgpPeers
from dcctl.facts.interfaces import Interface, Interfaces
from dcctl.facts.isis import IsisAdjacencies, IsisAdjacency
from dcctl.facts.lldp import LldpNeighbor, LldpNeighbors
from dcctl.facts.version import Version
from dcctl.platforms._parsing import expect, json_of, number, seconds
from dcctl.platforms._startup import committed
from dcctl.platforms.juniper_junos import _tables
from dcctl.platforms.juniper_junos._access import device_access
from dcctl.platforms.juniper_junos._change import RUNNING
from dcctl.platforms.juniper_junos._configuration import lines_of, logging, management
from dcctl.platforms.juniper_junos._hardware import hardware, install, redundancy
from dcctl.platforms.juniper_junos._health import alarms, optics, time_sync
from dcctl.platforms.juniper_junos._json import every, listed, root_of, text
from dcctl.platforms.juniper_junos._links import fec, lag, ldp, ospf, routes, rsvp
from dcctl.platforms.juniper_junos._protection import routing_protection
from dcctl.platforms.juniper_junos._sync import ptp, synce

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_JSON = " | display json"


def _version(outputs: Sequence[Output]) -> Version:
    root = root_of(outputs[0], "software-information")
    expect(root and text(root, "junos-version"), outputs[0], "no version")
    assert root is not None  # noqa: S101 - expect says so
    uptime = _uptime(outputs[1])
    chassis = next(every(json_of(outputs[2]), "chassis"), {})
    return Version(
        os="junos",
        vendor="Juniper",
        release=text(root, "junos-version"),
        model=text(root, "product-model").upper(),
        serial=text(chassis, "serial-number"),
        hostname=text(root, "host-name"),
        uptime_s=uptime,
    )


def _uptime(output: Output) -> int | None:
    booted = next(every(json_of(output), "system-booted-time"), {})
    length = listed(booted.get("time-length", [{}]))[0]
    stated = length.get("attributes", {}).get("junos:seconds") if isinstance(length, dict) else None
    return number(stated) if stated else seconds(text(booted, "time-length"))


def _interfaces(outputs: Sequence[Output]) -> Interfaces:
    root = root_of(outputs[0], "interface-information")
    expect(root, outputs[0], "no interface")
    physical = list(every(root, "physical-interface"))
    expect(physical, outputs[0], "no interface")
    return Interfaces(items=tuple(_interface(element) for element in physical))


def _interface(element: dict[str, Any]) -> Interface:
    units = list(every(element, "logical-interface"))
    addresses = tuple(
        _with_length(text(address, "ifa-local"), text(address, "ifa-destination"))
        for unit in units
        for address in every(unit, "interface-address")
        if text(address, "ifa-local") and "." in text(address, "ifa-local")
    )
    return Interface(
        name=text(element, "name"),
        admin_up=text(element, "admin-status") == "up",
        oper_up=text(element, "oper-status") == "up",
        description=text(element, "description"),
        mtu=_ip_mtu(element, units),
        speed_bps=_speed(text(element, "speed")),
        addresses=addresses,
        mac=text(element, "current-physical-address"),
        in_errors=number(text(element, "input-error-list", "input-errors")),
        out_errors=number(text(element, "output-error-list", "output-errors")),
        crc_errors=number(text(element, "ethernet-mac-statistics", "input-crc-errors")),
        in_discards=number(text(element, "input-error-list", "input-drops")),
        out_discards=number(text(element, "output-error-list", "output-drops")),
        in_bps=number(text(element, "traffic-statistics", "input-bps")),
        out_bps=number(text(element, "traffic-statistics", "output-bps")),
    )


def _ip_mtu(element: dict[str, Any], units: list[dict[str, Any]]) -> int | None:
    """The MTU of the IP packet, as the design counts; a port's own counts the header too."""
    families = [family for unit in units for family in every(unit, "address-family")]
    for family in families:
        if text(family, "address-family-name") == "inet":
            return number(text(family, "mtu"))
    media = number(text(element, "mtu"))
    return media - 14 if media else None


def _with_length(local: str, destination: str) -> str:
    if "/" in local:
        return local
    length = destination.partition("/")[2]
    return f"{local}/{length or 32}"


def _speed(stated: str) -> int | None:
    match = re.match(r"(\d+)\s*([GMk]?)bps", stated)
    scale = {"G": 10**9, "M": 10**6, "k": 10**3, "": 1}
    return int(match[1]) * scale[match[2]] if match else None


def _lldp(outputs: Sequence[Output]) -> LldpNeighbors | None:
    root = root_of(outputs[0], "lldp-neighbors-information")
    items = [
        LldpNeighbor(
            interface=text(element, "lldp-local-port-id") or text(element, "lldp-local-interface"),
            system=text(element, "lldp-remote-system-name"),
            port=text(element, "lldp-remote-port-id"),
            port_description=text(element, "lldp-remote-port-description"),
        )
        for element in every(root or {}, "lldp-neighbor-information")
    ]
    return LldpNeighbors(items=tuple(items)) if items else None


def _isis(outputs: Sequence[Output]) -> IsisAdjacencies | None:
    root = root_of(outputs[0], "isis-adjacency-information")
    items = [
        IsisAdjacency(
            interface=text(element, "interface-name"),
            neighbor=text(element, "system-name"),
            state=text(element, "adjacency-state").lower(),
            level=number(text(element, "level")),
        )
        for element in every(root or {}, "isis-adjacency")
    ]
    return IsisAdjacencies(items=tuple(items)) if items else None


def _bgp(outputs: Sequence[Output]) -> BgpPeers | None:
    root = root_of(outputs[0], "bgp-information")
    peers = list(every(root or {}, "bgp-peer"))
    if not peers:
        return None
    stated = number(text(root or {}, "peer-count"))
    expect(stated is None or stated == len(peers), outputs[0], "not every peer was understood")
    return BgpPeers(items=tuple(_peer(element) for element in peers))


def _peer(element: dict[str, Any]) -> BgpPeer:
    state = text(element, "peer-state").lower()
    ribs = list(every(element, "bgp-rib"))
    received = [number(text(rib, "received-prefix-count")) for rib in ribs]
    elapsed = listed(element.get("elapsed-time", [{}]))[0]
    stated = elapsed.get("attributes", {}).get("junos:seconds") if isinstance(elapsed, dict) else ""
    up = state.startswith("establ")
    return BgpPeer(
        neighbor=text(element, "peer-address").partition("+")[0],
        remote_as=int(text(element, "peer-as")),
        state="established" if up else state,
        prefixes_received=sum(n for n in received if n is not None) if up else None,
        uptime_s=(number(stated) or seconds(text(element, "elapsed-time"))) if up else None,
    )


def _bfd(outputs: Sequence[Output]) -> BfdSessions | None:
    root = root_of(outputs[0], "bfd-session-information")
    items = [
        BfdSession(
            neighbor=text(element, "session-neighbor"),
            state=text(element, "session-state").lower().replace("admindown", "admin_down"),
            interface=text(element, "session-interface"),
        )
        for element in every(root or {}, "bfd-session")
    ]
    return BfdSessions(items=tuple(items)) if items else None


COLLECTORS = (
    Collector(
        topic="version",
        commands=(
            f"show version{_JSON}",
            f"show system uptime{_JSON}",
            f"show chassis hardware{_JSON}",
        ),
        parse=_version,
    ),
    Collector(
        topic="hardware",
        commands=(f"show chassis hardware{_JSON}", f"show chassis environment{_JSON}"),
        parse=hardware,
    ),
    Collector(
        topic="redundancy",
        commands=(f"show chassis routing-engine{_JSON}", f"show task replication{_JSON}"),
        parse=redundancy,
    ),
    Collector(topic="install", commands=(f"show version{_JSON}",), parse=install),
    Collector(
        topic="interfaces", commands=(f"show interfaces extensive{_JSON}",), parse=_interfaces
    ),
    Collector(
        topic="lag",
        commands=(f"show lacp interfaces{_JSON}", f"show interfaces terse{_JSON}"),
        parse=lag,
    ),
    Collector(topic="fec", commands=(f"show interfaces extensive{_JSON}",), parse=fec),
    Collector(topic="lldp", commands=(f"show lldp neighbors{_JSON}",), parse=_lldp),
    Collector(topic="isis", commands=(f"show isis adjacency{_JSON}",), parse=_isis),
    Collector(topic="ospf", commands=(f"show ospf neighbor{_JSON}",), parse=ospf),
    Collector(topic="bgp", commands=(f"show bgp summary{_JSON}",), parse=_bgp),
    Collector(topic="bfd", commands=(f"show bfd session{_JSON}",), parse=_bfd),
    Collector(topic="ldp", commands=(f"show ldp session{_JSON}",), parse=ldp),
    Collector(
        topic="rsvp",
        commands=(f"show rsvp session{_JSON}", f"show rsvp neighbor{_JSON}"),
        parse=rsvp,
    ),
    Collector(topic="default_routes", commands=_tables.COMMANDS, parse=_tables.default_routes),
    Collector(topic="routes", commands=(f"show route summary{_JSON}",), parse=routes),
    Collector(
        topic="optics", commands=(f"show interfaces diagnostics optics{_JSON}",), parse=optics
    ),
    Collector(
        topic="alarms",
        commands=(f"show chassis alarms{_JSON}", f"show system alarms{_JSON}"),
        parse=alarms,
    ),
    Collector(
        topic="time_sync",
        commands=("show ntp associations", "show ntp status"),
        parse=time_sync,
    ),
    Collector(topic="ptp", commands=("show ptp lock-status detail",), parse=ptp),
    Collector(topic="synce", commands=("show chassis synchronization extensive",), parse=synce),
    Collector(topic="logging", commands=(RUNNING,), parse=logging),
    Collector(topic="management", commands=(RUNNING,), parse=management),
    Collector(topic="device_access", commands=(RUNNING,), parse=device_access),
    Collector(topic="routing_protection", commands=(RUNNING,), parse=routing_protection),
    Collector(topic="startup", commands=(RUNNING,), parse=committed(lines_of)),
)
