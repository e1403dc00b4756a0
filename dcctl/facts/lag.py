"""Link aggregation groups and the links in them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LagMember:
    """One link of a group; `active` says whether it carries traffic."""

    interface: str
    active: bool
    state: str = ""  # the device's own word or flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """One group; `protocol` is lacp, pagp or static."""

    name: str
    up: bool
    members: tuple[LagMember, ...] = ()
    protocol: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lags:
    """All groups."""

    items: tuple[Lag, ...]


FACT = Lags
