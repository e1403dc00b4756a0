"""From the estate's targets to chassis and links, and the folder that holds an elements' lab."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dcctl.lab.elements.absent import Absent, absent_from
from dcctl.lab.elements.doorways import CONSOLE, JUMP
from dcctl.lab.elements.fabric import End, Link, links_between
from dcctl.lab.elements.model import Chassis, Port
from dcctl.lab.systems import all_systems
from dcctl.model.target import Interface, Target
from dcctl.model.upgrade import Image

USERNAME = "netops"
TWO_SUPERVISORS = ("MX480", "NETENGINE-8000-M8", "7750-SR-7")  # models that the lab plays so


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of the elements' part of a lab."""

    root: Path

    @property
    def plan(self) -> Path:
        """What the daemon is to serve."""
        return self.root / "plan.json"

    @property
    def seed(self) -> Path:
        """What the host keys are made from."""
        return self.root / "seed"

    @property
    def password(self) -> Path:
        """The password of the lab's account."""
        return self.root / "password"

    @property
    def pid(self) -> Path:
        """The daemon's process id; locked while it lives."""
        return self.root / "daemon.pid"

    @property
    def output(self) -> Path:
        """What the daemon says when it goes wrong."""
        return self.root / "daemon.log"

    def log(self, name: str) -> Path:
        """An element's own log."""
        return self.root / name / "log.jsonl"

    def state(self, name: str) -> Path:
        """An element's configurations."""
        return self.root / name / "state.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a daemon is to serve; written to the folder."""

    lab_id: str
    chassis: tuple[Chassis, ...]
    links: tuple[Link, ...]
    absent: tuple[Absent, ...] = ()
    keep: bool = False
    configured: Mapping[str, str] | None = None  # start with these configurations on top of day 0
    doorways: tuple[str, ...] = ()  # console servers' lines and jump hosts, by name and suffix
    images: tuple[Image, ...] = ()  # what the lab's mirror has; none: there is no mirror
    anchors: tuple[str, ...] = ()  # where the sites' traffic enters the centre


def simulated(target: Target) -> bool:
    """Whether some simulated system plays this target."""
    return target.platform in all_systems()


def chassis_of(target: Target, release: str = "") -> Chassis:
    """The metal of a target: the ports that the topology names, and the management port.

    `release` is what it runs at first; empty: what its system plays.
    """
    system = all_systems()[target.platform]
    management: Mapping[str, Any] = target.intent.get("management") or {}
    names = {one.name: one for one in target.interfaces if one.link or one.peer}
    port = str(management.get("interface") or "")
    if port and port not in names:
        names = {port: Interface(name=port, medium="ethernet"), **names}
    ports = tuple(_port(target.name, one, management=one.name == port) for one in names.values())
    number = zlib.crc32(target.name.encode()) % 10**8
    return Chassis(
        name=target.name,
        system=system.name,
        model=_model(target) or system.models[0],
        serial=str(target.intent.get("serial") or f"LAB{number:08d}"),
        site=target.site,
        ports=ports,
        management_port=port,
        management_address=str(management.get("address") or ""),
        management_gateway=str(management.get("gateway") or ""),
        username=USERNAME,
        release=release,
        supervisors=2 if _model(target) in TWO_SUPERVISORS else 1,
    )


def _model(target: Target) -> str:
    """The model as the box itself writes it: `cisco/c8500-20x6c` is a C8500-20X6C."""
    return str(target.intent.get("device_type") or "").rpartition("/")[2].upper()


def _port(host: str, interface: Interface, *, management: bool) -> Port:
    # A locally administered address that is the same in every lab.
    mac = f"02{zlib.crc32(host.encode()):08x}{zlib.crc32(interface.name.encode()) % 256:02x}"
    return Port(
        name=interface.name, mac=mac, medium=interface.medium or "fibre", optic=not management
    )


def links_of(targets: Iterable[Target]) -> tuple[Link, ...]:
    """The cables between targets, from what each says of its far ends."""
    ends = {
        End(target.name, one.name): (End(one.peer, one.peer_interface), one.medium or "fibre")
        for target in targets
        for one in target.interfaces
        if one.peer and one.peer_interface
    }
    return links_between(ends)


def plan_of(
    targets: Sequence[Target],
    lab_id: str,
    *,
    keep: bool = False,
    configured: Mapping[str, str] | None = None,
    releases: Mapping[str, str] = MappingProxyType({}),
    images: Iterable[Image] = (),
    anchors: Iterable[str] = (),
) -> Plan:
    """What a daemon has to know to play these targets, which run `releases` at first.

    The sites' traffic goes to `anchors`; without any there is none.
    """
    played = [target for target in targets if simulated(target)]
    known = {target.name for target in played}
    return Plan(
        lab_id=lab_id,
        chassis=tuple(chassis_of(target, releases.get(target.name, "")) for target in played),
        links=links_of(played),
        absent=absent_from(played),
        keep=keep,
        configured=dict(configured) if configured else None,
        doorways=tuple(sorted(_doorways(played))),
        anchors=tuple(name for name in anchors if name in known),
        images=tuple(images),
    )


def _doorways(targets: Iterable[Target]) -> set[str]:
    found = {f"{one.name}{CONSOLE}" for one in targets if one.console}
    return found | {f"{name}{JUMP}" for one in targets for name in hops_of(one)}


def hops_of(target: Target) -> list[str]:
    """The jump hosts on the way to a target, nearest first."""
    return [hop.host_key_alias for hop in target.connection.jump]
