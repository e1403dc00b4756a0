"""What a command that shows something looks at; systems add how they see their own interfaces."""

from __future__ import annotations

from dataclasses import dataclass

from dcctl.lab.elements.fabric import spread
from dcctl.lab.elements.model import Element, PortState, Reply, Surroundings, Terminal
from dcctl.lab.elements.tree import Tree

_DARK = PortState()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One command at one moment."""

    element: Element
    terminal: Terminal
    around: Surroundings
    arguments: tuple[str, ...] = ()
    line: str = ""

    @property
    def tree(self) -> Tree:
        """What runs."""
        return self.element.running

    def reply(self, text: str) -> Reply:
        """An answer that changes nothing."""
        return Reply(text=text, element=self.element, terminal=self.terminal)

    def port(self, name: str) -> PortState:
        """What a physical port sees, or that of a subinterface."""
        return self.around.ports.get(name.partition(".")[0], _DARK)

    def counted(self, name: str) -> int:
        """Packets since the port came up."""
        port = self.port(name)
        lasted = self.around.now - max(port.since, self.element.booted) if port.up else 0.0
        return int(max(0.0, lasted) * spread(f"{self.element.chassis.name} {name} rate", 40, 900))

    def mac(self, name: str) -> str:
        """Twelve hexadecimal digits: the port's own, or the first port's for what has none."""
        ports = self.element.chassis.ports
        base = name.partition(".")[0]
        return next((p.mac for p in ports if p.name == base), ports[0].mac if ports else "0" * 12)


def dotted(mac: str) -> str:
    """`0200.1234.5678`."""
    return f"{mac[:4]}.{mac[4:8]}.{mac[8:]}"
