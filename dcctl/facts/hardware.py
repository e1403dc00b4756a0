"""Modules of a chassis: what is in which slot, and whether it is well."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One part.

    `kind` is chassis, supervisor, linecard, fabric, power, fan, port_module or other; `state` is
    the device's own word in lower case, `ok` what it means.
    """

    name: str  # slot or place, as the device names it
    kind: str
    ok: bool
    state: str
    model: str = ""
    serial: str = ""
    revision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """All modules."""

    items: tuple[Module, ...]


FACT = Hardware
