"""The ports that an estate declares a host to offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dcctl.checks._judging import setting
from dcctl.model.target import Target


@dataclass(frozen=True, slots=True)
class Declared:
    """Ports with their protocols; an empty protocol is any."""

    ports: frozenset[tuple[int, str]]

    def __contains__(self, port: tuple[int, str]) -> bool:
        """Whether a port of a protocol is one of them."""
        return not self.ports.isdisjoint({port, (port[0], "")})

    def shown(self) -> list[str]:
        """As findings tell them."""
        return [
            f"{port}/{protocol}" if protocol else str(port) for port, protocol in sorted(self.ports)
        ]


def declared(target: Target, parameters: Mapping[str, Any]) -> Declared:
    """What the estate says of `target`, and what a check always allows."""
    said = (*setting(target, "services.listening"), *parameters["always"])
    return Declared(frozenset(map(_port, said)))


def _port(item: Any) -> tuple[int, str]:
    """`22`, `514/udp` or `{port: 22, protocol: tcp}`."""
    if isinstance(item, Mapping):
        return int(item["port"]), str(item.get("protocol", ""))
    port, _, protocol = str(item).partition("/")
    return int(port), protocol
