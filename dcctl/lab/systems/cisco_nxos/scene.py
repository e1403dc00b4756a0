"""What a `show` function looks at, and how NX-OS writes times, tables and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dcctl.lab.elements import scene
from dcctl.lab.elements.model import Port
from dcctl.lab.elements.tree import EMPTY, Tree, get, value
from dcctl.lab.systems.cisco_nxos import config, kinds

Data = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene(scene.Scene):
    """One command at one moment."""

    @property
    def uptime(self) -> int:
        """Seconds since it booted."""
        return int(max(0.0, self.around.now - self.element.booted))

    def interfaces(self) -> Iterator[tuple[str, Tree]]:
        """Every interface with its section, in order."""
        for label in config.DIALECT.labels(self.tree):
            if label.startswith("interface "):
                yield label.partition(" ")[2], self.tree[label]

    def named(self) -> list[tuple[str, Tree]]:
        """The interfaces that the command names, or all."""
        wanted = [name for one in self.arguments if (name := kinds.interface(one))]
        return [pair for pair in self.interfaces() if not wanted or pair[0] in wanted]

    def up(self, name: str, section: Tree) -> bool:
        """Whether an interface carries traffic."""
        if not config.enabled(name, section):
            return False
        kind = kinds.kind_of(name)
        if kind == "port-channel":
            return any(self.up(member, self.section(member)) for member in self.members(name))
        return kind in ("loopback", "Vlan") or self.port(name).up

    def section(self, name: str) -> Tree:
        """An interface's section."""
        return get(self.tree, (f"interface {name}",)) or EMPTY

    def members(self, lag: str) -> list[str]:
        """The ports that are configured into a port channel."""
        number = lag.removeprefix("port-channel")
        return [
            name
            for name, section in self.interfaces()
            if value(section, "channel-group").partition(" ")[0] == number
        ]

    def optical(self) -> Iterator[Port]:
        """Every port with a transceiver."""
        return (port for port in self.element.chassis.ports if port.optic)


def table(name: str, rows: Sequence[Data]) -> Data:
    """`TABLE_x` with its `ROW_x`: a list, or the row itself where there is one, as NX-OS has it."""
    if not rows:
        return {}
    return {f"TABLE_{name}": {f"ROW_{name}": rows[0] if len(rows) == 1 else list(rows)}}


def brief(seconds: float) -> str:
    """`02:40:04`, `1d02h`, `3w0d`: as protocol tables write it."""
    whole = int(max(0, seconds))
    days, hours = whole // 86400, whole % 86400 // 3600
    if days >= 7:  # noqa: PLR2004 - a week
        return f"{days // 7}w{days % 7}d"
    if days:
        return f"{days}d{hours:02d}h"
    return f"{hours:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def flapped(seconds: float) -> str:
    """`2week(s) 1day(s)`, `1d02h`, `00:31:12`: as `show interface` writes it."""
    whole = int(max(0, seconds))
    if whole >= 7 * 86400:
        return f"{whole // 604800}week(s) {whole % 604800 // 86400}day(s)"
    if whole >= 86400:  # noqa: PLR2004 - a day
        return f"{whole // 86400}day(s) {whole % 86400 // 3600}hour(s)"
    return brief(whole)
