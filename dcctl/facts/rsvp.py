"""RSVP-TE label-switched paths, as the device that is their head or carries them lists them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RsvpPath:
    """One path; `role` is ingress, transit or egress, `state` lower case: up, down ..."""

    name: str
    destination: str
    state: str
    role: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RsvpPaths:
    """All paths, and the neighbours that RSVP speaks with."""

    items: tuple[RsvpPath, ...]
    neighbors: tuple[str, ...] = ()


FACT = RsvpPaths
