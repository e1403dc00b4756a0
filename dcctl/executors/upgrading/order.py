"""What the plan says is to be done to one element, typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dcctl.model import plain
from dcctl.model.target import Target
from dcctl.model.upgrade import Image, Waiver

if TYPE_CHECKING:
    from dcctl.model.plan import Step

SELDOM = 6  # times `pause_s`: the longest pause while one waits for minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """What one site keeps while the element is down: hosts in order, and the links between them.

    A link is {id, a: {host, interface}, b: {host, interface}, protocols, unseen}; `unseen`: no
    driver of ours reaches either end, so that nobody can be asked whether it is up.
    """

    site: str
    path: tuple[str, ...]
    links: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The settings of an upgrade step. Times are in seconds."""

    image: Image
    running: str  # the release that it was seen to run when the plan was made
    previous: Image | None = None  # the image of that release, where images.yml has it
    drain: bool = True
    residue_bps: int = 1_000_000  # a port with less than this carries no traffic of others
    drain_s: int = 3600  # until traffic must have moved
    net_s: int = 1800  # how long the safety net holds
    settle_s: int = 600  # until the gates must pass
    soak_s: int = 300
    pause_s: float = 5.0  # between two looks
    keeps: tuple[Path, ...] = ()
    kept: tuple[Target, ...] = ()  # the elements of those paths, as they are reached
    gates: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # topic -> parameters
    waivers: tuple[Waiver, ...] = ()
    expected_s: int = 0  # how long it is expected to take
    choice: str = ""  # resume: continue | revert; empty: what the element shows decides


def order_of(step: Step) -> Order:
    """The order that an upgrade step holds."""
    return plain.from_plain(Order, step.settings["order"])
