"""Simulated operating systems, one file or folder each; the folder is scanned."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from dcctl import discovery

if TYPE_CHECKING:
    from dcctl.lab.elements.model import System


@cache
def all_systems() -> dict[str, System]:
    """Every simulated system by the name of the platform that it plays."""
    # Here, because the elements' package is made of what the systems need and of what needs the systems.
    from dcctl.lab.elements.model import System

    found = discovery.scan("dcctl.lab.systems", "SYSTEM", System)
    return {system.name: system for system in found.values()}
