"""What Junos' own JSON means. Every value lies in a list of one `{"data": ...}`.

Source: Juniper, "Junos XML API Operational Reference" (`| display json`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dcctl.contracts import Collector
from dcctl.facts.alarms import Alarm, Alarms
from dcctl.facts.bfd import BfdSession, BfdSessions
from dcctl.facts.bgp import BgpPeer, BgpPeers
from dcctl.facts.interfaces import Interface, Interfaces
from dcctl.facts.isis import IsisAdjacencies, IsisAdjacency
from dcctl.facts.lldp import LldpNeighbor, LldpNeighbors
from dcctl.facts.optics import Optic, Optics
from dcctl.facts.time_sync import TimeSync
from dcctl.facts.version import Version
from dcctl.platforms._parsing import expect, json_of, number, seconds, text_of
from dcctl.platforms.juniper_junos._change import RUNNING
from dcctl.platforms.juniper_junos._configuration import logging, management

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dcctl.contracts import Output

_JSON = " | display json"


def every(data: Any, name: str) -> Iterator[dict[str, Any]]:
    """Every element `name` anywhere below `data`, but not inside another of that name."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key == name:
                yield from (item for item in _listed(value) if isinstance(item, dict))
            else:
                yield from every(value, name)
    elif isinstance(data, list):
        for item in data:
            yield from every(item, name)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def text(element: dict[str, Any], *path: str) -> str:
    """The text at `path` below `element`; empty where there is none."""
    found: Any = element
    for name in path:
        found = _listed(found.get(name, [{}]))[0] if isinstance(found, dict) else {}
    if isinstance(found, dict):
        found = found.get("data", "")
    return str(found).strip()


def present(element: dict[str, Any], *path: str) -> bool:
    """Whether there is anything at `path`."""
    found: Any = element
    for name in path:
        if not isinstance(found, dict) or name not in found:
            return False
        found = _listed(found[name])[0]
    return True


def _root(output: Output, name: str) -> dict[str, Any] | None:
    """The answer's element `name`; None for an answer that is properly empty."""
    if not text_of(output).strip() or re.fullmatch(
        r"\s*(?:\S.* (?:instance|instances) (?:is|are) not running\.?|\{\s*\})\s*", output.text
    ):
        return None
    data = json_of(output)
    found = next(every(data, name), None)
    expect(found is not None, output, f"no {name}")
    return found


def _version(outputs: Sequence[Output]) -> Version:
    root = _root(outputs[0], "software-information")
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
    length = _listed(booted.get("time-length", [{}]))[0]
    stated = length.get("attributes", {}).get("junos:seconds") if isinstance(length, dict) else None
    return number(stated) if stated else seconds(text(booted, "time-length"))


def _interfaces(outputs: Sequence[Output]) -> Interfaces:
    root = _root(outputs[0], "interface-information")
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
    root = _root(outputs[0], "lldp-neighbors-information")
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
    root = _root(outputs[0], "isis-adjacency-information")
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
    root = _root(outputs[0], "bgp-information")
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
    elapsed = _listed(element.get("elapsed-time", [{}]))[0]
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
    root = _root(outputs[0], "bfd-session-information")
    items = [
        BfdSession(
            neighbor=text(element, "session-neighbor"),
            state=text(element, "session-state").lower().replace("admindown", "admin_down"),
            interface=text(element, "session-interface"),
        )
        for element in every(root or {}, "bfd-session")
    ]
    return BfdSessions(items=tuple(items)) if items else None


def _optics(outputs: Sequence[Output]) -> Optics | None:
    root = _root(outputs[0], "interface-information")
    items: list[Optic] = []
    for port in every(root or {}, "physical-interface"):
        diagnostics = next(every(port, "optics-diagnostics"), None)
        if diagnostics is None or present(diagnostics, "optic-diagnostics-not-available"):
            continue
        lanes = list(every(diagnostics, "optics-diagnostics-lane-values")) or [diagnostics]
        items += [
            _optic(text(port, "name"), index, lane, diagnostics) for index, lane in enumerate(lanes)
        ]
    return Optics(items=tuple(items)) if items else None


def _optic(name: str, index: int, lane: dict[str, Any], module: dict[str, Any]) -> Optic:
    power = _dbm(lane, "laser-rx-optical-power-dbm", "rx-signal-avg-optical-power-dbm")
    lost = (
        text(
            lane,
            "rx-loss-of-signal-alarm",
        )
        == "on"
        or power is None
    )
    return Optic(
        interface=name,
        lane=number(text(lane, "lane-index")) or index,
        rx_dbm=None if lost else power,
        tx_dbm=_dbm(lane, "laser-output-power-dbm"),
        los=lost,
        rx_low_alarm_dbm=_dbm(module, "laser-rx-power-low-alarm-threshold-dbm"),
        rx_low_warning_dbm=_dbm(module, "laser-rx-power-low-warn-threshold-dbm"),
        rx_high_warning_dbm=_dbm(module, "laser-rx-power-high-warn-threshold-dbm"),
        rx_high_alarm_dbm=_dbm(module, "laser-rx-power-high-alarm-threshold-dbm"),
        temperature_c=_leading(text(module, "module-temperature")),
    )


def _dbm(element: dict[str, Any], *names: str) -> float | None:
    return next((_leading(text(element, n)) for n in names if present(element, n)), None)


def _leading(stated: str) -> float | None:
    match = re.match(r"\s*(-?\d+(?:\.\d+)?)", stated)
    return float(match[1]) if match else None


def _alarms(outputs: Sequence[Output]) -> Alarms:
    items: list[Alarm] = []
    for output, source in zip(outputs, ("chassis", "system"), strict=True):
        root = _root(output, "alarm-information")
        found = list(every(root or {}, "alarm-detail"))
        items += [
            Alarm(
                severity=text(element, "alarm-class").lower(),
                text=text(element, "alarm-description"),
                source=source,
                since=text(element, "alarm-time"),
            )
            for element in found
        ]
        count = number(text(root or {}, "alarm-summary", "active-alarm-count"))
        expect(count in (None, len(found)), output, "not every alarm was understood")
        none = present(root or {}, "alarm-summary", "no-active-alarms")
        expect(found or none or count == 0, output, "neither alarms nor their absence")
    return Alarms(items=tuple(items))


_ASSOCIATION = re.compile(
    r"^(?P<mark>[ *+#x.o-])(?P<server>[\w.:-]+)\s+(?P<ref>\S+)\s+(?P<stratum>\d+)\s+\S\s+\S+\s+\d+"
    r"\s+\d+\s+-?[\d.]+\s+(?P<offset>[+-]?[\d.]+)\s+[\d.]+\s*$"
)


def _time_sync(outputs: Sequence[Output]) -> TimeSync:
    """`show ntp associations` and `show ntp status` are ntpq's own text, also on Junos."""
    associations, status = text_of(outputs[0]), text_of(outputs[1])
    rows = [match for line in associations.splitlines() if (match := _ASSOCIATION.match(line))]
    body = [
        line
        for line in associations.splitlines()
        if line.strip() and not re.match(r"\s*remote\s+refid|=+|No association", line)
    ]
    expect(len(rows) == len(body), outputs[0], "not every association was understood")
    known = r"\bstatus=\w+|\bsync_\w+|leap_\w+|No association|timed out"
    stated = re.search(known, status + associations)
    expect(stated, outputs[1], "no state")
    peer = next((row for row in rows if row["mark"] == "*"), None)
    stratum = re.search(r"\bstratum=(\d+)", status)
    return TimeSync(
        synchronised=peer is not None and "sync_unspec" not in status,
        servers=tuple(row["server"] for row in rows),
        source=peer["server"] if peer else "",
        stratum=int(stratum[1]) if stratum else None,
        offset_s=round(float(peer["offset"]) / 1000, 9) if peer else None,
    )


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
        topic="interfaces", commands=(f"show interfaces extensive{_JSON}",), parse=_interfaces
    ),
    Collector(topic="lldp", commands=(f"show lldp neighbors{_JSON}",), parse=_lldp),
    Collector(topic="isis", commands=(f"show isis adjacency{_JSON}",), parse=_isis),
    Collector(topic="bgp", commands=(f"show bgp summary{_JSON}",), parse=_bgp),
    Collector(topic="bfd", commands=(f"show bfd session{_JSON}",), parse=_bfd),
    Collector(
        topic="optics", commands=(f"show interfaces diagnostics optics{_JSON}",), parse=_optics
    ),
    Collector(
        topic="alarms",
        commands=(f"show chassis alarms{_JSON}", f"show system alarms{_JSON}"),
        parse=_alarms,
    ),
    Collector(
        topic="time_sync",
        commands=("show ntp associations", "show ntp status"),
        parse=_time_sync,
    ),
    Collector(topic="logging", commands=(RUNNING,), parse=logging),
    Collector(topic="management", commands=(RUNNING,), parse=management),
)
