"""What IOS XE's answers mean: ntc-templates where its template is strict enough, else our own."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl.contracts import Collector
from dcctl.facts.alarms import Alarm, Alarms
from dcctl.facts.bfd import BfdSession, BfdSessions
from dcctl.facts.bgp import BgpPeer, BgpPeers
from dcctl.facts.interfaces import Interface, Interfaces
from dcctl.facts.isis import IsisAdjacencies, IsisAdjacency
from dcctl.facts.lldp import LldpNeighbor, LldpNeighbors
from dcctl.facts.time_sync import TimeSync
from dcctl.facts.version import Version
from dcctl.platforms._parsing import expect, ntc, number, own, seconds, text_of
from dcctl.platforms._startup import compared
from dcctl.platforms.cisco_xe import _tables
from dcctl.platforms.cisco_xe._access import device_access
from dcctl.platforms.cisco_xe._configuration import logging, management
from dcctl.platforms.cisco_xe._hardware import hardware, install, redundancy
from dcctl.platforms.cisco_xe._links import lag, ldp, ospf, routes, rsvp
from dcctl.platforms.cisco_xe._names import long_name
from dcctl.platforms.cisco_xe._optics import optics
from dcctl.platforms.cisco_xe._protection import partner_prefixes, routing_protection
from dcctl.platforms.cisco_xe._sync import ptp, synce

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

HERE = Path(__file__).parent
_LEVELS = {"L1": 1, "L2": 2, "L1L2": 12, "L12": 12}


def version(outputs: Sequence[Output]) -> Version:
    records = ntc("cisco_ios_show_version", outputs[0])
    expect(len(records) == 1 and records[0]["version"], outputs[0], "no version")
    record = records[0]
    # Neighbours' descriptions, `show redundancy` and the log have a version too.
    expect(record["hostname"] and record["uptime"], outputs[0], "no uptime")
    return Version(
        os="ios-xe",
        vendor="Cisco",
        release=record["version"],
        model=next(iter(record["hardware"]), ""),
        serial=next(iter(record["serial"]), ""),
        hostname=record["hostname"],
        uptime_s=_uptime(record["uptime"]),
    )


def _uptime(text: str) -> int | None:
    total, found = 0, False
    for amount, unit in re.findall(r"(\d+) (year|week|day|hour|minute)", text):
        total += int(amount) * (seconds(f"1{unit[0]}") or 0)
        found = True
    return total if found else None


def _interfaces(outputs: Sequence[Output]) -> Interfaces | None:
    records = ntc("cisco_ios_show_interfaces", outputs[0])
    stated = re.findall(r"^\S+ is .*?, line protocol is", text_of(outputs[0]), re.MULTILINE)
    expect(stated and len(records) == len(stated), outputs[0], "not every interface was understood")
    # `show ip interface` begins alike, and says nothing of an interface's bandwidth.
    expect(all(record["bandwidth"] for record in records), outputs[0], "an interface is cut short")
    items = [
        Interface(
            name=record["interface"],
            admin_up="administratively" not in record["link_status"],
            oper_up=record["link_status"].startswith("up")
            and record["protocol_status"].startswith("up"),
            description=record["description"],
            mtu=number(record["mtu"]),
            speed_bps=_bandwidth(record["bandwidth"]),
            addresses=_addresses(record["ip_address"], record["prefix_length"]),
            mac=_mac(record["mac_address"]),
            in_errors=number(record["input_errors"]),
            out_errors=number(record["output_errors"]),
            crc_errors=number(record["crc"]),
            in_discards=number(record["queue_drops"]),
            out_discards=number(record["queue_output_drops"]),
            in_bps=number(record["input_rate"]),
            out_bps=number(record["output_rate"]),
        )
        for record in records
    ]
    return Interfaces(items=tuple(items))


def _bandwidth(text: str) -> int | None:
    kilobits = number(text.split(maxsplit=1)[0]) if text else None
    return kilobits * 1000 if kilobits is not None else None


def _addresses(address: str, length: str) -> tuple[str, ...]:
    return (str(ipaddress.ip_interface(f"{address}/{length}")),) if address else ()


def _mac(text: str) -> str:
    digits = text.replace(".", "").lower()
    return ":".join(digits[i : i + 2] for i in range(0, len(digits), 2))


def _lldp(outputs: Sequence[Output]) -> LldpNeighbors | None:
    output = outputs[0]
    text = text_of(output)
    total = re.search(r"^Total entries displayed:\s*(\d+)", text, re.MULTILINE)
    if "LLDP is not enabled" in text:
        return None
    records = [r for r in ntc("cisco_ios_show_lldp_neighbors_detail", output) if r["chassis_id"]]
    heard = text.count("Chassis id:")
    stated = int(total.group(1)) if total else heard
    understood = (total or heard) and stated == heard == len(records)
    expect(understood, output, "not every entry was understood")
    items = [
        LldpNeighbor(
            interface=long_name(record["local_interface"]),
            system=record["neighbor_name"].strip(),
            port=record["neighbor_port_id"].strip(),
            port_description=record["neighbor_interface"].strip(),
            management_address=record["mgmt_address"].strip(),
        )
        for record in records
    ]
    return LldpNeighbors(items=tuple(items)) if items else None


def _isis(outputs: Sequence[Output]) -> IsisAdjacencies | None:
    items = [
        IsisAdjacency(
            interface=long_name(record["interface"]),
            neighbor=record["system"],
            state=record["state"].lower(),
            level=_LEVELS[record["type"]],
        )
        for record in own(HERE, "show_isis_neighbors", outputs[0])
    ]
    return IsisAdjacencies(items=tuple(items)) if items else None


def _bgp(outputs: Sequence[Output]) -> BgpPeers | None:
    output = outputs[0]
    if re.search(r"^% BGP not active", text_of(output), re.MULTILINE) or not output.text.strip():
        return None
    records = own(HERE, "show_ip_bgp_summary", output)
    identifier = re.search(r"router identifier (\S+), local AS number (\d+)", output.text)
    expect(identifier, output, "no router identifier")
    items = [_peer(record) for record in records if record["neighbor"]]
    return BgpPeers(
        items=tuple(items),
        local_as=int(identifier.group(2)) if identifier else None,
        router_id=identifier.group(1) if identifier else "",
    )


def _peer(record: dict[str, str]) -> BgpPeer:
    established = record["state"].isdigit()
    return BgpPeer(
        neighbor=record["neighbor"],
        remote_as=_as_number(record["remote_as"]),
        state="established" if established else record["state"].split()[0].lower(),
        prefixes_received=int(record["state"]) if established else None,
        uptime_s=seconds(record["up_down"]) if established else None,
    )


def _as_number(text: str) -> int:
    high, _, low = text.rpartition(".")
    return int(high or 0) * 65536 + int(low)


def _bfd(outputs: Sequence[Output]) -> BfdSessions | None:
    items = [
        BfdSession(
            neighbor=record["neighbor"],
            state={"admindown": "admin_down"}.get(record["state"].lower(), record["state"].lower()),
            interface=long_name(record["interface"]),
        )
        for record in own(HERE, "show_bfd_neighbors", outputs[0])
    ]
    return BfdSessions(items=tuple(items)) if items else None


def _alarms(outputs: Sequence[Output]) -> Alarms | None:
    items = [
        Alarm(
            severity=record["severity"].lower(),
            text=" ".join(record["text"].split()),
            source=record["source"],
            since=record["since"],
        )
        for record in own(HERE, "show_facility_alarm_status", outputs[0])
    ]
    totals = re.search(r"Critical:\s*(\d+)\s+Major:\s*(\d+)\s+Minor:\s*(\d+)", text_of(outputs[0]))
    expect(totals, outputs[0], "no totals")
    stated = sum(int(count) for count in totals.groups()) if totals else 0
    counted = sum(item.severity != "info" for item in items)
    expect(stated == counted, outputs[0], "not every alarm was understood")
    return Alarms(items=tuple(items))


def _time_sync(outputs: Sequence[Output]) -> TimeSync:
    status, associations = text_of(outputs[0]), outputs[1]
    stated = re.search(r"^Clock is (synchronized|unsynchronized)", status, re.MULTILINE)
    if "NTP is not enabled" in status:
        return TimeSync(synchronised=False)
    expect(stated, outputs[0], "no clock state")
    records = own(HERE, "show_ntp_associations", associations)
    peer = next((record for record in records if "*" in record["mode"]), None)
    return TimeSync(
        synchronised=bool(stated and stated.group(1) == "synchronized"),
        servers=tuple(record["address"] for record in records if "~" in record["mode"]),
        source=peer["address"] if peer else "",
        stratum=number(_first(r"stratum (\d+)", status)),
        offset_s=round(float(peer["offset"]) / 1000, 9) if peer else None,
    )


def _first(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    return match.group(1) if match else ""


RUNNING = "show running-config"
COLLECTORS = (
    Collector(topic="version", commands=("show version",), parse=version),
    Collector(topic="hardware", commands=("show platform", "show inventory"), parse=hardware),
    Collector(topic="redundancy", commands=("show redundancy",), parse=redundancy),
    Collector(topic="install", commands=("show install summary",), parse=install),
    Collector(topic="interfaces", commands=("show interfaces",), parse=_interfaces),
    Collector(topic="lag", commands=("show etherchannel summary",), parse=lag),
    Collector(topic="lldp", commands=("show lldp neighbors detail",), parse=_lldp),
    Collector(topic="isis", commands=("show isis neighbors",), parse=_isis),
    Collector(topic="ospf", commands=("show ip ospf neighbor",), parse=ospf),
    Collector(topic="bgp", commands=("show ip bgp summary",), parse=_bgp),
    Collector(topic="bfd", commands=("show bfd neighbors",), parse=_bfd),
    Collector(topic="ldp", commands=("show mpls ldp neighbor",), parse=ldp),
    Collector(
        topic="rsvp",
        commands=("show mpls traffic-eng tunnels brief", "show ip rsvp neighbor"),
        parse=rsvp,
    ),
    Collector(topic="routes", commands=("show ip route summary",), parse=routes),
    Collector(topic="default_routes", commands=_tables.COMMANDS, parse=_tables.default_routes),
    Collector(topic="optics", commands=("show interfaces transceiver detail",), parse=optics),
    Collector(topic="alarms", commands=("show facility-alarm status",), parse=_alarms),
    Collector(
        topic="time_sync", commands=("show ntp status", "show ntp associations"), parse=_time_sync
    ),
    Collector(topic="ptp", commands=("show ptp clock running",), parse=ptp),
    Collector(topic="synce", commands=("show network-clocks synchronization",), parse=synce),
    Collector(topic="logging", commands=(RUNNING,), parse=logging),
    Collector(topic="management", commands=(RUNNING,), parse=management),
    Collector(topic="device_access", commands=(RUNNING,), parse=device_access),
    Collector(topic="partner_prefixes", commands=(RUNNING,), parse=partner_prefixes),
    Collector(topic="routing_protection", commands=(RUNNING,), parse=routing_protection),
    Collector(
        topic="startup", commands=(RUNNING, "show startup-config"), parse=compared(r"hostname ")
    ),
)
