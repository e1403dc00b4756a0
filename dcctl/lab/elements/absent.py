"""Neighbours that the lab does not play: they behave as designed, and nobody can log in to them.

A core router has links to more routers than a small lab plays. Without their far ends its
adjacencies would be missing
for a reason that has nothing to do with it.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dcctl.lab.elements.model import BgpIntent, Intent, PortIntent
from dcctl.model.target import Target

_LOOPBACK = "loopback"
_AREA = "0.0.0.0"  # noqa: S104 - OSPF's backbone, no address


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """One neighbour that is not played, and how it would be configured."""

    name: str
    intent: Intent


def absent_from(played: Sequence[Target]) -> tuple[Absent, ...]:
    """Everybody that `played` name as neighbours and that is not among them."""
    names = {target.name for target in played}
    ports: dict[str, dict[str, PortIntent]] = defaultdict(dict)
    sessions: dict[str, list[BgpIntent]] = defaultdict(list)
    numbers: dict[str, tuple[str, int]] = {}
    for target in played:
        for port in target.interfaces:
            if port.peer and port.peer_interface and port.peer not in names:
                ports[port.peer][port.peer_interface] = PortIntent(
                    addresses=(port.peer_address,) if port.peer_address else (),
                    isis="isis" in port.protocols,
                    bfd="bfd" in port.protocols,
                    ospf=_AREA if "ospf" in port.protocols else "",
                    ldp="ldp" in port.protocols,
                    description=f"to {target.name} {port.name}",
                )
        for neighbor in _neighbors(target):
            name = str(neighbor["name"])
            if name not in names:
                numbers[name] = (str(neighbor["address"]), int(neighbor["asn"]))
                sessions[name] += _back(target)
    return tuple(
        Absent(name=name, intent=_intent(name, ports[name], sessions[name], numbers.get(name)))
        for name in sorted({*ports, *sessions})
    )


def _neighbors(target: Target) -> Iterable[Mapping[str, Any]]:
    routing = target.intent.get("routing") or {}
    found = routing.get("bgp_neighbors") or ()
    return [one for one in found if isinstance(one, dict) and one.get("address") and one.get("asn")]


def _back(target: Target) -> list[BgpIntent]:
    address = str(target.intent.get("loopback") or "").partition("/")[0]
    asn = (target.intent.get("routing") or {}).get("asn")
    return [BgpIntent(address=address, remote_as=int(asn))] if address and asn else []


def _intent(
    name: str,
    ports: Mapping[str, PortIntent],
    sessions: Sequence[BgpIntent],
    number: tuple[str, int] | None,
) -> Intent:
    address, asn = number or ("", 0)
    own = PortIntent(addresses=(f"{address}/32",), isis=True, ospf=_AREA)
    loopback = {_LOOPBACK: own} if address else {}
    digits = f"{zlib.crc32(name.encode()):012d}"
    return Intent(
        hostname=name,
        ports={**ports, **loopback},
        area="49.0001",
        system_id=".".join(digits[i : i + 4] for i in (0, 4, 8)),
        asn=asn,
        router_id=address,
        bgp=tuple(sessions),
        lldp=True,
    )
