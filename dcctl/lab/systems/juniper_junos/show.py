"""What Junos answers about the box itself: version, hardware, interfaces, alarms, time, users, commits."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.model import PortState
from dcctl.lab.elements.tree import EMPTY, Tree
from dcctl.lab.systems.juniper_junos import commits, config
from dcctl.lab.systems.juniper_junos.intent import entries, hostname, value
from dcctl.lab.systems.juniper_junos.scene import Scene, ago, stamped

RELEASE = "22.4R3.25"
_PACKAGES = (
    "JUNOS OS Kernel 64-bit  [20231018.aac5ef4_builder_stable_12_224]",
    "JUNOS OS libs [20231018.aac5ef4_builder_stable_12_224]",
    "JUNOS OS runtime [20231018.aac5ef4_builder_stable_12_224]",
    "JUNOS network stack and utilities [20231122.104509_builder_junos_224_r3]",
    "JUNOS libs [20231122.104509_builder_junos_224_r3]",
    "JUNOS runtime [20231122.104509_builder_junos_224_r3]",
    "JUNOS Packet Forwarding Engine Support (MX/EX92XX Common) [20231122.104509_builder_junos_224_r3]",
    "JUNOS daemons [20231122.104509_builder_junos_224_r3]",
)
_SPEEDS = {
    "et": ("100Gbps", "100000000000"),
    "xe": ("10Gbps", "10000000000"),
    "ge": ("1000mbps", "1000000000"),
}
_DOWN = PortState()


def cell(text: Any) -> list[dict[str, Any]]:
    """A value as Junos's JSON holds it."""
    return [{"data": str(text)}]


def _model(scene: Scene) -> str:
    return scene.element.chassis.model.lower()


def version(scene: Scene) -> str:
    """`show version [(brief|detail)]`."""
    head = [
        f"Hostname: {hostname(scene.element.running)}",
        f"Model: {_model(scene)}",
        f"Junos: {RELEASE}",
    ]
    return "\n".join([*head, *_PACKAGES, ""])


def version_data(scene: Scene) -> Any:
    """`show version [(brief|detail)]` as JSON data."""
    packages = [
        {"name": cell(f"package-{number}"), "comment": cell(text)}
        for number, text in enumerate(_PACKAGES)
    ]
    return {
        "software-information": [
            {
                "host-name": cell(hostname(scene.element.running)),
                "product-model": cell(_model(scene)),
                "product-name": cell(_model(scene)),
                "junos-version": cell(RELEASE),
                "package-information": packages,
            }
        ]
    }


def _modules(scene: Scene) -> Iterator[tuple[int, str, str, str, str, str]]:
    """(depth, name, version, part number, serial number, description)."""
    chassis = scene.element.chassis
    number = int(spread(chassis.name, 1e5, 9e5))
    yield 0, "Chassis", "", "", chassis.serial, chassis.model.upper()
    yield 0, "Routing Engine 0", "", "BUILTIN", "BUILTIN", f"RE-S-1600x8-{chassis.model.upper()}"
    yield 0, "PEM 0", "REV 03", "740-069994", f"1F18{number}", "JPSU-650W-DC-AFO"
    yield 0, "PEM 1", "REV 03", "740-069994", f"1F19{number}", "JPSU-650W-DC-AFO"
    yield 0, "CB 0", "REV 24", "750-069579", f"CAMD{number}", "JNP204 [MX204]"
    yield 0, "FPC 0", "", "BUILTIN", "BUILTIN", "MPC"
    yield 1, "PIC 0", "", "BUILTIN", "BUILTIN", "4XQSFP28 PIC"
    for place, port in enumerate(port for port in chassis.ports if port.optic):
        kind = "QSFP-100G-LR4" if port.name.startswith("et") else "SFP+-10G-LR"
        serial = f"1ECQ{int(spread(f'{chassis.name} {port.name}', 1e5, 9e5))}"
        yield 2, f"Xcvr {place}", "REV 01", "740-061409", serial, kind
    yield 0, "Fan Tray 0", "", "", "", "Fan Tray, Front to Back Airflow - AFO"


def hardware(scene: Scene) -> str:
    """`show chassis hardware [(detail|extensive)]`."""
    rows = [
        "Hardware inventory:",
        "Item             Version  Part number  Serial number     Description",
    ]
    for depth, name, release, part, serial, text in _modules(scene):
        rows.append(f"{'  ' * depth + name:<16} {release:<8} {part:<12} {serial:<17} {text}")
    return "\n".join([*rows, ""])


def hardware_data(scene: Scene) -> Any:
    """`show chassis hardware [(detail|extensive)]` as JSON data."""
    names = ("name", "version", "part-number", "serial-number", "description")
    modules = [
        {key: cell(text) for key, text in zip(names, row[1:], strict=True) if text}
        for row in _modules(scene)
    ]
    return {"chassis-inventory": [{"chassis": [{**modules[0], "chassis-module": modules[1:]}]}]}


def _alarms(scene: Scene) -> list[tuple[float, str, str]]:
    rows = [
        (one.since, "Major" if one.severity == "major" else "Minor", one.text)
        for one in scene.around.alarms
    ]
    for name, below in physical(scene):
        port = scene.around.ports.get(name)
        if port and not port.up and "disable" not in below and below:
            rows.append((port.since or scene.element.booted, "Major", f"{name}: Link down"))
    return rows


def chassis_alarms(scene: Scene) -> str:
    """`show chassis alarms`."""
    return _alarm_rows(_alarms(scene))


def system_alarms(scene: Scene) -> str:
    """`show system alarms`."""
    return _alarm_rows(_alarms(scene))


def _alarm_rows(rows: list[tuple[float, str, str]]) -> str:
    if not rows:
        return "No alarms currently active\n"
    written = [
        f"{len(rows)} alarms currently active",
        "Alarm time               Class  Description",
    ]
    written += [f"{stamped(since):<24} {level:<6} {text}" for since, level, text in rows]
    return "\n".join([*written, ""])


def alarms_data(scene: Scene) -> Any:
    """`show chassis alarms` as JSON data."""
    rows = _alarms(scene)
    summary: dict[str, Any] = (
        {"active-alarm-count": cell(len(rows))} if rows else {"no-active-alarms": [{}]}
    )
    details = [
        {
            "alarm-time": [
                {"data": stamped(since), "attributes": {"junos:seconds": str(int(since))}}
            ],
            "alarm-class": cell(level),
            "alarm-description": cell(text),
        }
        for since, level, text in rows
    ]
    information: dict[str, Any] = {"alarm-summary": [summary]}
    if details:
        information["alarm-detail"] = details
    return {"alarm-information": [information]}


def uptime(scene: Scene) -> str:
    """`show system uptime`."""
    around, element = scene.around, scene.element
    source = "NTP CLOCK" if around.synchronised else "LOCAL CLOCK"
    up = around.now - element.booted
    at = datetime.fromtimestamp(around.clock, UTC)
    days, rest = divmod(int(up), 86400)
    lead = f"{days} days, " if days else ""
    return (
        f"Current time: {stamped(around.clock)}\n"
        f"Time Source:  {source} \n"
        f"System booted: {stamped(element.booted)} ({ago(up)} ago)\n"
        f"Protocols started: {stamped(element.booted + 90)} ({ago(up - 90)} ago)\n"
        f"Last configured: {stamped(element.changed)} ({ago(around.now - element.changed)} ago) by "
        f"{commits.past(element)[0].user}\n"
        f" {at:%I:%M%p}  up {lead}{rest // 3600}:{rest // 60 % 60:02d}, {len(around.users)} users, "
        "load averages: 0.21, 0.19, 0.15\n"
    )


def uptime_data(scene: Scene) -> Any:
    """`show system uptime` as JSON data."""
    around, element = scene.around, scene.element

    def at(time: float) -> list[dict[str, Any]]:
        return [{"data": stamped(time), "attributes": {"junos:seconds": str(int(time))}}]

    def since(time: float) -> list[dict[str, Any]]:
        lasted = int(around.now - time)
        return [{"data": ago(lasted), "attributes": {"junos:seconds": str(lasted)}}]

    booted = element.booted
    return {
        "system-uptime-information": [
            {
                "attributes": {"xmlns": "http://xml.juniper.net/junos/22.4R3/junos"},
                "current-time": [{"date-time": at(around.clock)}],
                "time-source": cell(" NTP CLOCK " if around.synchronised else " LOCAL CLOCK "),
                "system-booted-time": [{"date-time": at(booted), "time-length": since(booted)}],
                "protocols-started-time": [
                    {"date-time": at(booted + 90), "time-length": since(booted + 90)}
                ],
                "last-configured-time": [
                    {
                        "date-time": at(element.changed),
                        "time-length": since(element.changed),
                        "user": cell(commits.past(element)[0].user),
                    }
                ],
                "uptime-information": [
                    {
                        "date-time": at(around.clock),
                        "up-time": since(booted),
                        "active-user-count": cell(len(around.users)),
                    }
                ],
            }
        ]
    }


def users(scene: Scene) -> str:
    """`show system users`."""
    at = datetime.fromtimestamp(scene.around.clock, UTC)
    rows = [
        f"{at:%I:%M%p}  up 1 day, {len(scene.around.users)} users, load averages: 0.21, 0.19, 0.15",
        "USER     TTY      FROM                              LOGIN@  IDLE WHAT",
    ]
    for one in scene.around.users:
        since = datetime.fromtimestamp(one.since, UTC)
        rows.append(
            f"{one.user:<8} pts/{one.number:<4} {one.peer:<33} {since:%I:%M%p}     - -cli (cli)"
        )
    return "\n".join([*rows, ""])


def commit_list(scene: Scene) -> str:
    """`show system commit`."""
    rows = []
    for number, saved in enumerate(commits.past(scene.element)):
        rows.append(f"{number:<3} {stamped(saved.time)} by {saved.user} via {saved.how}")
        rows += [f"    {saved.note}"] if saved.note else []
    return "\n".join([*rows, ""])


def rollback(scene: Scene) -> str:
    """`show system rollback <int:0-49>`."""
    past, number = commits.past(scene.element), int(scene.arguments[0])
    if number >= len(past):
        return f"error: rollback {number} does not exist\n"
    return "".join(f"{line}\n" for line in config.text_lines(past[number].tree))


def reboot_status(scene: Scene) -> str:
    """`show system reboot`."""
    if not scene.element.reboot_at:
        return "No shutdown/reboot scheduled.\n"
    return f"reboot requested by {scene.terminal.user} at {stamped(scene.element.reboot_at)}\n"


def cli_settings(scene: Scene) -> str:
    """`show cli`."""
    terminal = scene.terminal
    return (
        "CLI complete-on-space set to on\nCLI idle-timeout disabled\nCLI restart-on-upgrade set to on\n"
        f"CLI screen-length set to {terminal.length}\nCLI screen-width set to {terminal.width}\n"
        "CLI terminal is 'vt100'\nCLI is operating in enhanced mode\nCLI timestamp disabled\n"
        "CLI working directory is '/var/home/netops'\n"
    )


# --- interfaces -----------------------------------------------------------------------------------------------


def physical(scene: Scene) -> list[tuple[str, Tree]]:
    """Every interface: those that the box has, then those that are configured."""
    configured = scene.element.running.get("interfaces", EMPTY)
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
        for unit, inner in entries(below, "unit"):
            lines = []
            for family, part in entries(inner, "family"):
                addresses = [key for key, _ in entries(part, "address")] or [""]
                lines += [(family if n == 0 else "", text) for n, text in enumerate(addresses)]
            first = f"{f'{name}.{unit}':<23} {state}"
            for number, (family, text) in enumerate(lines or [("", "")]):
                rows.append(f"{first if number == 0 else ' ' * 34} {family:<8} {text:<21}".rstrip())
    return "\n".join([*rows, ""])


def descriptions(scene: Scene) -> str:
    """`show interfaces descriptions [<intf>]`."""
    rows = ["Interface       Admin Link Description"]
    for name, below in physical(scene):
        admin, up = oper(scene, name, below)
        state = f"{'up' if admin else 'down':<5} {'up' if up else 'down':<4}"
        for label, text in [(name, value(below, "description"))] + [
            (f"{name}.{unit}", value(inner, "description"))
            for unit, inner in entries(below, "unit")
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
    return {
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
            "  Input rate     : 24000 bps (31 pps)"
            if facts["up"]
            else "  Input rate     : 0 bps (0 pps)",
            "  Output rate    : 21000 bps (29 pps)"
            if facts["up"]
            else "  Output rate    : 0 bps (0 pps)",
            f"  Active alarms  : {'None' if facts['up'] or not facts['admin'] else 'LINK'}",
            f"  Active defects : {'None' if facts['up'] or not facts['admin'] else 'LINK'}",
        ]
        if scene.line.endswith(("extensive", "detail")):
            rows += _error_rows(facts)
        rows += [
            "  PCS statistics                      Seconds",
            "    Bit errors                             0",
            "    Errored blocks                         0",
            "  Interface transmit statistics: Disabled",
        ]
    for unit, inner in entries(below, "unit"):
        rows += ["", *_logical(name, unit, inner, facts)]
    return "\n".join([*rows, ""])


def _error_rows(facts: dict[str, Any]) -> list[str]:
    return [
        "  Statistics last cleared: Never",
        "  Traffic statistics:",
        f"   Input  bytes  :      {facts['packets'] * 412:>14}                24000 bps",
        f"   Output bytes  :      {facts['packets'] * 398:>14}                21000 bps",
        f"   Input  packets:      {facts['packets']:>14}                   31 pps",
        f"   Output packets:      {facts['packets']:>14}                   29 pps",
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
    for family, part in entries(inner, "family"):
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
        for address, _ in entries(part, "address"):
            at = ipaddress.ip_interface(address)
            rows.append("      Addresses, Flags: Is-Preferred Is-Primary")
            short = at.network.prefixlen < at.max_prefixlen
            rows.append(
                f"        Destination: {at.network}, Local: {at.ip}"
                if short
                else f"        Local: {at.ip}"
            )
    return rows


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
                "input-error-list": [
                    {"input-errors": cell(facts["errors"]), "framing-errors": cell(facts["errors"])}
                ],
                "output-error-list": [{"output-errors": cell(0)}],
                "ethernet-mac-statistics": [
                    {"input-crc-errors": cell(facts["errors"]), "output-crc-errors": cell(0)}
                ],
            }
        units = [_logical_data(name, unit, inner, facts) for unit, inner in entries(below, "unit")]
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
    for family, part in entries(inner, "family"):
        one: dict[str, Any] = {"address-family-name": cell(family), "mtu": cell(facts["mtu"] - 14)}
        addresses = []
        for address, _ in entries(part, "address"):
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
