"""What `show` answers about ports: state, addresses, counters."""

from __future__ import annotations

from typing import Any

from dcctl.lab.elements.scene import dotted
from dcctl.lab.elements.traffic import averaged
from dcctl.lab.elements.tree import EMPTY, Tree, value
from dcctl.lab.systems.arista_eos import config, kinds
from dcctl.lab.systems.arista_eos.scene import Scene, spans

Data = dict[str, Any]
_INTERVAL_S, _PACKET_BITS = 300, 5600.0
_SPEEDS = {"Ethernet": 10_000_000_000, "Management": 1_000_000_000}


def _named(scene: Scene) -> list[tuple[str, Tree]]:
    """The interfaces that the command names, or all."""
    wanted = [name for one in scene.arguments if (name := kinds.interface(one))]
    return [pair for pair in scene.interfaces() if not wanted or pair[0] in wanted]


def _status(scene: Scene, name: str, section: Tree) -> tuple[str, str]:
    """The interface's and its line protocol's state."""
    if "shutdown" in section:
        return "disabled", "down"
    return ("connected", "up") if scene.up(name, section) else ("notconnect", "down")


def interfaces_data(scene: Scene) -> Data:
    """`show interfaces | json`."""
    return {"interfaces": {name: _interface(scene, name, tree) for name, tree in _named(scene)}}


def _interface(scene: Scene, name: str, section: Tree) -> Data:
    status, protocol = _status(scene, name, section)
    kind = kinds.kind_of(name)
    routed = config.routed(name, section)
    data: Data = {
        "name": name,
        "forwardingModel": "routed" if routed else "bridged",
        "lineProtocolStatus": protocol,
        "interfaceStatus": status,
        "hardware": "loopback" if kind == "Loopback" else "ethernet",
        "interfaceAddress": _addresses(section) if routed else [],
        "mtu": int(value(section, "mtu", "65535" if kind == "Loopback" else "1500")),
        "l3MtuConfigured": bool(value(section, "mtu")),
        "l2Mru": 0,
        "bandwidth": _SPEEDS.get(kind, 0),
        "description": value(section, "description"),
    }
    if kind in kinds.PHYSICAL:
        mac = dotted(scene.mac(name))
        data |= {
            "physicalAddress": ":".join(scene.mac(name)[i : i + 2] for i in range(0, 12, 2)),
            "burnedInAddress": mac.replace(".", ""),
            "duplex": "duplexFull",
            "autoNegotiate": "off",
            "lanes": 1,
            "lastStatusChangeTimestamp": scene.port(name).since,
            "interfaceStatistics": _rates(scene, name),
            "interfaceCounters": _counters(scene, name),
        }
        data["burnedInAddress"] = data["physicalAddress"]
    if kind == "Port-Channel":
        data["memberInterfaces"] = {
            member: {"bandwidth": _SPEEDS["Ethernet"], "duplex": "duplexFull"}
            for member in scene.members(name)
        }
    return data


def _addresses(section: Tree) -> list[Data]:
    found = config.addresses(section)
    if not found:
        return []
    primary, *others = (one.partition("/") for one in found)
    return [
        {
            "primaryIp": {"address": primary[0], "maskLen": int(primary[2])},
            "secondaryIps": {},
            "secondaryIpsOrderedList": [
                {"address": one[0], "maskLen": int(one[2])} for one in others
            ],
            "virtualIp": {"address": "0.0.0.0", "maskLen": 0},  # noqa: S104 - what the device says
            "broadcastAddress": "255.255.255.255",
            "dhcp": False,
        }
    ]


def _rate(scene: Scene, name: str) -> tuple[float, float, float, float]:
    """Bits in, packets in, bits out, packets out, each second, of the port's own interval."""
    port, over = scene.port(name), _interval(scene, name)
    inward, outward = averaged(port.loads, scene.around.now, over) if port.up else (0.0, 0.0)
    return inward, inward / _PACKET_BITS, outward, outward / _PACKET_BITS


def _interval(scene: Scene, name: str) -> float:
    """Seconds that a rate is averaged over: `load-interval`, five (not 0) at least."""
    said = value(scene.tree.get(f"interface {name}", EMPTY), "load-interval", str(_INTERVAL_S))
    return float(max(int(said), 5))


def _rates(scene: Scene, name: str) -> Data:
    bits_in, packets_in, bits_out, packets_out = _rate(scene, name)
    return {
        "updateInterval": _interval(scene, name),
        "inBitsRate": bits_in,
        "inPktsRate": packets_in,
        "outBitsRate": bits_out,
        "outPktsRate": packets_out,
    }


def _rate_words(bits: float) -> str:
    """`24.0 kbps`, `2.41 Gbps`."""
    for unit, size in (("Gbps", 1e9), ("Mbps", 1e6)):
        if bits >= size:
            return f"{bits / size:.2f} {unit}"
    return f"{bits / 1e3:.1f} kbps"


def _counters(scene: Scene, name: str) -> Data:
    packets, errors = scene.counted(name), scene.port(name).errors
    return {
        "inOctets": packets * 412,
        "inUcastPkts": packets,
        "inMulticastPkts": 0,
        "inBroadcastPkts": 0,
        "inDiscards": 0,
        "inTotalPkts": packets,
        "outOctets": packets * 398,
        "outUcastPkts": packets,
        "outMulticastPkts": 0,
        "outBroadcastPkts": 0,
        "outDiscards": 0,
        "outTotalPkts": packets,
        "linkStatusChanges": 1,
        "totalInErrors": errors,
        "inputErrorsDetail": {
            "runtFrames": 0,
            "giantFrames": 0,
            "fcsErrors": errors,
            "alignmentErrors": 0,
            "symbolErrors": 0,
            "rxPause": 0,
        },
        "totalOutErrors": 0,
        "outputErrorsDetail": {
            "collisions": 0,
            "lateCollisions": 0,
            "deferredTransmissions": 0,
            "txPause": 0,
        },
        "counterRefreshTime": scene.around.now,
    }


def interfaces(scene: Scene) -> str:
    """`show interfaces`."""
    return "".join(_block(scene, name, section) for name, section in _named(scene))


def _block(scene: Scene, name: str, section: Tree) -> str:
    status, protocol = _status(scene, name, section)
    kind, mac = kinds.kind_of(name), dotted(scene.mac(name))
    first = (
        "administratively down" if status == "disabled" else "up" if protocol == "up" else "down"
    )
    rows = [f"{name} is {first}, line protocol is {protocol} ({status})"]
    if kind == "Loopback":
        rows.append("  Hardware is Loopback")
    else:
        rows.append(
            f"  Hardware is {'Port-Channel' if kind == 'Port-Channel' else 'Ethernet'}, address is {mac} (bia {mac})"
        )
    if value(section, "description"):
        rows.append(f"  Description: {value(section, 'description')}")
    if config.routed(name, section):
        found = config.addresses(section)
        rows.append(
            f"  Internet address is {found[0]}"
            if found
            else "  No Internet protocol address assigned"
        )
        if found:
            rows.append("  Broadcast address is 255.255.255.255")
    if kind == "Loopback":
        rows.append("  IP MTU 65535 bytes (default)")
        return "\n".join([*rows, f"  Up {spans(scene.uptime)}", ""])
    mtu = value(section, "mtu")
    rows.append(
        f"  {'IP' if config.routed(name, section) else 'Ethernet'} MTU {mtu or 1500} bytes{'' if mtu else ' (default)'} , BW {_SPEEDS.get(kind, 10**10) // 1000} kbit"
    )
    if kind in kinds.PHYSICAL:
        speed = "10Gb/s" if kind == "Ethernet" else "1Gb/s"
        rows.append(f"  Full-duplex, {speed}, auto negotiation: off, uni-link: n/a")
        port = scene.port(name)
        rows.append(
            f"  {'Up' if protocol == 'up' else 'Down'} {spans(scene.around.now - port.since)}"
        )
        rows += _counter_rows(scene, name)
    return "\n".join([*rows, ""])


def _counter_rows(scene: Scene, name: str) -> list[str]:
    packets, errors = scene.counted(name), scene.port(name).errors
    bits_in, packets_in, bits_out, packets_out = _rate(scene, name)
    speed = _SPEEDS[kinds.kind_of(name)] / 100
    over = int(_interval(scene, name))
    spoken = f"{over // 60} minutes" if over % 300 == 0 else f"{over} seconds"
    return [
        "  Loopback Mode : None",
        "  1 link status changes since last clear",
        '  Last clearing of "show interface" counters never',
        f"  {spoken} input rate {_rate_words(bits_in)} ({bits_in / speed:.1f}% with framing overhead), {packets_in:.0f} packets/sec",
        f"  {spoken} output rate {_rate_words(bits_out)} ({bits_out / speed:.1f}% with framing overhead), {packets_out:.0f} packets/sec",
        f"     {packets} packets input, {packets * 412} bytes",
        "     Received 0 broadcasts, 0 multicast",
        "     0 runts, 0 giants",
        f"     {errors} input errors, {errors} CRC, 0 alignment, 0 symbol, 0 input discards",
        "     0 PAUSE input",
        f"     {packets} packets output, {packets * 398} bytes",
        "     Sent 0 broadcasts, 0 multicast",
        "     0 output errors, 0 collisions",
        "     0 late collision, 0 deferred, 0 output discards",
        "     0 PAUSE output",
    ]


def status_data(scene: Scene) -> Data:
    """`show interfaces status | json`."""
    found = {}
    for name, section in _named(scene):
        if kinds.kind_of(name) not in (*kinds.PHYSICAL, "Port-Channel"):
            continue
        status, protocol = _status(scene, name, section)
        found[name] = {
            "description": value(section, "description"),
            "linkStatus": status,
            "lineProtocolStatus": protocol,
            "bandwidth": _SPEEDS.get(kinds.kind_of(name), 10**10),
            "duplex": "duplexFull",
            "autoNegotiateActive": False,
            "interfaceType": "10GBASE-LR" if kinds.kind_of(name) == "Ethernet" else "10/100/1000",
            "vlanInformation": {
                "interfaceMode": "routed" if config.routed(name, section) else "bridged",
                "interfaceForwardingModel": "routed" if config.routed(name, section) else "bridged",
            },
        }
    return {"interfaceStatuses": found}


def status(scene: Scene) -> str:
    """`show interfaces status`."""
    rows = [
        "Port       Name                   Status       Vlan     Duplex Speed  Type         Flags Encapsulation"
    ]
    for name, one in status_data(scene)["interfaceStatuses"].items():
        mode = one["vlanInformation"]["interfaceMode"]
        rows.append(
            f"{kinds.short(name):<10} {one['description'][:22]:<22} {one['linkStatus']:<12} "
            f"{'routed' if mode == 'routed' else '1':<8} full   {'10G' if one['bandwidth'] > 10**9 else '1G':<6} {one['interfaceType']:<12}"
        )
    return "\n".join([*rows, ""])


def descriptions_data(scene: Scene) -> Data:
    """`show interfaces description | json`."""
    found = {}
    for name, section in _named(scene):
        _, protocol = _status(scene, name, section)
        found[name] = {
            "description": value(section, "description"),
            "interfaceStatus": "adminDown" if "shutdown" in section else protocol,
            "lineProtocolStatus": protocol,
        }
    return {"interfaceDescriptions": found}


def descriptions(scene: Scene) -> str:
    """`show interfaces description`."""
    rows = ["Interface                      Status         Protocol           Description"]
    for name, one in descriptions_data(scene)["interfaceDescriptions"].items():
        state = "admin down" if one["interfaceStatus"] == "adminDown" else one["interfaceStatus"]
        rows.append(
            f"{kinds.short(name):<30} {state:<14} {one['lineProtocolStatus']:<18} {one['description']}".rstrip()
        )
    return "\n".join([*rows, ""])


def errors_data(scene: Scene) -> Data:
    """`show interfaces counters errors | json`."""
    return {
        "interfaceErrorCounters": {
            name: {
                "fcsErrors": scene.port(name).errors,
                "alignmentErrors": 0,
                "symbolErrors": 0,
                "inErrors": scene.port(name).errors,
                "frameTooShorts": 0,
                "frameTooLongs": 0,
                "outErrors": 0,
            }
            for name, _ in _named(scene)
            if kinds.kind_of(name) in kinds.PHYSICAL
        }
    }


def errors(scene: Scene) -> str:
    """`show interfaces counters errors`."""
    rows = ["Port          FCS    Align   Symbol       Rx    Runts   Giants       Tx"]
    for name, one in errors_data(scene)["interfaceErrorCounters"].items():
        rows.append(
            f"{kinds.short(name):<9}{one['fcsErrors']:>8}{0:>9}{0:>9}{one['inErrors']:>9}{0:>9}{0:>9}{0:>9}"
        )
    return "\n".join([*rows, ""])


def ip_brief(scene: Scene) -> str:
    """`show ip interface brief`."""
    rows = [
        "                                                                              Address",
        "Interface         IP Address            Status       Protocol           MTU   Owner",
        "----------------- --------------------- ------------ -------------- --------- -------",
    ]
    for name, section in _named(scene):
        if not config.routed(name, section):
            continue
        _, protocol = _status(scene, name, section)
        first = next(iter(config.addresses(section)), "unassigned")
        state = "admin down" if "shutdown" in section else protocol
        rows.append(
            f"{name:<17} {first:<21} {state:<12} {protocol:<14} {value(section, 'mtu', '1500'):>9}"
        )
    return "\n".join([*rows, ""])
