"""What SR OS answers about its ports, their state and their counters."""

from __future__ import annotations

from dataclasses import replace

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.model import Port, PortState
from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.traffic import averaged
from dcctl.lab.elements.tree import Tree, value
from dcctl.lab.systems.nokia_sros.intent import at, enabled, entries, port_enabled
from dcctl.lab.systems.nokia_sros.scene import (
    DOUBLE,
    SINGLE,
    is_connector,
    lines,
    moment,
    pair,
    table,
)
from dcctl.lab.systems.nokia_sros.show_optics import coherent, transceiver

_DOWN = PortState()
_RATE_S = 300.0  # over which a rate is averaged
_HEAD = (
    "Port          Admin Link Port    Cfg  Oper LAG/ Port Port Port   C/QS/S/XFP/",
    "Id            State      State   MTU  MTU  Bndl Mode Encp Type   MDIMDX",
    SINGLE,
)
_MODES = {"access": "accs", "network": "netw", "hybrid": "hybr"}
_ENCAPS = {"null": "null", "dot1q": "dotq", "qinq": "qinq"}
_MTU = {("network", "null"): 9212, ("hybrid", "dot1q"): 9212, ("access", "null"): 1514}


def all_ports(scene: Scene) -> list[str]:
    """The names of every port, connectors before what breaks out of them."""
    found: list[str] = []
    for port in scene.element.chassis.ports:
        connector = port.name.rpartition("/")[0]
        if "/c" in connector and connector not in found:
            found.append(connector)
        found.append(port.name)
    configured = [name for name, _ in entries(configuration(scene), "port")]
    return found + [name for name in configured if name not in found]


def configuration(scene: Scene) -> Tree:
    """All that is configured."""
    return at(scene.tree, "configure")


def _config(scene: Scene, name: str) -> Tree:
    return at(configuration(scene), f"port {name}")


def _metal(scene: Scene, name: str) -> Port | None:
    return next((one for one in scene.element.chassis.ports if one.name == name), None)


def _breakout(scene: Scene, connector: str) -> str:
    inside = [p.name for p in scene.element.chassis.ports if p.name.startswith(f"{connector}/")]
    return inside[0] if inside else connector


def _management(scene: Scene, name: str) -> bool:
    return name == scene.element.chassis.management_port


def lag_of(scene: Scene, port: str) -> str:
    """The number of the group that a port is a member of, or nothing."""
    for name, below in entries(configuration(scene), "lag"):
        if f"port {port}" in below:
            return name.removeprefix("lag-")
    return ""


def state(scene: Scene, name: str) -> tuple[bool, bool]:
    """(administratively up, link up)."""
    there = scene.around.ports.get(name, _DOWN)
    if _management(scene, name):
        return True, there.up
    if is_connector(name):
        admin = enabled(_config(scene, name), default=False)
        return admin, admin and bool(value(at(_config(scene, name), "connector"), "breakout"))
    admin = enabled(_config(scene, name), default=False)
    return admin, admin and there.up and port_enabled(scene.tree, name)


def _kinds(scene: Scene, name: str) -> tuple[str, str, int]:
    ethernet = at(_config(scene, name), "ethernet")
    mode, encap = value(ethernet, "mode", "network"), value(ethernet, "encap-type", "null")
    mtu = int(value(ethernet, "mtu", str(_MTU.get((mode, encap), 1518))))
    return mode, encap, mtu


def _row(scene: Scene, name: str) -> str:
    admin, up = state(scene, name)
    word = "Up" if admin else "Down"
    if is_connector(name):
        link = "Link Up" if up else "Link Down"
        return f"{name:<13} {word:<5} {'':<4} {link:<32} {'conn':<6} 100GBASE-LR4*"
    mode, encap, mtu = _kinds(scene, name)
    bundle = lag_of(scene, name) or "-"
    if _management(scene, name):
        mode, encap, mtu, kind, plug = "network", "null", 1514, "faste", "MDI"
    else:
        kind = "cgige" if "/c" in name else "xgige"
        plug = "" if kind == "cgige" else "10GBASE-LR"
    return (
        f"{name:<13} {word:<5} {'Yes' if up else 'No':<4} {'Up' if up else 'Down':<7} "
        f"{mtu:>4} {mtu:>4} {bundle:>4} {_MODES[mode]:<4} {_ENCAPS[encap]:<4} {kind:<6} {plug}"
    )


def ports(scene: Scene) -> str:
    """`show port`."""
    slots: dict[str, list[str]] = {}
    for name in all_ports(scene):
        slots.setdefault(name.partition("/")[0], []).append(name)
    text = ""
    for slot in sorted(slots, key=lambda one: (one.isalpha(), one)):
        rows = [_row(scene, name) for name in slots[slot]]
        text += "\n" + lines(DOUBLE, f"Ports on Slot {slot}", DOUBLE, *_HEAD, *rows)
    return text + lines(DOUBLE)


def descriptions(scene: Scene) -> str:
    """`show port [ID] description`."""
    wanted = scene.arguments[0] if scene.arguments else ""
    slots: dict[str, list[str]] = {}
    for name in all_ports(scene):
        if wanted in ("", name):
            text = value(_config(scene, name), "description", default_description(scene, name))
            slots.setdefault(name.partition("/")[0], []).append(f"{name:<15}{text}")
    blocks = [
        table(
            f"Port Descriptions on Slot {slot}", "Port Id        Description", SINGLE, *slots[slot]
        )
        for slot in slots
    ]
    return "\n".join(blocks)


def default_description(scene: Scene, name: str) -> str:
    """What SR OS says of a port that nobody described."""
    if _management(scene, name):
        return "10/100/Gig Ethernet TX"
    if is_connector(name):
        return "100-Gig Ethernet QSFP28"
    return "100-Gig Ethernet" if "/c" in name else "10-Gig Ethernet"


def port(scene: Scene) -> str:
    """`show port ID [detail|optical]`."""
    name = scene.arguments[0]
    if name not in all_ports(scene):
        return f"MINOR: CLI Invalid port-id '{name}'.\n"
    if is_connector(name):
        return "\n" + _connector(scene, name) + transceiver(scene, name, _breakout(scene, name))
    text = "\n" + table("Ethernet Interface", *_facts(scene, name))
    metal = _metal(scene, name)
    if metal is not None and metal.medium == "dwdm":
        text += "\n" + coherent(scene, name)
    # Light is told of the plug, and the plug of a breakout port sits in its connector.
    if metal is not None and metal.optic and "/c" not in name:
        text += transceiver(scene, name, name)
    return text + _statistics(scene, name)


def every_port(scene: Scene) -> str:
    """`show port detail`: of all of them, one after the other."""
    return "".join(port(replace(scene, arguments=(name,))) for name in all_ports(scene))


def _facts(scene: Scene, name: str) -> list[str]:
    admin, up = state(scene, name)
    there = scene.around.ports.get(name, _DOWN)
    since = moment(max(there.since, scene.element.booted))
    mode, encap, mtu = _kinds(scene, name)
    speed = "100 Mbps" if _management(scene, name) else "100 Gbps" if "/c" in name else "10 Gbps"
    description = value(_config(scene, name), "description", default_description(scene, name))
    fec = value(at(_config(scene, name), "ethernet"), "rs-fec-mode", "None")
    index = 35684352 + int(spread(name, 1, 90000))
    mac = next((p.mac for p in scene.element.chassis.ports if p.name == name), "0" * 12)
    shown = ":".join(mac[i : i + 2] for i in range(0, 12, 2))
    return [
        pair("Description", description),
        pair("Interface", name, "Oper Speed", speed if up else "N/A"),
        pair("FP Number", "1", "MAC Chip Number", "1"),
        pair("Link-level", "Ethernet", "Config Speed", "N/A"),
        pair("Admin State", "up" if admin else "down", "Oper Duplex", "full" if up else "N/A"),
        pair("Oper State", "up" if up else "down"),
        pair("Config Duplex", "N/A"),
        pair("Physical Link", "Yes" if up else "No", "MTU", str(mtu)),
        pair("Single Fiber Mode", "No", "Min Frame Length", "64 Bytes"),
        pair("IfIndex", str(index), "Hold time up", "0 seconds"),
        pair("Last State Change", f"{since:%m/%d/%Y %H:%M:%S}", "Hold time down", "0 seconds"),
        pair("Phys State Chng Cnt", "1"),
        pair("Configured Mode", mode, "Encap Type", "802.1q" if encap == "dot1q" else encap),
        pair("RS-FEC Config Mode", fec),
        pair("RS-FEC Oper Mode", fec if up else "None"),
        "",
        pair("Configured Address", shown),
        pair("Hardware Address", shown),
    ]


def _connector(scene: Scene, name: str) -> str:
    admin, up = state(scene, name)
    breakout = value(at(_config(scene, name), "connector"), "breakout", "none")
    return table(
        "QSFP28 Connector",
        pair("Description", value(_config(scene, name), "description", "100-Gig Ethernet QSFP28")),
        pair("Interface", name),
        pair("IfIndex", str(1610899520 + int(spread(name, 1, 90000)))),
        pair("Admin State", "up" if admin else "down"),
        pair("Oper State", "up" if up else "down"),
        pair("Physical Link", "Yes" if up else "No"),
        pair("Connector Code", "LC"),
        pair("Breakout", breakout),
    )


def _count(label: str, first: int | str, second: int | str) -> str:
    return f"{label:<34}{first:>22}{second:>23}"


def _utilization(scene: Scene, name: str, *, up: bool) -> tuple[str, str]:
    there = scene.around.ports.get(name, _DOWN)
    speed = 1e8 if _management(scene, name) else 1e11 if "/c" in name else 1e10
    rates = averaged(there.loads, scene.around.now, _RATE_S) if up else (0.0, 0.0)
    inward, outward = (f"{100 * one / speed:.2f}%" for one in rates)
    return inward, outward


def _statistics(scene: Scene, name: str) -> str:
    there = scene.around.ports.get(name, _DOWN)
    _, up = state(scene, name)
    since = max(there.since, scene.element.booted)
    rate = spread(f"{scene.element.chassis.name} {name}", 40, 900)
    packets = int((scene.around.now - since) * rate) if up else 0
    head = _count("", "Input", "Output")
    traffic = table(
        "Traffic Statistics",
        head,
        SINGLE,
        _count("Octets", packets * 420, packets * 410),
        _count("Packets", packets, packets),
        _count("Errors", there.errors, 0),
        _count("Utilization (300 seconds)", *_utilization(scene, name, up=up)),
    )
    rows = [
        _count("Unicast Packets", packets, packets),
        _count("Multicast Packets", 0, 0),
        _count("Broadcast Packets", 0, 0),
        _count("Discards", 0, 0),
        _count("Unknown Proto Discards", 0, "N/A"),
    ]
    medium = [
        "",
        _medium("Alignment Errors", 0, "Sngl Collisions", 0),
        _medium("FCS Errors", there.errors, "Mult Collisions", 0),
        _medium("SQE Test Errors", 0, "Late Collisions", 0),
        _medium("CSE", 0, "Excess Collisns", 0),
        _medium("Too long Frames", 0, "Int MAC Tx Errs", 0),
        _medium("Symbol Errors", 0, "Int MAC Rx Errs", 0),
    ]
    return "\n".join(
        (
            "",
            traffic,
            table("Port Statistics", head, SINGLE, *rows),
            table("Ethernet-like Medium Statistics", *medium),
        )
    )


def _medium(left: str, first: int, right: str, second: int) -> str:
    return f"{left:<17}: {first:>19}  {right:<17}: {second:>19}"
