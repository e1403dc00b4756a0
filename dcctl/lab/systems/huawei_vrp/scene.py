"""What a `display` command looks at, and how VRP writes names and times."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dcctl.lab.elements import scene
from dcctl.lab.elements.model import (
    LdpState,
    OspfState,
    Port,
)
from dcctl.lab.elements.tree import Tree, value
from dcctl.lab.systems.huawei_vrp import kinds

RULE = "-" * 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene(scene.Scene):
    """One command at one moment."""

    @property
    def immediate(self) -> bool:
        """Whether the box runs VRP5."""
        return kinds.immediate(self.element.chassis)

    def interfaces(self) -> list[tuple[str, Tree]]:
        """Every interface with its section, in order."""
        found = [
            (label.partition(" ")[2], below)
            for label, below in self.tree.items()
            if label.startswith("interface ")
        ]
        return sorted(found, key=lambda one: kinds.rank(one[0]))

    def state(self, name: str, section: Tree) -> tuple[bool, bool]:
        """(administratively up, physically up)."""
        enabled = "shutdown" not in section
        kind = kinds.kind_of(name)
        if kind in ("LoopBack", "NULL"):
            return enabled, enabled
        if kind == "Eth-Trunk":
            return enabled, enabled and any(self.port(port).up for port in self.members(name))
        return enabled, enabled and self.port(name).up

    def members(self, trunk: str) -> list[str]:
        """The ports of an Eth-Trunk."""
        number = re.sub(r"\D", "", trunk.partition(".")[0])
        return [name for name, below in self.interfaces() if f"eth-trunk {number}" in below]

    def active(self, trunk: str, port: str) -> bool:
        """Whether a port of an Eth-Trunk carries traffic."""
        sections = dict(self.interfaces())
        enabled = "shutdown" not in sections.get(trunk, {})
        return enabled and self.state(port, sections[port])[1]

    @property
    def ospf(self) -> tuple[OspfState, ...]:
        """OSPF's neighbours."""
        return self.around.ospf

    @property
    def ldp(self) -> tuple[LdpState, ...]:
        """LDP's sessions."""
        return self.around.ldp

    def optical(self) -> list[Port]:
        """The ports with an optical module, in order."""
        ports = [port for port in self.element.chassis.ports if port.optic]
        return sorted(ports, key=lambda port: kinds.rank(port.name))

    def when(self, time: float) -> str:
        """`2026-11-22 21:00:05+07:00`: local time, with its offset where a time zone is set."""
        words = value(self.tree, "clock timezone").split()
        if not words:
            return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M:%S}"
        sign = "+" if words[1] == "add" else "-"
        hours, minutes, *_ = (int(part) for part in f"{words[2]}:0".split(":"))
        offset = timedelta(hours=hours, minutes=minutes) * (1 if sign == "+" else -1)
        at = datetime.fromtimestamp(time, UTC) + offset
        return f"{at:%Y-%m-%d %H:%M:%S}{sign}{hours:02d}:{minutes:02d}"


def dashed(mac: str) -> str:
    """`0200-0012-34ab` of twelve hexadecimal digits."""
    return "-".join(mac[i : i + 4] for i in (0, 4, 8))


def span(seconds: float) -> str:
    """`161 days, 0 hour, 20 minutes`."""
    minutes = int(max(seconds, 0)) // 60
    counts = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
    return ", ".join(f"{count} {name}{'s' if count > 1 else ''}" for count, name in counts)


def weeks(seconds: float) -> str:
    """`1 week, 2 days, 15 hours, 16 minutes`, as VRP5 writes it."""
    days = int(max(seconds, 0)) // 86400
    rest = span(seconds - days * 86400).partition(", ")[2]
    parts = ((days // 7, "week"), (days % 7, "day"))
    return ", ".join(f"{count} {name}{'s' if count > 1 else ''}" for count, name in parts) + (
        f", {rest}"
    )


def lasted(seconds: float) -> str:
    """`00:04:12`, or `626h43m` from a day on: as `display bgp peer` writes it."""
    whole = int(max(seconds, 0))
    hours, minutes = whole // 3600, whole // 60 % 60
    if hours >= 24:  # noqa: PLR2004
        return f"{hours}h{minutes:02d}m"
    return f"{hours:02d}:{minutes:02d}:{whole % 60:02d}"


def text(rows: Sequence[str]) -> str:
    """Rows as one answer."""
    return "".join(f"{row}\n" for row in rows)
