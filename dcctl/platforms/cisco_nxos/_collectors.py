"""What NX-OS's answers mean: ntc-templates where its template is strict enough, else our own."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from dcctl.contracts import Collector
from dcctl.facts.install import Install
from dcctl.facts.interfaces import Interface, Interfaces
from dcctl.facts.lag import Lag, LagMember, Lags
from dcctl.facts.lldp import LldpNeighbor, LldpNeighbors
from dcctl.facts.version import Version
from dcctl.platforms._parsing import Record, expect, ntc, number, text_of
from dcctl.platforms._startup import compared
from dcctl.platforms.cisco_nxos import _hardware, _light, _routing, _settings, _tables
from dcctl.platforms.cisco_nxos._access import device_access
from dcctl.platforms.cisco_nxos._names import long_name
from dcctl.platforms.cisco_nxos._protection import partner_prefixes, routing_protection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

RUNNING = "show running-config"
_UNITS = {"day": 86400, "hour": 3600, "minute": 60, "second": 1}
_HEAD = re.compile(r"^\S+ is (?:up|down|administratively)\b", re.MULTILINE)
_FC = re.compile(r"(?:v?fc|san-port-channel)")  # Fibre Channel has neither MTU nor bandwidth
_SPEEDS = {"gb/s": 10**9, "mb/s": 10**6, "kb/s": 10**3}


def _version(outputs: Sequence[Output]) -> Version:
    output = outputs[0]
    records = ntc("cisco_nxos_show_version", output)
    expect(len(records) == 1 and records[0]["os"], output, "no version")
    record = records[0]
    expect(record["hostname"] and record["uptime"], output, "no uptime")
    return Version(
        os="nx-os",
        vendor="Cisco",
        release=_release(record["os"]),
        model=record["platform"],
        serial=record["serial"],
        hostname=record["hostname"].strip(),
        uptime_s=_uptime(record["uptime"]),
    )


def _release(text: str) -> str:
    """`10.3(4a) [Maintenance Release]` without what kind of release it is."""
    return text.partition("[")[0].strip()


def _uptime(text: str) -> int | None:
    found = re.findall(r"(\d+) (day|hour|minute|second)", text)
    return sum(int(amount) * _UNITS[unit] for amount, unit in found) if found else None


def install(outputs: Sequence[Output]) -> Install:
    output, boot = outputs
    records = ntc("cisco_nxos_show_version", output)
    expect(len(records) == 1 and records[0]["os"], output, "no version")
    text = text_of(boot)
    expect("oot Variables" in text, boot, "no boot variables")
    after = text.partition("next reload")[2] or text
    image = re.search(r"(?:NXOS|system|kickstart) variable = (\S+)", after)
    return Install(running=_release(records[0]["os"]), next_boot=image.group(1) if image else "")


def _interfaces(outputs: Sequence[Output]) -> Interfaces | None:
    output = outputs[0]
    records = ntc("cisco_nxos_show_interface", output)
    stated = _HEAD.findall(text_of(output))
    expect(stated and len(records) == len(stated), output, "not every interface was understood")
    # `show ip interface` begins alike, and says nothing of an interface's bandwidth.
    whole = (one["bandwidth"] or one["mtu"] or _FC.match(one["interface"]) for one in records)
    expect(all(whole), output, "one is cut short")
    rates = [_rates(one) for one in _HEAD.split(text_of(output))[1:]]
    pairs = zip(records, rates, strict=True)
    return Interfaces(items=tuple(_interface(one, rate) for one, rate in pairs))


def _rates(text: str) -> tuple[int | None, int | None]:
    """The first of the intervals that it averages over; the next tells the longer one again."""
    found = (re.search(rf"{way} rate (\d+) bits/sec", text) for way in ("input", "output"))
    into, out = (int(match[1]) if match else None for match in found)
    return into, out


def _interface(record: Record, rates: tuple[int | None, int | None]) -> Interface:
    link, admin = record["link_status"], record["admin_state"]
    address, length = record["ip_address"], record["prefix_length"]
    return Interface(
        name=record["interface"],
        admin_up="dministratively" not in link and not admin.startswith("down"),
        oper_up=link.startswith("up"),
        description=record["description"],
        mtu=number(record["mtu"]),
        speed_bps=_speed(record["speed"]) or _bandwidth(record["bandwidth"]),
        addresses=(str(ipaddress.ip_interface(f"{address}/{length}")),) if address else (),
        mac=_mac(record["mac_address"]),
        in_errors=number(record["input_errors"]),
        out_errors=number(record["output_errors"]),
        crc_errors=number(record["crc"]),
        in_discards=number(record["input_discards"]),
        out_discards=number(record["output_discards"]),
        in_bps=rates[0],
        out_bps=rates[1],
    )


def _speed(text: str) -> int | None:
    found = re.fullmatch(r"(\d+) ([GMKgmk]b/s)", text.strip())
    return int(found[1]) * _SPEEDS[found[2].lower()] if found else None


def _bandwidth(text: str) -> int | None:
    kilobits = number(text.split(maxsplit=1)[0]) if text else None
    return kilobits * 1000 if kilobits is not None else None


def _mac(text: str) -> str:
    digits = text.replace(".", "").lower()
    return ":".join(digits[i : i + 2] for i in range(0, len(digits), 2))


def _lldp(outputs: Sequence[Output]) -> LldpNeighbors | None:
    output = outputs[0]
    if _routing.off(output) or re.search(r"^\s*%? ?LLDP is not enabled", output.text, re.MULTILINE):
        return None
    text = text_of(output)
    total = re.search(r"^Total entries displayed:\s*(\d+)", text, re.MULTILINE)
    records = ntc("cisco_nxos_show_lldp_neighbors_detail", output)
    heard = len(re.findall(r"^Chassis id:", text, re.MULTILINE))
    stated = int(total.group(1)) if total else -1
    expect(stated == heard == len(records), output, "not every entry was understood")
    described = re.findall(r"^Port Description:[ ]?(.*)$", text, re.MULTILINE)
    ports = re.findall(r"^Port id:[ ]?(.*)$", text, re.MULTILINE)
    expect(len(described) == len(ports) == len(records), output, "an entry is cut short")
    items = [
        LldpNeighbor(
            interface=long_name(record["local_interface"]),
            system="" if record["neighbor_name"] == "null" else record["neighbor_name"],
            port=port.strip(),
            port_description="" if text_of_port.strip() == "null" else text_of_port.strip(),
            management_address=record["mgmt_address"],
        )
        for record, port, text_of_port in zip(records, ports, described, strict=True)
    ]
    return LldpNeighbors(items=tuple(items)) if items else None


def _lag(outputs: Sequence[Output]) -> Lags | None:
    output = outputs[0]
    text = text_of(output)
    records = ntc("cisco_nxos_show_port-channel_summary", output)
    head, rule, table = text.rpartition("-" * 20)
    legend = re.search(r"^ *Flags\b", head, re.MULTILINE) and re.search(r"in (?:port-|Po)", head)
    expect(rule and legend, output, "no port-channel in it")
    rows = [line for line in table.lstrip("-").splitlines() if line.strip()]
    groups = [line for line in rows if re.match(r"(?:\d+ +)?Po\d+\(", line)]
    rest = [line for line in rows if line not in groups and not re.match(r" +[A-Z]\S+\(", line)]
    expect(len(records) == len(groups) and not rest, output, "not every group was understood")
    items = []
    for record in records:
        members = [
            LagMember(
                interface=long_name(name),
                active=any(flag in state for flag in ("P", "U")),
                state=state.strip("()"),
            )
            for name, state in zip(
                record["member_interface"], record["member_interface_status"], strict=False
            )
            if name != "--"
        ]
        items.append(
            Lag(
                name=long_name(record["bundle_name"]),
                up="U" in record["bundle_status"],
                members=tuple(members),
                protocol={"LACP": "lacp", "NONE": "static"}.get(
                    record["bundle_protocol"].upper(), record["bundle_protocol"].lower()
                ),
            )
        )
    return Lags(items=tuple(items)) if items else None


COLLECTORS = (
    Collector(topic="version", commands=("show version",), parse=_version),
    Collector(topic="install", commands=("show version", "show boot"), parse=install),
    Collector(
        topic="hardware",
        commands=("show inventory", "show module", "show environment"),
        parse=_hardware.hardware,
    ),
    Collector(
        topic="redundancy", commands=("show system redundancy status",), parse=_hardware.redundancy
    ),
    Collector(topic="alarms", commands=("show environment", "show module"), parse=_hardware.alarms),
    Collector(topic="interfaces", commands=("show interface",), parse=_interfaces),
    Collector(
        topic="optics", commands=("show interface transceiver details",), parse=_light.optics
    ),
    Collector(topic="lag", commands=("show port-channel summary",), parse=_lag),
    Collector(topic="lldp", commands=("show lldp neighbors detail",), parse=_lldp),
    Collector(topic="isis", commands=("show isis adjacency",), parse=_routing.isis),
    Collector(topic="ospf", commands=("show ip ospf neighbors",), parse=_routing.ospf),
    Collector(topic="bgp", commands=("show ip bgp summary vrf all",), parse=_routing.bgp),
    Collector(topic="bfd", commands=("show bfd neighbors",), parse=_routing.bfd),
    Collector(topic="ldp", commands=("show mpls ldp neighbor",), parse=_routing.ldp),
    Collector(topic="routes", commands=("show ip route summary vrf all",), parse=_routing.routes),
    Collector(topic="default_routes", commands=_tables.COMMANDS, parse=_tables.default_routes),
    Collector(topic="ptp", commands=("show ptp clock",), parse=_hardware.ptp),
    Collector(
        topic="time_sync",
        commands=("show ntp peers", "show ntp peer-status"),
        parse=_settings.time_sync,
    ),
    Collector(topic="logging", commands=(RUNNING,), parse=_settings.logging),
    Collector(topic="management", commands=(RUNNING,), parse=_settings.management),
    Collector(topic="device_access", commands=(RUNNING,), parse=device_access),
    Collector(topic="partner_prefixes", commands=(RUNNING,), parse=partner_prefixes),
    Collector(topic="routing_protection", commands=(RUNNING,), parse=routing_protection),
    Collector(
        topic="startup",
        commands=(RUNNING, "show startup-config"),
        parse=compared(r"(?:hostname|switchname) "),
    ),
)
