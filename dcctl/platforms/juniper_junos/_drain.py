"""Traffic led round a Junos router, and back.

Source: Juniper, "overload (Protocols IS-IS)", "overload (Protocols OSPF)", "graceful-shutdown
(Protocols BGP)": the sender tags its routes with GSHUT and gives them the preference named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.platforms._draining import asn, spoken

if TYPE_CHECKING:
    from dcctl.model.target import Target


def drain(target: Target) -> tuple[str, ...]:
    """IS-IS and OSPF overload, BGP graceful shutdown."""
    value = {"bgp graceful-shutdown": " sender local-preference 0"}
    return tuple(f"set protocols {knob}{value.get(knob, '')}" for knob in _knobs(target))


def undrain(target: Target) -> tuple[str, ...]:
    """All of it taken away."""
    return tuple(f"delete protocols {knob}" for knob in _knobs(target))


def _knobs(target: Target) -> list[str]:
    knobs = [f"{word} overload" for word in ("isis", "ospf") if word in spoken(target)]
    return [*knobs, "bgp graceful-shutdown"] if asn(target) else knobs
