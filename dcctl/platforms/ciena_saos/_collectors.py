"""The topics that public recordings of SAOS 6 and 8 tell of.

Light has no topic: `port xcvr show` tells whether a transceiver is there, not what it receives.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.contracts import Collector
from dcctl.facts.hardware import Hardware, Module
from dcctl.facts.install import Install
from dcctl.facts.interfaces import Interface, Interfaces
from dcctl.facts.lldp import LldpNeighbor, LldpNeighbors
from dcctl.facts.time_sync import TimeSync
from dcctl.facts.version import Version
from dcctl.platforms._parsing import expect, ntc, text_of
from dcctl.platforms.ciena_saos._configuration import device_access, logging, management

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output


def _whole(output: Output) -> str:
    """The answer's text, whose last table has its lower line."""
    text = text_of(output)
    expect(re.search(r"\+-[-+]*\+\s*\Z", text), output, "the table has no end")
    return text


def _software(output: Output) -> dict[str, str]:
    _whole(output)
    (row,) = ntc("ciena_saos_software_show", output) or ({},)
    expect(row.get("version_running"), output, "no running package")
    return row


def _values(output: Output, title: str) -> dict[str, str]:
    """Names and values of the two-column table below `title`."""
    text = text_of(output)
    table = re.search(rf"(?m)^\s*\+-+ {title} -+\+$\s+(?P<rows>(?:^\s*[|+].*\s?)+)", text)
    expect(table, output, f"no table {title}")
    drawn = table["rows"].partition("\n\n")[0] if table else ""
    return dict(re.findall(r"(?m)^\s*\|\s*(\S.*?)\s*\|\s*(.*?)\s*\|\s*$", drawn))


def _version(outputs: Sequence[Output]) -> Version:
    software, device, capabilities = outputs
    serial = _values(device, "CHASSIS DEVICE ID").get("Serial Number", "")
    model = _values(capabilities, "PLATFORM CAPABILITIES").get("Platform Name", "")
    expect(serial, device, "no serial number")
    expect(model, capabilities, "no platform name")
    return Version(
        os="SAOS",
        release=_release(_software(software)["version_running"]),
        vendor="Ciena",
        model=model,
        serial=serial,
    )


def _release(package: str) -> str:
    """`6.18.1.2` of saos-06-18-01-0002; the package's own name where it has another form."""
    found = re.fullmatch(r"saos-(\d+(?:-\d+)+)\S*", package)
    return ".".join(str(int(part)) for part in found[1].split("-")) if found else package


def _install(outputs: Sequence[Output]) -> Install:
    row = _software(outputs[0])
    return Install(running=row["version_running"], next_boot=row["version_installed"])


def _hardware(outputs: Sequence[Output]) -> Hardware:
    """Power supplies; a place that is not equipped is none."""
    (output,) = outputs
    text = text_of(output)
    expect(re.search(r"(?m)^\s*\| PS.*\n\s*\+-[-+]+\+$", text), output, "the table has no end")
    rows = re.findall(r"(?m)^\s*\| (PS\w+)\s*\| (.*?)\s*\| (.*?)\s*\| (\w+)\s*\|\s*$", text)
    drawn = re.findall(r"(?m)^\s*\|\s*PS", text)
    expect(rows and len(rows) == len(drawn), output, "not every power supply was understood")
    return Hardware(
        items=tuple(
            Module(
                name=name,
                kind="power",
                ok=state == "Online",
                state=state.lower(),
                model=part,
                serial=_serial(output, name),
            )
            for name, part, kind, state in rows
            if kind != "Unequipped"
        )
    )


def _serial(output: Output, name: str) -> str:
    """A power supply's serial number, nothing where the device says that it can't read it."""
    if f"Power Supply {name} info not available" in output.text:
        return ""
    serial = _values(output, f"POWER SUPPLY {name}").get("Serial Number", "")
    expect(serial, output, f"no serial number of {name}")
    return serial


def _interfaces(outputs: Sequence[Output]) -> Interfaces:
    (output,) = outputs
    rows = ntc("ciena_saos_port_show", output)
    drawn = re.findall(r"(?m)^\|\s*[\w.]+\s*\|[^|]*\|\s*(?:Up|Down)\s*\|", _whole(output))
    expect(rows and len(rows) == len(drawn), output, "not every port was understood")
    return Interfaces(
        items=tuple(
            Interface(
                name=row["name"],
                admin_up=row["admin_link"] == "Ena",
                oper_up=row["link"] == "Up",
            )
            for row in rows
        )
    )


def _lldp(outputs: Sequence[Output]) -> LldpNeighbors | None:
    (output,) = outputs
    rows = ntc("ciena_saos_lldp_show_neighbors", output)
    chassis = len(re.findall(r"Chassis Id:", _whole(output)))
    expect(len(rows) == chassis, output, "not every neighbour was understood")
    expect("LLDP Neighbors" in text_of(output), output, "no table of neighbours")
    items = tuple(
        LldpNeighbor(
            interface=row["local_port"],
            system=row["remote_system_name"],
            port=row["remote_port"],
            management_address=next(iter(row["remote_mgmt_ipv4_address"]), ""),
        )
        for row in rows
    )
    return LldpNeighbors(items=items) if items else None


def _time_sync(outputs: Sequence[Output]) -> TimeSync:
    """Whether some server is the one that is followed."""
    (output,) = outputs
    text = _whole(output)
    expect("NTP SERVER CONFIGURATION" in text, output, "no table of servers")
    cells = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in text.splitlines()
        if re.match(r"\s*\|\s*[\da-fA-F.:]+\s*\|", line)
    ]
    expect(all(len(row) == _NTP_CELLS for row in cells), output, "not every server was understood")
    peer = next((row for row in cells if row[7] == "SysPeer"), None)
    return TimeSync(
        synchronised=peer is not None,
        servers=tuple(row[0] for row in cells if row[3] == "user"),
        source=peer[0] if peer else "",
        offset_s=round(float(peer[9]) / 1000, 9) if peer else None,
    )


_NTP_CELLS = 10  # address, name, key, configuration, four states, authentication, offset
RUNNING = "configuration show"
COLLECTORS = (
    Collector(
        topic="version",
        commands=("software show", "chassis show device-id", "chassis show capabilities"),
        parse=_version,
    ),
    Collector(topic="hardware", commands=("chassis show power",), parse=_hardware),
    Collector(topic="install", commands=("software show",), parse=_install),
    Collector(topic="interfaces", commands=("port show",), parse=_interfaces),
    Collector(topic="lldp", commands=("lldp show neighbors",), parse=_lldp),
    Collector(topic="time_sync", commands=("ntp client show",), parse=_time_sync),
    Collector(topic="logging", commands=(RUNNING,), parse=logging),
    Collector(topic="management", commands=(RUNNING,), parse=management),
    Collector(topic="device_access", commands=(RUNNING,), parse=device_access),
)
