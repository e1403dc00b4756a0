"""What a `show` function looks at, and how IOS XE writes times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from dcctl.lab.elements import scene
from dcctl.lab.elements.tree import Tree, value
from dcctl.lab.systems.cisco_xe import kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene(scene.Scene):
    """One command at one moment."""

    @property
    def hostname(self) -> str:
        """The configured name."""
        return value(self.tree, "hostname", "Router")

    def interfaces(self) -> list[tuple[str, Tree]]:
        """Every interface with its section, in order."""
        found = [
            (label.partition(" ")[2], below)
            for label, below in self.tree.items()
            if label.startswith("interface ")
        ]
        return sorted(found, key=lambda one: kinds.rank(one[0]))

    def state(self, name: str, section: Tree) -> tuple[bool, bool]:
        """(administratively up, line protocol up)."""
        enabled = "shutdown" not in section
        if kinds.kind_of(name) == "Loopback":
            return enabled, enabled
        if kinds.kind_of(name) == "Port-channel":
            members = self.members(name.partition(".")[0])
            return enabled, enabled and any(self.state(*one)[1] for one in members)
        return enabled, enabled and self.port(name).up

    def members(self, bundle: str) -> list[tuple[str, Tree]]:
        """The interfaces of a port channel, with their sections."""
        number = bundle.removeprefix("Port-channel")
        return [
            one
            for one in self.interfaces()
            if value(one[1], "channel-group").split(" ")[0] == number
        ]


def moment(time: float) -> str:
    """`12:00:05 UTC Sun Nov 22 2026`."""
    at = datetime.fromtimestamp(time, UTC)
    return f"{at:%H:%M:%S} UTC {at:%a %b} {at.day} {at.year}"
