"""Supervisors (route processors, routing engines, MPUs) and whether the standby could take over."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervisor:
    """One supervisor; `role` is active, standby or empty, `state` the device's own word."""

    name: str
    role: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Redundancy:
    """All supervisors.

    `ready` says whether a switchover would keep forwarding; None where there is one supervisor.
    """

    items: tuple[Supervisor, ...]
    ready: bool | None = None
    mode: str = ""  # sso, nsr, rpr, simplex ... as the device says, lower case


FACT = Redundancy
