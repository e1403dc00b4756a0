"""What Junos answers about its interfaces, as text and as JSON data."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.model import PortState
from dcctl.lab.elements.scene import Scene
from dcctl.lab.elements.traffic import averaged
from dcctl.lab.elements.tree import EMPTY, Tree, sections, value
from dcctl.lab.systems.juniper_junos import fec
from dcctl.lab.systems.juniper_junos.intent import bundle_of
from dcctl.lab.systems.juniper_junos.scene import ago, cell, stamped
from dcctl.lab.systems.juniper_junos.show_lags import members

_SPEEDS = {
    "et": ("100Gbps", "100000000000"),
    "xe": ("10Gbps", "10000000000"),
    "ge": ("1000mbps", "1000000000"),
}
_DOWN = PortState()
_RATE_S = 5.0  # over which a rate is averaged
_BITS = 6400  # of a packet of middle size
_INPUT = """input-errors input-drops framing-errors input-runts input-discards
input-l3-incompletes input-l2-channel-errors input-l2-mismatch-timeouts input-fifo-errors
input-resource-errors"""
_OUTPUT = """carrier-transitions output-errors output-drops output-collisions aged-packets
mtu-errors hs-link-crc-errors output-fifo-errors output-resource-errors"""


def physical(scene: Scene) -> list[tuple[str, Tree]]:
    """Every interface: those that the box has, then those that are configured."""
    configured = scene.tree.get("interfaces", EMPTY)
    names = [port.name for port in scene.element.chassis.ports]
    names += [name for name in configured if name not in names]
    if "lo0" not in names:
        names.append("lo0")
    return sorted(
        ((name, configured.get(name, EMPTY)) for name in names), key=lambda one: _rank(one[0])
    )


def _rank(name: str) -> tuple[int, str, tuple[int, ...]]:
    kinds = ("ge", "xe", "et", "ae", "em", "fxp", "irb", "lo")
    word = re.match(r"[a-z]+", name)
    kind = word.group() if word else name
    place = kinds.index(kind) if kind in kinds else len(kinds)
    return place, kind, tuple(int(part) for part in re.findall(r"\d+", name))


def oper(scene: Scene, name: str, below: Tree) -> tuple[bool, bool]:
    """(administratively up, link up)."""
    admin = "disable" not in below
    if name == "lo0":
        return admin, admin
    if name.startswith("ae"):
        return admin, admin and any(up for _, up in members(scene, name))
    return admin, admin and scene.around.ports.get(name, _DOWN).up


def terse(scene: Scene) -> str:
    """`show interfaces terse [<intf>]`."""
    wanted = scene.arguments[0].partition(".")[0] if scene.arguments else ""
    rows = ["Interface               Admin Link Proto    Local                 Remote"]
    for name, below in physical(scene):
        if wanted not in ("", name):
            continue
        admin, up = oper(scene, name, below)
        state = f"{'up' if admin else 'down':<5} {'up' if up else 'down':<4}"
        rows.append(f"{name:<23} {state}")
        if bundle := bundle_of(below):
            rows.append(f"{name + '.0':<23} {state} {'aenet':<8} --> {bundle}.0")
        for unit, inner in sections(below, "unit"):
            lines = []
            for family, part in sections(inner, "family"):
                addresses = [key for key, _ in sections(part, "address")] or [""]
                lines += [(family if n == 0 else "", text) for n, text in enumerate(addresses)]
            first = f"{f'{name}.{unit}':<23} {state}"
            for number, (family, text) in enumerate(lines or [("", "")]):
                rows.append(f"{first if number == 0 else ' ' * 34} {family:<8} {text:<21}".rstrip())
    return "\n".join([*rows, ""])


def terse_data(scene: Scene) -> Any:
    """`show interfaces terse [<intf>]` as JSON data."""
    wanted = scene.arguments[0].partition(".")[0] if scene.arguments else ""
    found = []
    for name, below in physical(scene):
        if wanted not in ("", name):
            continue
        admin, up = oper(scene, name, below)
        state = {
            "admin-status": cell("up" if admin else "down"),
            "oper-status": cell("up" if up else "down"),
        }
        units = []
        if bundle := bundle_of(below):
            family = {"address-family-name": cell("aenet"), "ae-bundle-name": cell(f"{bundle}.0")}
            units.append({"name": cell(f"{name}.0"), **state, "address-family": [family]})
        for unit, inner in sections(below, "unit"):
            families: list[dict[str, Any]] = []
            for kind, part in sections(inner, "family"):
                one: dict[str, Any] = {"address-family-name": cell(kind)}
                if addresses := [{"ifa-local": cell(key)} for key, _ in sections(part, "address")]:
                    one["interface-address"] = addresses
                families.append(one)
            units.append({"name": cell(f"{name}.{unit}"), **state, "address-family": families})
        one_port: dict[str, Any] = {"name": cell(name), **state}
        if units:
            one_port["logical-interface"] = units
        found.append(one_port)
    attributes = {"junos:style": "terse"}
    return {"interface-information": [{"attributes": attributes, "physical-interface": found}]}


def descriptions(scene: Scene) -> str:
    """`show interfaces descriptions [<intf>]`."""
    rows = ["Interface       Admin Link Description"]
    for name, below in physical(scene):
        admin, up = oper(scene, name, below)
        state = f"{'up' if admin else 'down':<5} {'up' if up else 'down':<4}"
        for label, text in [(name, value(below, "description"))] + [
            (f"{name}.{unit}", value(inner, "description"))
            for unit, inner in sections(below, "unit")
        ]:
            if text:
                rows.append(f"{label:<15} {state} {text}")
    return "\n".join([*rows, ""])


def interfaces(scene: Scene) -> str:
    """`show interfaces`."""
    wanted = scene.arguments[0].partition(".")[0] if scene.arguments else ""
    return "\n".join(
        _interface(scene, name, below) for name, below in physical(scene) if wanted in ("", name)
    )


def _facts(scene: Scene, name: str, below: Tree) -> dict[str, Any]:
    admin, up = oper(scene, name, below)
    port = scene.around.ports.get(name, _DOWN)
    mac = next((p.mac for p in scene.element.chassis.ports if p.name == name), "020000000000")
    speed, bits = _SPEEDS.get(name[:2], ("1000mbps", "1000000000"))
    since = max(port.since, scene.element.booted)
    packets = int(
        (scene.around.now - since) * spread(f"{scene.element.chassis.name} {name}", 40, 900)
    )
    inward, outward = _rate(scene, name) if up else (0.0, 0.0)
    return {
        "in": int(inward),
        "out": int(outward),
        "admin": admin,
        "up": up,
        "mac": ":".join(mac[i : i + 2] for i in range(0, 12, 2)),
        "speed": speed,
        "bits": bits,
        "mtu": int(value(below, "mtu", "1514")),
        "since": since,
        "errors": port.errors,
        "packets": packets if up else 0,
        "description": value(below, "description"),
        "index": 500 + int(spread(name, 10, 200)),
    }


def _rate(scene: Scene, name: str) -> tuple[float, float]:
    """(in, out), bits per second; of an aggregate the sum of its members'."""
    names = [one for one, up in members(scene, name) if up] if name.startswith("ae") else [name]
    rates = [
        averaged(scene.around.ports[one].loads, scene.around.now, _RATE_S)
        for one in names
        if one in scene.around.ports
    ]
    return sum(one for one, _ in rates), sum(one for _, one in rates)


def _interface(scene: Scene, name: str, below: Tree) -> str:
    facts = _facts(scene, name, below)
    state = f"{'Enabled' if facts['admin'] else 'Administratively down'}, Physical link is {'Up' if facts['up'] else 'Down'}"
    rows = [
        f"Physical interface: {name}, {state}",
        f"  Interface index: {facts['index'] - 350}, SNMP ifIndex: {facts['index']}",
    ]
    rows += [f"  Description: {facts['description']}"] if facts["description"] else []
    if name == "lo0":
        rows += ["  Type: Loopback, MTU: Unlimited", "  Device flags   : Present Running Loopback"]
    else:
        down = "" if facts["up"] else " Down"
        rows += [
            f"  Link-level type: Ethernet, MTU: {facts['mtu']}, MRU: {facts['mtu'] + 8}, Speed: {facts['speed']}, BPDU Error: None, Loop Detect PDU Error: None,",
            "  Ethernet-Switching Error: None, MAC-REWRITE Error: None, Loopback: Disabled, Source filtering: Disabled,",
            "  Flow control: Enabled, Media type: Fiber",
            f"  Device flags   : Present Running{down}",
            f"  Interface flags: {'Hardware-Down ' if not facts['up'] else ''}SNMP-Traps Internal: 0x4000",
            "  Link flags     : None",
            "  CoS queues     : 8 supported, 8 maximum usable queues",
            f"  Current address: {facts['mac']}, Hardware address: {facts['mac']}",
            f"  Last flapped   : {stamped(facts['since'])} ({ago(scene.around.now - facts['since'])} ago)",
            f"  Input rate     : {facts['in']} bps ({facts['in'] // _BITS} pps)",
            f"  Output rate    : {facts['out']} bps ({facts['out'] // _BITS} pps)",
            f"  Active alarms  : {'None' if facts['up'] or not facts['admin'] else 'LINK'}",
            f"  Active defects : {'None' if facts['up'] or not facts['admin'] else 'LINK'}",
        ]
        if scene.line.endswith(("extensive", "detail")):
            rows += _error_rows(facts)
        rows += [
            "  PCS statistics                      Seconds",
            "    Bit errors                             0",
            "    Errored blocks                         0",
            *fec.rows(scene, name),
            "  Interface transmit statistics: Disabled",
        ]
    for unit, inner in sections(below, "unit"):
        rows += ["", *_logical(name, unit, inner, facts)]
    return "\n".join([*rows, ""])


def _error_rows(facts: dict[str, Any]) -> list[str]:
    return [
        "  Statistics last cleared: Never",
        "  Traffic statistics:",
        f"   Input  bytes  :      {facts['packets'] * 412:>14}  {facts['in']:>19} bps",
        f"   Output bytes  :      {facts['packets'] * 398:>14}  {facts['out']:>19} bps",
        f"   Input  packets:      {facts['packets']:>14}  {facts['in'] // _BITS:>19} pps",
        f"   Output packets:      {facts['packets']:>14}  {facts['out'] // _BITS:>19} pps",
        "  Input errors:",
        f"    Errors: {facts['errors']}, Drops: 0, Framing errors: {facts['errors']}, Runts: 0, Policed discards: 0, L3 incompletes: 0,",
        "    L2 channel errors: 0, L2 mismatch timeouts: 0, FIFO errors: 0, Resource errors: 0",
        "  Output errors:",
        "    Carrier transitions: 1, Errors: 0, Drops: 0, Collisions: 0, Aged packets: 0, FIFO errors: 0,",
        "    HS link CRC errors: 0, MTU errors: 0, Resource errors: 0",
        "  MAC statistics:                      Receive         Transmit",
        f"    CRC/Align errors         {facts['errors']:>16} {0:>16}",
    ]


def _logical(name: str, unit: str, inner: Tree, facts: dict[str, Any]) -> list[str]:
    flags = "Up" if facts["up"] else "Hardware-Down Device-Down"
    rows = [
        f"  Logical interface {name}.{unit} (Index {facts['index'] - 180}) (SNMP ifIndex {facts['index'] + 30})",
    ]
    text = value(inner, "description")
    rows += [f"    Description: {text}"] if text else []
    rows += [
        f"    Flags: {flags} SNMP-Traps 0x4004000 Encapsulation: {'Unspecified' if name == 'lo0' else 'ENET2'}",
        f"    Input packets : {facts['packets']}",
        f"    Output packets: {facts['packets']}",
    ]
    for family, part in sections(inner, "family"):
        mtu = value(
            part,
            "mtu",
            "Unlimited" if name == "lo0" else str(facts["mtu"] - (17 if family == "iso" else 14)),
        )
        rows.append(f"    Protocol {family}, MTU: {mtu}")
        if family != "inet":
            rows.append("      Flags: Is-Primary" if name != "lo0" else "      Flags: None")
            continue
        rows.append("      Flags: Sendbcast-pkt-to-re")
        for address, _ in sections(part, "address"):
            at = ipaddress.ip_interface(address)
            rows.append("      Addresses, Flags: Is-Preferred Is-Primary")
            short = at.network.prefixlen < at.max_prefixlen
            rows.append(
                f"        Destination: {at.network}, Local: {at.ip}"
                if short
                else f"        Local: {at.ip}"
            )
    return rows


def _counted(names: str, errors: int) -> dict[str, Any]:
    """The counters of one direction; a frame in error is one that was framed wrong."""
    return {
        name: cell(errors if name in ("input-errors", "framing-errors") else 0)
        for name in names.split()
    }


def _rates(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "attributes": {"junos:style": "brief"},
        "input-bps": cell(facts["in"]),
        "input-pps": cell(facts["in"] // _BITS),
        "output-bps": cell(facts["out"]),
        "output-pps": cell(facts["out"] // _BITS),
    }


def interfaces_data(scene: Scene) -> Any:
    """`show interfaces` as JSON data."""
    wanted = scene.arguments[0].partition(".")[0] if scene.arguments else ""
    found = []
    for name, below in physical(scene):
        if wanted not in ("", name):
            continue
        facts = _facts(scene, name, below)
        admin = {
            "data": "up" if facts["admin"] else "down",
            "attributes": {
                "junos:format": "Enabled" if facts["admin"] else "Administratively down"
            },
        }
        one: dict[str, Any] = {
            "name": cell(name),
            "admin-status": [admin],
            "oper-status": cell("up" if facts["up"] else "down"),
            "local-index": cell(facts["index"] - 350),
            "snmp-index": cell(facts["index"]),
        }
        if facts["description"]:
            one["description"] = cell(facts["description"])
        if name != "lo0":
            one |= {
                "link-level-type": cell("Ethernet"),
                "mtu": cell(facts["mtu"]),
                "speed": cell(facts["speed"]),
                "current-physical-address": cell(facts["mac"]),
                "hardware-physical-address": cell(facts["mac"]),
                "interface-flapped": [
                    {
                        "data": f"{stamped(facts['since'])} ({ago(scene.around.now - facts['since'])} ago)",
                        "attributes": {
                            "junos:seconds": str(int(scene.around.now - facts["since"]))
                        },
                    }
                ],
                "traffic-statistics": [_rates(facts)],
                "input-error-list": [_counted(_INPUT, facts["errors"])],
                "output-error-list": [_counted(_OUTPUT, 0) | {"carrier-transitions": cell(1)}],
                **fec.data(scene, name),
                "ethernet-mac-statistics": [
                    {"input-crc-errors": cell(facts["errors"]), "output-crc-errors": cell(0)}
                ],
            }
        units = [_logical_data(name, unit, inner, facts) for unit, inner in sections(below, "unit")]
        if units:
            one["logical-interface"] = units
        found.append(one)
    return {
        "interface-information": [
            {"attributes": {"junos:style": "normal"}, "physical-interface": found}
        ]
    }


def _logical_data(name: str, unit: str, inner: Tree, facts: dict[str, Any]) -> dict[str, Any]:
    families = []
    for family, part in sections(inner, "family"):
        one: dict[str, Any] = {"address-family-name": cell(family), "mtu": cell(facts["mtu"] - 14)}
        addresses = []
        for address, _ in sections(part, "address"):
            if family == "inet":
                at = ipaddress.ip_interface(address)
                addresses.append({"ifa-destination": cell(at.network), "ifa-local": cell(at.ip)})
            else:
                addresses.append({"ifa-local": cell(address)})
        if addresses:
            one["interface-address"] = addresses
        families.append(one)
    text = value(inner, "description")
    logical: dict[str, Any] = {"name": cell(f"{name}.{unit}"), "address-family": families}
    if text:
        logical["description"] = cell(text)
    return logical
