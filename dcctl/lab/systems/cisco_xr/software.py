"""What IOS XR (64 bit, "eXR") keeps of its software, and what it boots.

Drawn from the system setup guides of the NCS 5500. What was activated and not committed lasts until
the next reload, whatever causes it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

from dcctl.lab.elements.model import Chassis, Element, Note
from dcctl.lab.elements.software import (
    Label,
    Outcome,
    Software,
    Store,
    placed,
    settled,
)

PLATFORM = "cisco_xr"
RELEASE = "7.5.2"
DISK = "harddisk:"
UNIT = "NPU 0: initialisation failed"
_HOMES = MappingProxyType(
    {
        "harddisk:": (DISK, ""),
        "harddisk": (DISK, ""),
        "misc/disk1": (DISK, ""),
        "disk0:": ("disk0:", ""),
        "disk0": ("disk0:", ""),
    }
)
_NEW_RELEASE_S = 420.0
_FPGA = "IOFPGA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What was added to the repository, by which operation."""

    label: Label
    name: str  # without its ending
    operation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One operation in the install log."""

    number: int
    what: str  # the command
    user: str
    since: float
    until: float = 0.0
    result: str = ""  # finished successfully | aborted; empty: it runs, or was cut off
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """The repository and which release is active and committed."""

    committed: Label
    active: Label
    packages: tuple[Package, ...] = ()
    log: tuple[Logged, ...] = ()
    switching: bool = False  # the next boot is the activation's own
    programmed: str = ""  # the FPGA's version from the next reload on


def wanted_fpga(release: str) -> str:
    """The FPGA's version that goes with a release."""
    major, minor = [*release.split("."), "0"][:2]
    return f"1.{int(major) * 10 + int(minor) - 56}"


def furnish(chassis: Chassis) -> tuple[tuple[Store, ...], Software]:
    """A new element: its disks, and one committed release."""
    label = Label(platform=PLATFORM, release=chassis.release or RELEASE)
    disks = (
        Store(name=DISK, size=5814710272, used=916480),
        Store(name="disk0:", size=2016899072, used=78512128),
    )
    software = Software(
        release=label.release,
        label=label,
        committed=label.release,
        firmware=MappingProxyType({"BIOS": "1.19", _FPGA: wanted_fpga(label.release)}),
        state=Installed(committed=label, active=label),
    )
    return disks, software


def installed(element: Element) -> Installed:
    """The element's repository."""
    state = element.software.state
    if isinstance(state, Installed):
        return state
    label = Label(platform=PLATFORM, release=element.software.release or RELEASE)
    return Installed(committed=label, active=label)


def changed(element: Element, **changes: object) -> Element:
    """With another state of the repository."""
    state = replace(installed(element), **changes)  # type: ignore[arg-type] # names are checked by the tests
    return settled(element, state=state, committed=state.committed.boots)


def place(element: Element, path: str) -> tuple[Store, str] | None:
    """Where a path lies."""
    return placed(element, path, _HOMES, "harddisk:")


def transfers(element: Element) -> frozenset[str]:
    """SCP and SFTP come with the SSH server."""
    served = "ssh server v2" in element.running
    return frozenset({"scp", "sftp"}) if served else frozenset()


def boot(element: Element, _now: float, troubles: frozenset[str]) -> Outcome:
    """The active release after its activation, the committed one after all else.

    A release that does not come up is left for the committed one.
    """
    state, before = installed(element), element.software.release
    label = state.active if state.switching else state.committed
    tried, seconds = label.boots, 0.0
    wrong = set(label.flags) | (set(troubles) if label.boots != before else set())
    if label is not state.committed and "boot_loop" in wrong:
        label, wrong, seconds = state.committed, set(), 2 * _NEW_RELEASE_S
    other = label.boots != before
    firmware = dict(element.software.firmware)
    firmware[_FPGA] = state.programmed or firmware.get(_FPGA, wanted_fpga(label.boots))
    fresh = changed(element, active=label, switching=False, programmed="", log=_cut(element))
    fresh = settled(
        fresh,
        release=label.boots,
        label=label,
        firmware=MappingProxyType(firmware),
        alarms=(UNIT,) if "unit_fails" in wrong else (),
    )
    notes = (Note(kind="release", text="boots", subject=label.boots),) if other else ()
    return Outcome(
        element=fresh,
        notes=notes,
        tried=tried,
        seconds=seconds or (_NEW_RELEASE_S if other else 0.0),
    )


def _cut(element: Element) -> tuple[Logged, ...]:
    """What ran when power was lost never ended well."""
    return tuple(
        one if one.result else replace(one, result="aborted") for one in installed(element).log
    )
