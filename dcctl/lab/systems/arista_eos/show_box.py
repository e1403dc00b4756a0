"""What `show` answers about the box itself: version, boot, clock, users, logging."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dcctl.lab.elements.scene import dotted
from dcctl.lab.elements.tree import value, values
from dcctl.lab.systems.arista_eos import config
from dcctl.lab.systems.arista_eos.scene import Scene, colons, stamped, words

_BUILD = "ecbeee98-6249-4e05-84e6-60b46a08f83e"
Data = dict[str, Any]


def _internal(release: str) -> str:
    return f"{release}-33818481.{release.replace('.', '')}"


def version_data(scene: Scene) -> Data:
    """`show version | json`."""
    chassis, release = scene.element.chassis, scene.element.software.release
    mac = colons(scene.mac(""))
    return {
        "mfgName": "Arista",
        "modelName": chassis.model,
        "hardwareRevision": "12.03",
        "serialNumber": chassis.serial,
        "systemMacAddress": mac,
        "hwMacAddress": mac,
        "configMacAddress": "00:00:00:00:00:00",
        "version": release,
        "architecture": "i686",
        "internalVersion": _internal(release),
        "internalBuildId": _BUILD,
        "imageFormatVersion": "3.0",
        "imageOptimization": "Sand-4GB",
        "bootupTimestamp": scene.element.booted,
        "uptime": scene.uptime,
        "memTotal": 8099672,
        "memFree": 4976700,
        "isIntlVersion": False,
    }


def version(scene: Scene) -> str:
    """`show version`."""
    chassis, mac = scene.element.chassis, dotted(scene.mac(""))
    release = scene.element.software.release
    return f"""\
Arista {chassis.model}
Hardware version: 12.03
Serial number: {chassis.serial}
Hardware MAC address: {mac}
System MAC address: {mac}

Software image version: {release}
Architecture: i686
Internal build version: {_internal(release)}
Internal build ID: {_BUILD}
Image format version: 3.0
Image optimization: Sand-4GB

Uptime: {words(scene.uptime)}
Total memory: 8099672 kB
Free memory: 4976700 kB

"""


def hostname_data(scene: Scene) -> Data:
    """`show hostname | json`."""
    name = config.hostname(scene.tree)
    domain = value(scene.tree, "dns domain")
    return {"hostname": name, "fqdn": f"{name}.{domain}" if domain else name}


def hostname(scene: Scene) -> str:
    """`show hostname`."""
    data = hostname_data(scene)
    return f"Hostname: {data['hostname']}\nFQDN:     {data['fqdn']}\n"


def clock_data(scene: Scene) -> Data:
    """`show clock | json`."""
    at = datetime.fromtimestamp(scene.around.clock, UTC)
    source = scene.around.ntp_source if scene.around.synchronised else "local"
    return {
        "utcTime": scene.around.clock,
        "localTime": {
            "year": at.year,
            "month": at.month,
            "dayOfMonth": at.day,
            "hour": at.hour,
            "min": at.minute,
            "sec": at.second,
            "dayOfWeek": at.isoweekday() % 7,
            "dayOfYear": at.timetuple().tm_yday,
            "daylightSavingsAdjust": 0,
        },
        "timezone": value(scene.tree, "clock timezone", "UTC"),
        "clockSource": {source: True} if source == "local" else {"ntp": source},
    }


def clock(scene: Scene) -> str:
    """`show clock`."""
    source = f"NTP server ({scene.around.ntp_source})" if scene.around.synchronised else "local"
    zone = value(scene.tree, "clock timezone", "UTC")
    return f"{stamped(scene.around.clock)}\nTimezone: {zone}\nClock source: {source}\n"


def users(scene: Scene) -> str:
    """`show users`."""
    rows = ["    Line      User        Host(s)       Idle        Location"]
    for number, one in enumerate(scene.around.users, 1):
        mark = "*" if one.number == scene.terminal.number else " "
        rows.append(
            f"{mark} {number} vty {one.number:<4} {one.user:<11} idle          00:00:00    {one.peer}"
        )
    return "\n".join([*rows, ""])


def logging(scene: Scene) -> str:
    """`show logging`."""
    rows = [
        "Syslog logging: enabled",
        "    Buffer logging: level debugging",
        "    Console logging: level errors",
        "    Persistent logging: disabled",
        "    Monitor logging: level errors",
        "    Synchronous logging: disabled",
        f"    Trap logging: level {value(scene.tree, 'logging trap', 'informational')}",
    ]
    for line in values(scene.tree, "logging host"):
        host, *more = line.split()
        port = next((word for word in more if word.isdecimal()), "514")
        protocol = "tcp" if "tcp" in more else "tls" if "tls" in more else "udp"
        rows.append(f"        Logging to '{host}' port {port} in VRF default via {protocol}")
    rows += [
        "    Sequence numbers: disabled",
        "    Syslog facility: local4",
        "    Hostname format: Hostname only",
        "    Repeat logging interval: disabled",
        "",
        "Log Buffer:",
        *scene.element.messages,
    ]
    return "\n".join([*rows, ""])


def reload(scene: Scene) -> str:
    """`show reload`."""
    if not scene.element.reboot_at:
        return "No reload is scheduled\n"
    return f"Reload scheduled for {stamped(scene.element.reboot_at)}\n"
