"""What IOS XR's answers mean: version, interfaces and routes; the rest stands beside it."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from dcctl.facts.interfaces import Interface, Interfaces
from dcctl.facts.lag import Lag, LagMember, Lags
from dcctl.facts.routes import RouteCount, RouteCounts
from dcctl.facts.version import Version
from dcctl.platforms._parsing import expect, number, own, seconds, text_of
from dcctl.platforms._startup import committed
from dcctl.platforms.cisco_xr import _tables
from dcctl.platforms.cisco_xr._access import device_access
from dcctl.platforms.cisco_xr._answers import HERE, absent, collector
from dcctl.platforms.cisco_xr._configuration import logging, management, whole
from dcctl.platforms.cisco_xr._hardware import alarms, hardware, install, redundancy
from dcctl.platforms.cisco_xr._names import long_name
from dcctl.platforms.cisco_xr._neighbors import bfd, bgp, isis, ldp, lldp, ospf, rsvp
from dcctl.platforms.cisco_xr._optics import fec, optics
from dcctl.platforms.cisco_xr._protection import routing_protection
from dcctl.platforms.cisco_xr._sync import ptp, synce, time_sync

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_HEAD = re.compile(r"^(\S+) is (administratively down|up|down), line protocol is (.*?)\s*$")
_HEADERS = {"ARPA": 14, "802.1Q": 18}  # bytes of Ethernet that IOS XR's MTU includes


def _version(outputs: Sequence[Output]) -> Version:
    output = outputs[0]
    text = text_of(output).lstrip()
    release = re.match(r"Cisco IOS XR Software, Version ([\w.]+)", text)
    uptime = re.search(r"^(\S+) uptime is (.+?)\s*$", text, re.MULTILINE)
    model = re.search(r"^[Cc]isco (\S.*?) \([^\n]*\) ?processor", text, re.MULTILINE)
    expect(release and uptime and model, output, "no version")
    # `System uptime is ...` names nobody.
    name = re.search(r"^hostname (\S+)", text_of(outputs[1]), re.MULTILINE)
    named = name or "No such configuration item" in outputs[1].text
    expect(named, outputs[1], "no hostname")
    if not (release and uptime and model):
        return Version(os="ios-xr", release="")
    return Version(
        os="ios-xr",
        vendor="Cisco",
        release=release.group(1),
        model=model.group(1),
        hostname=name.group(1) if name else "",
        uptime_s=_uptime(uptime.group(2)),
    )


def _uptime(text: str) -> int | None:
    total, found = 0, False
    for amount, unit in re.findall(r"(\d+) (year|week|day|hour|minute|second)", text):
        total, found = total + int(amount) * (seconds(f"1{unit[0]}") or 0), True
    return total if found else None


def _interfaces(outputs: Sequence[Output]) -> Interfaces:
    output = outputs[0]
    blocks: list[list[str]] = []
    for line in text_of(output).splitlines():
        if _HEAD.match(line):
            blocks.append([line])
        elif line.strip():
            expect(blocks and line[0] == " ", output, line.strip()[:60])
            blocks[-1].append(line.strip())
    expect(blocks, output, "no interface")
    return Interfaces(items=tuple(_interface(block, output) for block in blocks))


def _interface(block: list[str], output: Output) -> Interface:
    head = _HEAD.match(block[0])
    text = "\n".join(block[1:])
    size = re.search(r"^MTU (\d+) bytes, BW (\d+) Kbit", text, re.MULTILINE)
    expect(head and size, output, block[0][:60])
    name, link, protocol = head.groups() if head else ("", "", "")
    kind = _first(r"^Encapsulation ([\w.]+)", text)
    faults = re.search(r"^(\d+) input errors, (\d+) CRC", text, re.MULTILINE)
    address = _first(r"^Internet address is (\d\S+)$", text)
    return Interface(
        name=name,
        admin_up=not link.startswith("administratively"),
        oper_up=link == "up" and protocol.startswith("up"),
        description=_first(r"^Description: (.*)$", text),
        mtu=int(size.group(1)) - _HEADERS.get(kind, 0) if size else None,
        speed_bps=int(size.group(2)) * 1000 if size and not name.startswith("Loopback") else None,
        addresses=(str(ipaddress.ip_interface(address)),) if address else (),
        mac=_mac(_first(r"address is ([0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})", text)),
        in_errors=int(faults.group(1)) if faults else None,
        crc_errors=int(faults.group(2)) if faults else None,
        out_errors=number(_first(r"^(\d+) output errors", text)),
        in_discards=number(_first(r"(\d+) total input drops", text)),
        out_discards=number(_first(r"(\d+) total output drops", text)),
        in_bps=number(_first(r"^[\w ]*input rate (\d+) bits/sec", text)),
        out_bps=number(_first(r"^[\w ]*output rate (\d+) bits/sec", text)),
    )


def _mac(text: str) -> str:
    digits = text.replace(".", "").lower()
    return ":".join(digits[i : i + 2] for i in range(0, len(digits), 2))


def _first(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE)
    return match.group(1) if match else ""


def _bundles(outputs: Sequence[Output]) -> Lags | None:
    output = outputs[0]
    if absent(output):
        return None
    records = [record for record in own(HERE, "show_bundle", output) if record["name"]]
    expect(records, output, "no bundle")
    for record in records:
        whole = int(record["configured"] or -1) == len(record["members"])
        expect(whole, output, f"{record['name']}: not every member was understood")
    items = [
        Lag(
            name=record["name"].replace(" ", ""),
            up=record["status"] == "Up",
            members=tuple(
                LagMember(interface=long_name(port), active=state == "Active", state=state.lower())
                for port, state in zip(record["members"], record["states"], strict=True)
            ),
            protocol="static" if record["lacp"].startswith("Not operational") else "lacp",
        )
        for record in records
    ]
    return Lags(items=tuple(items))


def _routes(outputs: Sequence[Output]) -> RouteCounts:
    output = outputs[0]
    counts = {
        record["source"]: int(record["routes"])
        for record in own(HERE, "show_route_summary", output)
    }
    total = counts.pop("Total", None)
    expect(total is not None and total == sum(counts.values()), output, "the sum is not the total")
    protocols: dict[str, int] = {}
    for source, count in counts.items():
        name = source.split()[0].lower()
        protocols[name] = protocols.get(name, 0) + count
    return RouteCounts(
        items=tuple(RouteCount(protocol=name, count=count) for name, count in protocols.items()),
        total=total,
    )


RUNNING = "show running-config"
COLLECTORS = (
    collector("version", ("show version", "show running-config hostname"), _version),
    collector("hardware", ("show platform", "show inventory"), hardware),
    collector("redundancy", ("show redundancy summary",), redundancy),
    collector("alarms", ("show alarms brief system active",), alarms),
    collector(
        "install", ("show install active summary", "show install committed summary"), install
    ),
    collector("interfaces", ("show interfaces",), _interfaces),
    collector("optics", ("show controllers optics *", "show interfaces"), optics),
    collector("fec", ("show controllers coherentDSP *", "show interfaces"), fec),
    collector("lag", ("show bundle",), _bundles),
    collector("lldp", ("show lldp neighbors detail",), lldp),
    collector("isis", ("show isis neighbors",), isis),
    collector("ospf", ("show ospf neighbor",), ospf),
    collector("bgp", ("show bgp ipv4 unicast summary",), bgp),
    collector("bfd", ("show bfd session",), bfd),
    collector("ldp", ("show mpls ldp neighbor brief",), ldp),
    collector("rsvp", ("show mpls traffic-eng tunnels tabular", "show rsvp neighbors"), rsvp),
    collector("routes", ("show route summary",), _routes),
    collector("default_routes", _tables.COMMANDS, _tables.default_routes),
    collector("ptp", ("show ptp platform servo",), ptp),
    collector("synce", ("show frequency synchronization interfaces brief",), synce),
    collector("time_sync", ("show ntp status", "show ntp associations"), time_sync),
    collector("logging", (RUNNING,), logging),
    collector("management", (RUNNING,), management),
    collector("device_access", (RUNNING,), device_access),
    collector("routing_protection", (RUNNING,), routing_protection),
    collector("startup", (RUNNING,), committed(whole)),
)
