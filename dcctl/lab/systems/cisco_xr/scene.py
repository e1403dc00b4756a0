"""What a `show` function looks at, and how IOS XR writes times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dcctl.lab.elements.model import Element, Port, PortState, Surroundings, Terminal
from dcctl.lab.elements.tree import EMPTY, Tree, sections, value
from dcctl.lab.systems.cisco_xr import kinds
from dcctl.lab.systems.cisco_xr.intent import hostname

NODE = "0/RP0/CPU0"
RELEASE = "7.5.2"
# Chassis with two route processors; all others have the one that they are.
MODULAR = ("NCS-5504", "NCS-5508", "NCS-5516", "NCS-560-4", "ASR-9010", "ASR-9006")
_NO_PORT = PortState()
_WEEK_DAYS, _YEAR_DAYS = 7, 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One command at one moment."""

    element: Element
    terminal: Terminal
    around: Surroundings
    arguments: tuple[str, ...] = ()
    line: str = ""

    @property
    def running(self) -> Tree:
        """What runs."""
        return self.element.running

    @property
    def hostname(self) -> str:
        """The configured name."""
        return hostname(self.running)

    @property
    def modular(self) -> bool:
        """Whether the chassis has a second route processor."""
        return self.element.chassis.model in MODULAR

    def interfaces(self) -> list[tuple[str, Tree]]:
        """Every interface with its section, in order; a port that has none too."""
        found = dict(sections(self.running, "interface"))
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

    def port(self, name: str) -> PortState:
        """What a physical port sees."""
        return self.around.ports.get(name.partition(".")[0], _NO_PORT)

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


def span(seconds: float) -> str:
    """`2 weeks 1 day 4 hours 12 minutes`."""
    minutes = int(max(seconds, 60)) // 60
    parts = []
    sizes = (("year", 525600), ("week", 10080), ("day", 1440), ("hour", 60), ("minute", 1))
    for name, size in sizes:
        count, minutes = divmod(minutes, size)
        if count:
            parts.append(f"{count} {name}{'s' if count != 1 else ''}")
    return " ".join(parts)


def brief_span(seconds: float) -> str:
    """`00:04:12`, `3d04h`, `2w1d`: as tables show it."""
    whole = int(max(seconds, 0))
    days, rest = divmod(whole, 86400)
    if not days:
        return f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    if days < _WEEK_DAYS:
        return f"{days}d{rest // 3600:02d}h"
    if days < _YEAR_DAYS:
        return f"{days // _WEEK_DAYS}w{days % _WEEK_DAYS}d"
    return f"{days // _YEAR_DAYS}y{days % _YEAR_DAYS // _WEEK_DAYS}w"


def dotted(mac: str) -> str:
    """`0200.0000.0001`."""
    return f"{mac[:4]}.{mac[4:8]}.{mac[8:]}"


def vty(terminal: Terminal) -> str:
    """The line of a session."""
    return f"vty{(terminal.number - 1) % 100}"
