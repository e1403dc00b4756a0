"""What configurations of several vendors ask for in the same words."""

from __future__ import annotations

from collections.abc import Mapping

from dcctl.lab.elements.model import PortIntent

_LEVELS = {"level-1": frozenset({1}), "level-2": frozenset({2}), "level-2-only": frozenset({2})}
_SELECTED = 4  # labels of a NET behind its area: three of the system id, and the selector


def area_and_system(net: str) -> tuple[str, str]:
    """(area, system id) of a NET, `49.0001.0100.0000.0001.00`."""
    labels = net.split(".")
    system = ".".join(labels[-_SELECTED:-1]) if len(labels) > _SELECTED else ""
    return ".".join(labels[:-_SELECTED]), system


def circuit_levels(circuit: str) -> frozenset[int]:
    """The IS-IS levels of a circuit or an instance: both unless its word says less."""
    return _LEVELS.get(circuit, frozenset({1, 2}))


def first_address(ports: Mapping[str, PortIntent], name: str) -> str:
    """The first address of an interface, without its length."""
    port = ports.get(name)
    return port.addresses[0].partition("/")[0] if port and port.addresses else ""
