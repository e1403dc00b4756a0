"""What a `show` function looks at, and how EOS writes times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from dcctl.lab.elements import scene
from dcctl.lab.elements.model import Port
from dcctl.lab.elements.tree import EMPTY, Tree, value
from dcctl.lab.systems.arista_eos import config, kinds

_VIRTUAL_UP = ("Loopback", "Vlan", "Port-Channel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene(scene.Scene):
    """One command at one moment."""

    session: str = ""  # the configuration session that the terminal is in

    @property
    def uptime(self) -> float:
        """Seconds since it booted."""
        return max(0.0, self.around.now - self.element.booted)

    def interfaces(self) -> Iterator[tuple[str, Tree]]:
        """Every interface with its section, in order."""
        for label in config.DIALECT.labels(self.tree):
            if label.startswith("interface "):
                yield label.partition(" ")[2], self.tree[label]

    def up(self, name: str, section: Tree) -> bool:
        """Whether an interface carries traffic."""
        if "shutdown" in section:
            return False
        kind = kinds.kind_of(name)
        if kind == "Port-Channel":
            return any(
                self.up(member, self.tree[f"interface {member}"]) for member in self.members(name)
            )
        return kind in _VIRTUAL_UP or self.port(name).up

    def members(self, lag: str) -> list[str]:
        """The ports that are configured into a port channel."""
        number = lag.removeprefix("Port-Channel")
        return [
            name
            for name, section in self.interfaces()
            if value(section, "channel-group").partition(" ")[0] == number
        ]

    def optical(self) -> Iterator[Port]:
        """Every port with a transceiver."""
        return (port for port in self.element.chassis.ports if port.optic)

    @property
    def modular(self) -> bool:
        """Whether the chassis has supervisors of its own."""
        return self.element.chassis.model.startswith(("DCS-75", "DCS-78"))

    def section(self, start: str) -> Tree:
        """The first section whose label begins so."""
        return next((self.tree[label] for label in self.tree if label.startswith(start)), EMPTY)


def colons(mac: str) -> str:
    """`02:00:12:34:56:78`."""
    return ":".join(mac[i : i + 2] for i in range(0, 12, 2))


def words(seconds: float) -> str:
    """`3 weeks, 0 days, 20 hours and 45 minutes`: as `show version` writes it."""
    minutes = int(seconds) // 60
    parts: list[str] = []
    for unit, size in (("week", 10080), ("day", 1440), ("hour", 60), ("minute", 1)):
        amount, minutes = divmod(minutes, size)
        if amount or parts or unit == "minute":
            parts.append(f"{amount} {unit}{'' if amount == 1 else 's'}")
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)


def spans(seconds: float) -> str:
    """`14 minutes, 2 seconds`: as `show interfaces` writes it."""
    rest = int(max(0, seconds))
    parts: list[str] = []
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        amount, rest = divmod(rest, size)
        if amount or parts or unit == "second":
            parts.append(f"{amount} {unit}{'' if amount == 1 else 's'}")
    return ", ".join(parts)


def brief(seconds: float) -> str:
    """`02:40:04`, `40d23h`, `9d02h`: as BGP's table writes it."""
    whole = int(max(0, seconds))
    if whole >= 86400:  # noqa: PLR2004 - a day
        return f"{whole // 86400}d{whole % 86400 // 3600:02d}h"
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def stamped(time: float) -> str:
    """`Sun Nov 22 16:00:00 2026`."""
    at = datetime.fromtimestamp(time, UTC)
    return f"{at:%a %b} {at.day:>2} {at:%H:%M:%S %Y}"
