"""What `show` answers about the box itself: version, parts, redundancy, alarms, software, logs."""

from __future__ import annotations

from dataclasses import dataclass

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.model import NO_LIGHT_DBM, Port
from dcctl.lab.elements.spans import in_words
from dcctl.lab.elements.tree import value, values
from dcctl.lab.systems.cisco_xr import kinds
from dcctl.lab.systems.cisco_xr.scene import NODE, Scene, local, moment, vty, zone
from dcctl.lab.systems.cisco_xr.software import installed

_STANDBY = "0/RP1/CPU0"
_PACKAGES = (
    "xr-{release}",
    "mpls-2.1.0.0-r{number}",
    "isis-2.2.0.0-r{number}",
    "ospf-2.0.0.0-r{number}",
    "mgbl-3.0.0.0-r{number}",
    "k9sec-3.1.0.0-r{number}",
    "mcast-3.1.0.0-r{number}",
    "mpls-te-rsvp-4.1.0.0-r{number}",
    "li-1.0.0.0-r{number}",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the chassis, as `show platform` and `show inventory` tell of it."""

    node: str
    product: str
    description: str
    state: str = "OPERATIONAL"
    config: str = "NSHUT"
    role: str = ""


def family(scene: Scene) -> str:
    """`ncs5500`, `ncs540`, `asr9k`: what its packages are called after."""
    model = scene.element.chassis.model
    return {"NCS-55": "ncs5500", "NCS-54": "ncs540", "NCS-56": "ncs560", "ASR-9": "asr9k"}.get(
        next((one for one in ("NCS-55", "NCS-54", "NCS-56", "ASR-9") if model.startswith(one)), ""),
        "ncs5500",
    )


def parts(scene: Scene) -> list[Part]:
    """The parts of this chassis."""
    model = scene.element.chassis.model
    if not scene.modular:
        return [
            Part(
                node=NODE,
                product=model,
                description=f"{model} Route Processor",
                state="IOS XR RUN",
                role="Active",
            ),
            Part(node="0/FT0", product="NC55-1RU-FAN-FW", description="Fan Tray FW"),
            Part(node="0/FT1", product="NC55-1RU-FAN-FW", description="Fan Tray FW"),
            Part(node="0/PM0", product="NC55-900W-ACFW-HD", description="AC Power Supply 900W"),
            Part(node="0/PM1", product="NC55-900W-ACFW-HD", description="AC Power Supply 900W"),
        ]
    cards = sorted({kinds.number_of(port.name).split("/")[1] for port in scene.optical()})
    return [
        *(
            Part(
                node=f"0/{card}/CPU0",
                product="NC55-36X100G",
                description="NCS 5500 36X100GE BASE",
                state="IOS XR RUN",
            )
            for card in cards
        ),
        Part(
            node=NODE,
            product="NC55-RP",
            description="NCS 5500 Route Processor",
            state="IOS XR RUN",
            role="Active",
        ),
        Part(
            node=_STANDBY,
            product="NC55-RP",
            description="NCS 5500 Route Processor",
            state="IOS XR RUN",
            role="Standby",
        ),
        *(
            Part(node=f"0/FC{n}", product="NC55-5504-FC", description="NCS 5504 Fabric Card")
            for n in range(6)
        ),
        *(
            Part(node=f"0/FT{n}", product="NC55-5504-FAN", description="NCS 5504 Fan Tray")
            for n in range(3)
        ),
        *(
            Part(node=f"0/PM{n}", product="NC55-PWR-3KW-AC", description="AC Power Supply 3kW")
            for n in range(3)
        ),
        *(
            Part(node=f"0/SC{n}", product="NC55-SC", description="NCS 5500 System Controller")
            for n in range(2)
        ),
    ]


def version(scene: Scene) -> str:
    """`show version`."""
    up = in_words(scene.around.now - scene.element.booted, " ")
    release = scene.element.software.release
    return f"""\
Cisco IOS XR Software, Version {release}
Copyright (c) 2013-2022 by Cisco Systems, Inc.

Build Information:
 Built By     : ingunawa
 Built On     : Tue Apr 26 19:38:50 PDT 2022
 Built Host   : iox-ucs-060
 Workspace    : /auto/srcarchive17/prod/{release}/{family(scene)}/ws
 Version      : {release}
 Location     : /opt/cisco/XR/packages/
 Label        : {release}

cisco {_series(scene)} () processor
System uptime is {up}

"""


def _series(scene: Scene) -> str:
    return "NCS-5500" if scene.modular else scene.element.chassis.model


def platform(scene: Scene) -> str:
    """`show platform`."""
    rows = [
        "Node              Type                       State             Config state",
        "-" * 80,
    ]
    for part in parts(scene):
        kind = f"{part.product}({part.role})" if part.role else part.product
        rows.append(f"{part.node:<18}{kind:<27}{part.state:<18}{part.config}")
        if not part.role and part.node.endswith("CPU0"):
            slot = part.node.removesuffix("/CPU0")
            rows += [f"{f'{slot}/NPU{n}':<18}{'Slice':<27}{'UP':<18}" for n in range(2)]
    return "\n".join([*rows, ""])


def redundancy_summary(scene: Scene) -> str:
    """`show redundancy summary`."""
    rows = ["    Active Node    Standby Node", "    -----------    ------------"]
    partner = f"{_STANDBY:>11} (Node Ready, NSR:Ready)" if scene.modular else f"{'N/A':>11}"
    rows.append(f"    {NODE:>11}     {partner}")
    return "\n".join([*rows, ""])


def redundancy(scene: Scene) -> str:
    """`show redundancy`."""
    now, booted, tree = scene.around.now, scene.element.booted, scene.tree
    card = "NC55-RP" if scene.modular else scene.element.chassis.model
    head = f"Redundancy information for node {NODE}:"
    rows = [head, "=" * (len(head) - 1), f"Node {NODE} is in ACTIVE role"]
    if scene.modular:
        rows += [
            f"Partner node ({_STANDBY}) is in STANDBY role",
            f"Standby node in {_STANDBY} is ready",
            f"Standby node in {_STANDBY} is NSR-ready",
        ]
    else:
        rows.append("Node Redundancy Partner (None)")
    rows += [
        "",
        "Reload and boot info",
        "----------------------",
        f"{card} reloaded {moment(tree, booted)}: {_ago(now - booted)} ago",
        f"Active node booted {moment(tree, booted)}: {_ago(now - booted)} ago",
    ]
    if scene.modular:
        rows += [
            f"Standby node boot {moment(tree, booted + 40)}: {_ago(now - booted - 40)} ago",
            f"Standby node last went ready {moment(tree, booted + 300)}: {_ago(now - booted - 300)} ago",
            f"Standby node last went NSR-ready {moment(tree, booted + 360)}: {_ago(now - booted - 360)} ago",
        ]
    rows += ["There have been 0 switch-overs since reload", ""]
    return "\n".join([*rows, 'Active node reload "Cause: User initiated graceful reload"', ""])


def _ago(seconds: float) -> str:
    return in_words(seconds, " ")


def inventory(scene: Scene) -> str:
    """`show inventory`."""
    chassis = scene.element.chassis
    items = [_item("Rack 0", f"{chassis.model} chassis", chassis.model, chassis.serial)]
    for part in parts(scene):
        serial = _serial(scene, part.node)
        items.append(_item(part.node, part.description, part.product, serial))
    for port in scene.optical():
        name, product = optic_of(port)
        items.append(_item(optics_name(port), name, product, optic_serial(scene, port)))
    return "\n".join(items)


def _item(name: str, description: str, product: str, serial: str) -> str:
    return f'NAME: "{name}", DESCR: "{description}"\nPID: {product:<18}, VID: V01, SN: {serial}\n'


def _serial(scene: Scene, place: str) -> str:
    number = int(spread(f"{scene.element.chassis.name} {place} serial", 1000, 9999))
    return f"FOC{number % 100 + 2300}{place[-1]}{number:04d}"[:12]


def optic_of(port: Port) -> tuple[str, str]:
    """(what it is, product) of a port's transceiver."""
    kind = kinds.kind_of(port.name)
    if port.medium == "dwdm":
        return "Cisco QSFP-DD 400G ZR+ Pluggable Optics Module", "QDD-400G-ZRP-S"
    return {
        "GigabitEthernet": ("Cisco SFP 1G 1000BASE-LX/LH Pluggable Optics Module", "SFP-GE-L"),
        "TenGigE": ("Cisco SFP+ 10G LR Pluggable Optics Module", "SFP-10G-LR"),
        "TwentyFiveGigE": ("Cisco SFP28 25G LR Pluggable Optics Module", "SFP-10/25G-LR-S"),
        "FortyGigE": ("Cisco QSFP+ 40G LR4 Pluggable Optics Module", "QSFP-40G-LR4"),
    }.get(kind, ("Cisco QSFP28 100G LR4 Pluggable Optics Module", "QSFP-100G-LR4-S"))


def optics_name(port: Port) -> str:
    """`Optics0/0/0/1` of TenGigE0/0/0/1."""
    return f"Optics{kinds.number_of(port.name)}"


def optic_serial(scene: Scene, port: Port) -> str:
    """The serial number of a port's transceiver."""
    return f"FNS{int(spread(f'{scene.element.chassis.name} {port.name}', 1e7, 9e7)):08d}"


def clock(scene: Scene) -> str:
    """`show clock [detail]`."""
    at, name = local(scene.tree, scene.around.clock), zone(scene.tree)[0]
    milli = at.microsecond // 1000
    text = f"{at:%H:%M:%S}.{milli:03d} {name} {at:%a %b} {at.day} {at.year}\n"
    if "detail" not in scene.line:
        return text
    source = "NTP" if scene.around.synchronised else "calendar"
    return f"{text}Time source is {source}\n"


def users(scene: Scene) -> str:
    """`show users`."""
    rows = ["   Line            User                 Service  Conns   Idle        Location"]
    for one in scene.around.users:
        mark = "*" if one.number == scene.terminal.number else " "
        rows.append(f"{mark}  {vty(one):<15} {one.user:<20} ssh          0  00:00:00    {one.peer}")
    return "\n".join([*rows, ""])


def logging(scene: Scene) -> str:
    """`show logging`."""
    tree, count = scene.tree, len(scene.element.messages)
    hosts = "".join(
        f"    Logging to {line.split()[0]}, {count} message lines logged\n"
        for line in values(tree, "logging")
        if line[0].isdigit()
    )
    console = "Disabled" if value(tree, "logging console") == "disable" else "level warnings"
    shown = "" if console == "Disabled" else ", 0 messages logged"
    kept = "".join(f"{line}\n" for line in scene.element.messages)
    return f"""\
Syslog logging: enabled (0 messages dropped, 0 flushes, 0 overruns)
    Console logging: {console}{shown}
    Monitor logging: level debugging, 0 messages logged
    Trap logging: level {value(tree, "logging trap", "informational")}, {count} messages logged
{hosts}    Buffer logging: level debugging, {count} messages logged

Log Buffer (2097152 bytes):

{kept}"""


# --- alarms -------------------------------------------------------------------------------------


def alarms(scene: Scene) -> str:
    """`show alarms brief system active`."""
    ruler = "-" * 96
    rows = ["", ruler, "Active Alarms", ruler, _ALARM_HEAD, ruler]
    for place, severity, group, since, text in _standing(scene):
        at = local(scene.tree, since or scene.element.booted)
        when = f"{at:%m/%d/%Y %H:%M:%S} {zone(scene.tree)[0]}"
        rows.append(f"{place:<16}{severity:<13}{group:<17}{when:<25}{text}")
    return "\n".join([*rows, "", ""])


_ALARM_HEAD = "Location        Severity     Group            Set Time                 Description"


def _standing(scene: Scene) -> list[tuple[str, str, str, float, str]]:
    found = [
        ("0", one.severity.capitalize(), "Environ", one.since, one.text)
        for one in scene.around.alarms
    ]
    sections = dict(scene.interfaces())
    for port in scene.optical():
        seen = scene.port(port.name)
        if "shutdown" in sections.get(port.name, {}) or seen.rx_dbm > NO_LIGHT_DBM:
            continue
        slot = "/".join(kinds.number_of(port.name).split("/")[:2])
        text = f"{optics_name(port)} - hw_optics:  RX LOS LANE-0 ALARM"
        found.append((f"{slot}/CPU0", "Major", "Software", seen.since, text))
    return found


# --- software -----------------------------------------------------------------------------------


def packages(scene: Scene, release: str) -> list[str]:
    """The packages of a release."""
    name, number = family(scene), release.replace(".", "")
    return [f"{name}-{one.format(release=release, number=number)}" for one in _PACKAGES]


def _release(scene: Scene) -> str:
    """The committed release, or the active one."""
    state = installed(scene.element)
    return (state.committed if "committed" in scene.line else state.active).boots


def install_active(scene: Scene) -> str:
    """`show install active`."""
    release = _release(scene)
    found = packages(scene, release)
    first = f"        {found[0]} version={release} [Boot image]"
    rows = [f"Label : {release}", ""]
    nodes = [part for part in parts(scene) if part.node.endswith("CPU0")]
    for part in nodes:
        kind = "RP" if part.role else "LC"
        rows += [
            f"Node {part.node} [{kind}]",
            "  Boot Partition: xr_lv0",
            f"  Active Packages: {len(found)}",
            first,
            *(f"        {one}" for one in found[1:]),
            "",
        ]
    return "\n".join([*rows, ""])


def install_active_summary(scene: Scene) -> str:
    """`show install active summary`."""
    return _summary(scene, "Active")


def install_committed_summary(scene: Scene) -> str:
    """`show install committed summary`."""
    return _summary(scene, "Committed")


def _summary(scene: Scene, word: str) -> str:
    release = _release(scene)
    found = packages(scene, release)
    rows = [
        f"Label : {release}",
        "",
        f"    {word} Packages: {len(found)}",
        f"        {found[0]} version={release} [Boot image]",
        *(f"        {one}" for one in found[1:]),
    ]
    return "\n".join([*rows, "", ""])
