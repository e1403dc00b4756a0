"""What drains of several operating systems have in common: what is spoken, and with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dcctl.model.target import Target

# The route policy that a drain makes and an undrain takes away; nobody else's has this name.
POLICY = "DCCTL-DRAIN"
GSHUT = "65535:0"  # RFC 8326


def spoken(target: Target) -> frozenset[str]:
    """The protocols of the target's links."""
    return frozenset(word for port in target.interfaces if port.link for word in port.protocols)


def asn(target: Target) -> int | None:
    """Its own number; None where it speaks no BGP."""
    routing = target.intent.get("routing") or {}
    number = routing.get("asn")
    return int(number) if number and routing.get("bgp_neighbors") else None


def peers(target: Target, *, external: bool | None = None) -> tuple[str, ...]:
    """Addresses of its BGP neighbours: all, or only those of other (or of its own) number."""
    own = asn(target)
    if own is None:
        return ()
    neighbors = target.intent["routing"]["bgp_neighbors"]
    return tuple(
        str(one["address"])
        for one in neighbors
        if external is None or (int(one["asn"]) != own) is external
    )


def areas(target: Target) -> tuple[str, ...]:
    """OSPF areas that it is in."""
    ports = (port for port in target.interfaces if port.link and "ospf" in port.protocols)
    return tuple(dict.fromkeys(port.area for port in ports))
