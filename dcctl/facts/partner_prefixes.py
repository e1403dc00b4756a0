"""Which prefixes come from and go to BGP neighbours of another AS, by the filters they meet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerFilter:
    """One direction of one neighbour. `prefixes` are permitted, `10.0.0.0/8 le 24`.

    None: what filters there can't be followed to prefixes.
    """

    neighbor: str
    direction: str  # in | out
    filtered: bool  # False: everything passes
    prefixes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerPrefixes:
    """All of them; none: no neighbour is of another AS."""

    items: tuple[PartnerFilter, ...]


FACT = PartnerPrefixes
