"""What EOS's JSON means, topic by topic."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dcctl.contracts import Collector
from dcctl.facts.install import Install
from dcctl.facts.interfaces import Interface, Interfaces
from dcctl.facts.lag import Lag, LagMember, Lags
from dcctl.facts.lldp import LldpNeighbor, LldpNeighbors
from dcctl.facts.version import Version
from dcctl.platforms._parsing import expect, shaped
from dcctl.platforms._startup import compared
from dcctl.platforms.arista_eos import _hardware, _light, _routing, _settings, _tables
from dcctl.platforms.arista_eos._access import device_access
from dcctl.platforms.arista_eos._answers import absent, data_of, part, parts, whole, word
from dcctl.platforms.arista_eos._protection import partner_prefixes, routing_protection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

RUNNING = "show running-config"
_ADMIN_DOWN = "disabled"


def _version(outputs: Sequence[Output]) -> Version:
    output, named = outputs
    data = data_of(output, "modelName")
    hostname = data_of(named, "hostname")
    return Version(
        os="eos",
        vendor=str(data.get("mfgName") or "Arista"),
        release=word(output, data, "version"),
        model=word(output, data, "modelName"),
        serial=str(data.get("serialNumber") or ""),
        hostname=word(named, hostname, "hostname"),
        uptime_s=whole(output, data, "uptime"),
    )


def install(outputs: Sequence[Output]) -> Install:
    output, boot = outputs
    release = word(output, data_of(output, "modelName"), "version")
    data = data_of(boot, "softwareImage")
    return Install(running=release, next_boot=str(data["softwareImage"] or ""))


def _interfaces(outputs: Sequence[Output]) -> Interfaces | None:
    output = outputs[0]
    found = part(output, data_of(output, "interfaces"), "interfaces")
    items = [_interface(output, name, one) for name, one in found.items()]
    return Interfaces(items=tuple(items)) if items else None


def _interface(output: Output, name: str, one: Any) -> Interface:
    expect(isinstance(one, dict) and one.get("name") == name, output, f"{name} is cut short")
    status = word(output, one, "interfaceStatus")
    counters = one.get("interfaceCounters") or {}
    detail = counters.get("inputErrorsDetail") or {}
    bandwidth = whole(output, one, "bandwidth")
    return Interface(
        name=name,
        admin_up=status != _ADMIN_DOWN,
        oper_up=word(output, one, "lineProtocolStatus") == "up",
        description=str(one.get("description") or ""),
        mtu=whole(output, one, "mtu"),
        speed_bps=bandwidth or None,
        addresses=tuple(_addresses(output, one)),
        mac=str(one.get("physicalAddress") or "").lower(),
        in_errors=whole(output, counters, "totalInErrors"),
        out_errors=whole(output, counters, "totalOutErrors"),
        crc_errors=whole(output, detail, "fcsErrors"),
        in_discards=whole(output, counters, "inDiscards"),
        out_discards=whole(output, counters, "outDiscards"),
        in_bps=_rate(output, one, "inBitsRate"),
        out_bps=_rate(output, one, "outBitsRate"),
    )


def _rate(output: Output, one: dict[str, Any], name: str) -> int | None:
    rate = (one.get("interfaceStatistics") or {}).get(name)
    expect(rate is None or isinstance(rate, int | float), output, f"{name} is no number")
    return None if rate is None else round(rate)


def _addresses(output: Output, one: dict[str, Any]) -> list[str]:
    found = []
    for entry in parts(output, one, "interfaceAddress"):
        every = [entry.get("primaryIp") or {}, *(entry.get("secondaryIpsOrderedList") or ())]
        found += [
            f"{address['address']}/{address['maskLen']}"
            for address in every
            if address.get("address") not in (None, "", "0.0.0.0")  # noqa: S104 - "none" in EOS
        ]
    return found


def _lldp(outputs: Sequence[Output]) -> LldpNeighbors | None:
    output = outputs[0]
    found = part(output, data_of(output, "lldpNeighbors"), "lldpNeighbors")
    items = [
        _heard(output, name, neighbor)
        for name, port in found.items()
        for neighbor in parts(output, port, "lldpNeighborInfo")
    ]
    return LldpNeighbors(items=tuple(items)) if items else None


def _heard(output: Output, name: str, neighbor: dict[str, Any]) -> LldpNeighbor:
    far = part(output, neighbor, "neighborInterfaceInfo")
    addresses = parts(output, neighbor, "managementAddresses")
    # Older releases put the text in quotes; the second form came with 4.23.
    port = far.get("interfaceId_v2") or far.get("interfaceId")
    expect(port, output, f"{name}: no port in it")
    return LldpNeighbor(
        interface=name,
        system=str(neighbor.get("systemName") or ""),
        port=str(port).strip('"'),
        port_description=str(far.get("interfaceDescription") or ""),
        management_address=str(addresses[0].get("address") or "") if addresses else "",
    )


def _lag(outputs: Sequence[Output]) -> Lags | None:
    output = outputs[0]
    found = part(output, data_of(output, "portChannels"), "portChannels")
    items = []
    for name, one in found.items():
        active, idle = part(output, one, "activePorts"), part(output, one, "inactivePorts")
        members = [
            LagMember(interface=port, active=True, state="active")
            for port in active
            if not port.startswith("Peer")
        ]
        members += [
            LagMember(interface=port, active=False, state=_reason(below))
            for port, below in idle.items()
        ]
        protocols = {
            str(below.get("protocol") or "")
            for below in (*active.values(), *idle.values())
            if isinstance(below, dict)
        }
        items.append(
            Lag(
                name=name,
                up=bool(active) and not one.get("inactiveLag"),
                members=tuple(members),
                protocol="lacp" if "lacp" in protocols else "static" if members else "",
            )
        )
    return Lags(items=tuple(items)) if items else None


def _reason(below: Any) -> str:
    return str(below.get("reasonUnconfigured") or "inactive") if isinstance(below, dict) else ""


def _ptp(outputs: Sequence[Output]) -> Any:
    return None if absent(outputs[0]) else _hardware.ptp(outputs[0])


def _redundancy(outputs: Sequence[Output]) -> Any:
    return None if absent(outputs[0]) else _hardware.redundancy(outputs[0])


_COLLECTORS = (
    Collector(
        topic="version", commands=("show version | json", "show hostname | json"), parse=_version
    ),
    Collector(
        topic="install", commands=("show version | json", "show boot-config | json"), parse=install
    ),
    Collector(
        topic="hardware",
        commands=(
            "show inventory | json",
            "show system environment power | json",
            "show system environment cooling | json",
        ),
        parse=_hardware.hardware,
    ),
    Collector(topic="redundancy", commands=("show redundancy status | json",), parse=_redundancy),
    Collector(
        topic="alarms",
        commands=(
            "show system environment temperature | json",
            "show system environment power | json",
            "show system environment cooling | json",
        ),
        parse=_hardware.alarms,
    ),
    Collector(topic="interfaces", commands=("show interfaces | json",), parse=_interfaces),
    Collector(
        topic="optics",
        commands=("show interfaces transceiver dom thresholds | json",),
        parse=_light.optics,
    ),
    Collector(topic="fec", commands=("show interfaces phy detail | json",), parse=_light.fec),
    Collector(topic="lag", commands=("show port-channel | json",), parse=_lag),
    Collector(topic="lldp", commands=("show lldp neighbors detail | json",), parse=_lldp),
    Collector(topic="isis", commands=("show isis neighbors | json",), parse=_routing.isis),
    Collector(topic="ospf", commands=("show ip ospf neighbor | json",), parse=_routing.ospf),
    Collector(topic="bgp", commands=("show ip bgp summary vrf all | json",), parse=_routing.bgp),
    Collector(topic="bfd", commands=("show bfd peers | json",), parse=_routing.bfd),
    Collector(topic="ldp", commands=("show mpls ldp neighbor",), parse=_routing.ldp),
    Collector(topic="default_routes", commands=_tables.COMMANDS, parse=_tables.default_routes),
    Collector(
        topic="routes", commands=("show ip route vrf all summary | json",), parse=_routing.routes
    ),
    Collector(topic="ptp", commands=("show ptp | json",), parse=_ptp),
    Collector(
        topic="time_sync",
        commands=("show ntp status", "show ntp associations | json"),
        parse=_settings.time_sync,
    ),
    Collector(topic="logging", commands=(RUNNING,), parse=_settings.logging),
    Collector(topic="management", commands=(RUNNING,), parse=_settings.management),
    Collector(topic="device_access", commands=(RUNNING,), parse=device_access),
    Collector(topic="partner_prefixes", commands=(RUNNING,), parse=partner_prefixes),
    Collector(topic="routing_protection", commands=(RUNNING,), parse=routing_protection),
    Collector(
        topic="startup", commands=(RUNNING, "show startup-config"), parse=compared(r"hostname ")
    ),
)
# Whatever shape the JSON has.
COLLECTORS = tuple(replace(one, parse=shaped(one.parse)) for one in _COLLECTORS)
