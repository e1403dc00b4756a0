"""What a `show` function looks at, and how IOS XR writes times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dcctl.lab.elements import scene
from dcctl.lab.elements.model import Port, Terminal
from dcctl.lab.elements.tree import EMPTY, Tree, sections, value
from dcctl.lab.systems.cisco_xr import kinds
from dcctl.lab.systems.cisco_xr.intent import hostname

NODE = "0/RP0/CPU0"
# Chassis with two route processors; all others have the one that they are.
MODULAR = ("NCS-5504", "NCS-5508", "NCS-5516", "NCS-560-4", "ASR-9010", "ASR-9006")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene(scene.Scene):
    """One command at one moment."""

    @property
    def hostname(self) -> str:
        """The configured name."""
        return hostname(self.tree)

    @property
    def modular(self) -> bool:
        """Whether the chassis has a second route processor."""
        return self.element.chassis.model in MODULAR

    def interfaces(self) -> list[tuple[str, Tree]]:
        """Every interface with its section, in order; a port that has none too."""
        found = dict(sections(self.tree, "interface"))
        found = {**{port.name: EMPTY for port in self.element.chassis.ports}, **found}
        shown = {name: below for name, below in found.items() if " " not in name}
        return sorted(shown.items(), key=lambda one: kinds.rank(one[0]))

    def members(self, bundle: str) -> list[str]:
        """The ports that are configured into a bundle, in order."""
        wanted = kinds.number_of(bundle)
        return [
            name
            for name, below in self.interfaces()
            if value(below, "bundle id").split(" ")[0] == wanted
        ]

    def state(self, name: str, section: Tree) -> tuple[bool, bool]:
        """(administratively up, line protocol up)."""
        enabled = "shutdown" not in section
        kind = kinds.kind_of(name)
        if kind in ("Loopback", "Null"):
            return enabled, enabled
        if kind == "Bundle-Ether":
            ports = dict(self.interfaces())
            active = [one for one in self.members(name) if self.state(one, ports[one])[1]]
            return enabled, enabled and bool(active)
        return enabled, enabled and self.port(name).up

    def metal(self, name: str) -> Port | None:
        """The port itself."""
        wanted = name.partition(".")[0]
        return next((one for one in self.element.chassis.ports if one.name == wanted), None)

    def optical(self) -> list[Port]:
        """The ports with a transceiver, in order."""
        chassis = self.element.chassis
        found = [one for one in chassis.ports if one.optic and one.name != chassis.management_port]
        return sorted(found, key=lambda one: kinds.rank(one.name))


def zone(tree: Tree) -> tuple[str, ZoneInfo | None, int]:
    """(name, rules, hours) of the configured time zone."""
    words = value(tree, "clock timezone", "UTC 0").split()
    if len(words) > 1 and words[1].lstrip("-").isdecimal():
        return words[0], None, int(words[1])
    try:
        return words[0], ZoneInfo(words[1]), 0
    except (IndexError, ValueError, ZoneInfoNotFoundError):
        return words[0], None, 0


def local(tree: Tree, time: float) -> datetime:
    """A moment as the box's own clock shows it."""
    _, rules, hours = zone(tree)
    return datetime.fromtimestamp(time + 3600 * hours, rules or UTC)


def stamp(tree: Tree, time: float) -> str:
    """`Wed Nov 23 11:08:30.275 UTC`: the line above every answer."""
    at = local(tree, time)
    milli = at.microsecond // 1000
    return f"{at:%a %b} {at.day:>2} {at:%H:%M:%S}.{milli:03d} {zone(tree)[0]}"


def moment(tree: Tree, time: float) -> str:
    """`Wed Nov 23 11:08:30 2022`."""
    at = local(tree, time)
    return f"{at:%a %b} {at.day:>2} {at:%H:%M:%S} {at.year}"


def vty(terminal: Terminal) -> str:
    """The line of a session."""
    return f"vty{(terminal.number - 1) % 100}"
