"""IS-IS adjacencies (ISO/IEC 10589)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class IsisAdjacency:
    """One adjacency; `state` is lower case: up, init, down. `level` is 1, 2 or 12."""

    interface: str
    neighbor: str
    state: str
    level: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IsisAdjacencies:
    """All adjacencies."""

    items: tuple[IsisAdjacency, ...]


FACT = IsisAdjacencies
