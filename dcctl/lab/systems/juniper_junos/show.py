"""What Junos answers about the box itself: version, hardware, interfaces, alarms, time, users, commits."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.scene import Scene
from dcctl.lab.systems.juniper_junos import commits, config
from dcctl.lab.systems.juniper_junos.intent import hostname
from dcctl.lab.systems.juniper_junos.scene import ago, cell, stamped
from dcctl.lab.systems.juniper_junos.show_interfaces import physical
from dcctl.lab.systems.juniper_junos.software import RELEASE, installed, vmhost

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


def _model(scene: Scene) -> str:
    return scene.element.chassis.model.lower()


def _packages(scene: Scene) -> list[str]:
    """The parts of the release that runs, each with when it was built."""
    release = scene.element.software.release
    if release == RELEASE:
        return list(_PACKAGES)
    day = 20230101 + zlib.crc32(release.encode()) % 28
    names = (text.partition(" [")[0].rstrip() for text in _PACKAGES)
    return [f"{name} [{day}.builder_junos_{release.lower()}]" for name in names]


def version(scene: Scene) -> str:
    """`show version [(brief|detail)]`."""
    head = [
        f"Hostname: {hostname(scene.tree)}",
        f"Model: {_model(scene)}",
        f"Junos: {scene.element.software.release}",
    ]
    return "\n".join([*head, *_packages(scene), ""])


def version_data(scene: Scene) -> Any:
    """`show version [(brief|detail)]` as JSON data."""
    packages = [
        {"name": cell(f"package-{number}"), "comment": cell(text)}
        for number, text in enumerate(_packages(scene))
    ]
    return {
        "software-information": [
            {
                "host-name": cell(hostname(scene.tree)),
                "product-model": cell(_model(scene)),
                "product-name": cell(_model(scene)),
                "junos-version": cell(scene.element.software.release),
                "package-information": packages,
            }
        ]
    }


def vmhost_version(scene: Scene) -> str:
    """`show vmhost version`: the set that runs, and the one that holds what was before or comes next."""
    state = installed(scene.element)
    engine = state.engines[state.master]
    if not vmhost(scene.element.chassis):
        return f"error: command is not valid on the {_model(scene)}\n"
    rows = [
        "Current root details,         Device sda, Label: jrootp_P, Partition: sda3",
        "Current boot disk: Primary",
        "Current root set: p",
        "UEFI    Version: CBEP_P_SUM1_00.15.01",
        "",
        f"Primary Disk, Upgrade Time: {stamped(scene.element.booted)}",
    ]
    for name, label in (("p", engine.label), ("b", engine.pending or engine.previous)):
        if label:
            rows += [
                "",
                f"Version: set {name}",
                "VMHost Version: 7.2110",
                "VMHost Root: vmhost-x86_64-22.4I20231018_1211_builder",
                "VMHost Core: vmhost-core-x86_64-22.4I20231018_1211_builder",
                "kernel: 4.8.28-WR2.2.1_standard-g8a95a2d5fd",
                f"Junos Disk: junos-install-mx-x86-64-{label.boots}",
            ]
    return "\n".join([*rows, ""])


def _modules(scene: Scene) -> Iterator[tuple[int, str, str, str, str, str]]:
    """(depth, name, version, part number, serial number, description)."""
    chassis = scene.element.chassis
    number = int(spread(chassis.name, 1e5, 9e5))
    yield 0, "Chassis", "", "", chassis.serial, chassis.model.upper()
    present = len(installed(scene.element).engines)
    present = 1 if "standby_missing" in scene.around.troubles else present
    for slot in range(present):
        kind = f"RE-S-1600x8-{chassis.model.upper()}"
        yield 0, f"Routing Engine {slot}", "", "BUILTIN", "BUILTIN", kind
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
    rows += [(scene.element.booted, "Major", text) for text in scene.element.software.alarms]
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
