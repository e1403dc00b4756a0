"""Traffic led round an EOS switch, and back.

EOS's maintenance mode does more than is wanted (it may shut ports); a policy makes what is
announced the last resort.
Source: Arista, EOS User Manual: "set-overload-bit", "max-metric router-lsa", "neighbor route-map".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.platforms._draining import announced, asn, interior, led_back, led_round
from dcctl.platforms._hierarchy import Entry
from dcctl.platforms.arista_eos._change import DIALECT

if TYPE_CHECKING:
    from dcctl.model.target import Target


def drain(target: Target) -> tuple[str, ...]:
    """IS-IS overload, OSPF maximum metric, BGP routes of the lowest preference and GSHUT."""
    return led_round(target, _sections, DIALECT)


def undrain(target: Target) -> tuple[str, ...]:
    """All of it taken away."""
    return led_back(target, _sections, DIALECT)


def _sections(target: Target, no: str) -> list[Entry]:
    sections = interior(target, no)
    if asn(target):
        sections.append(Entry(f"router bgp {asn(target)}", announced(target, no)))
    return sections
