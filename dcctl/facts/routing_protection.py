"""Whether routing protocols believe anybody, as the configuration has it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingSession:
    """An interface that looks for neighbours, or a neighbour that is named.

    `authenticated` means by a digest or TCP-AO: a password in clear is none. None: not understood.
    """

    protocol: str  # isis, ospf, bgp ...
    name: str  # the interface, or the neighbour's address
    authenticated: bool | None = None
    external: bool = False  # a BGP neighbour of another AS
    limited: bool = False  # how many prefixes it may send
    filtered: bool = False  # what comes in and what goes out


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingProtection:
    """All of them; none: it speaks no routing protocol."""

    items: tuple[RoutingSession, ...]


FACT = RoutingProtection
