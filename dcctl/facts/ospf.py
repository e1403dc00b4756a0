"""OSPF neighbours (RFC 2328)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OspfNeighbor:
    """One neighbour; `state` is lower case without the role: full, 2way, init, down ..."""

    interface: str
    neighbor: str  # router id
    state: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OspfNeighbors:
    """All neighbours."""

    items: tuple[OspfNeighbor, ...]


FACT = OspfNeighbors
