"""What IOS XE keeps of its software in install mode, and what it boots.

Drawn from the ASR 1000, Catalyst 8000V and 8500 configuration guides ("Install Mode") and recorded
answers. An activation that was not commited is taken back by the auto abort timer, not by a reload.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType

from dcctl.lab.elements import images
from dcctl.lab.elements.model import Chassis, Element, Note
from dcctl.lab.elements.software import (
    Label,
    Outcome,
    Software,
    Store,
    placed,
    settled,
)

PLATFORM = "cisco_xe"
RELEASE = "17.9.4a"
FLASH = "bootflash:"
ABORT_MINUTES = 120
REMOVED_S = 10.0  # from a success message to the reload
_BUILDS = {"17.9.4a": "0.6"}
_NEW_RELEASE_S = 180.0
_HOMES = MappingProxyType(
    {
        "bootflash:": (FLASH, ""),
        "flash:": (FLASH, ""),
        "bootflash": (FLASH, ""),
        "flash": (FLASH, ""),
        "stby-bootflash:": ("stby-bootflash:", ""),
        "stby-bootflash": ("stby-bootflash:", ""),
    }
)
_CONF = b"#! /usr/binos/bin/packages_conf.sh\n"
UNIT = "Module 0/0 failed to boot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One image of the install repository. `state`: I, U, C or D, as `show install summary`."""

    label: Label
    state: str
    file: str = ""

    @property
    def version(self) -> str:
        """`17.12.04.0.5457`."""
        return f"{padded(self.label.boots)}.{build(self.label.boots)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """The install repository. `said` is what the operation that ended last has to tell."""

    packages: tuple[Package, ...] = ()
    operations: int = 0
    said: str = ""
    bundle: str = ""  # the file that runs, where it was booted past the repository


def padded(release: str) -> str:
    """`17.09.04a` of 17.9.4a."""
    parts = re.findall(r"(\d+)([a-z]*)", release)
    return ".".join([parts[0][0], *(f"{int(number):02d}{letter}" for number, letter in parts[1:])])


def build(release: str) -> str:
    """The build number behind a release."""
    return _BUILDS.get(release, f"0.{zlib.crc32(release.encode()) % 6000}")


def family(element: Element) -> str:
    """What images for this model are called after."""
    return "c8000aep" if element.chassis.model.startswith("C8") else "asr1000"


def furnish(chassis: Chassis) -> tuple[tuple[Store, ...], Software]:
    """A new element: its bootflash, and one committed image."""
    label = Label(platform=PLATFORM, release=chassis.release or RELEASE)
    conf = images.file("packages.conf", _CONF)
    flash = Store(
        name=FLASH, size=29820522496, used=3946319872, files=MappingProxyType({conf.name: conf})
    )
    stores = (
        (flash, replace(flash, name="stby-bootflash:")) if chassis.supervisors > 1 else (flash,)
    )
    state = Installed(packages=(Package(label=label, state="C"),))
    return stores, Software(
        release=label.release, label=label, committed=label.release, state=state
    )


def installed(element: Element) -> Installed:
    """The element's install repository."""
    state = element.software.state
    return state if isinstance(state, Installed) else Installed()


def with_packages(element: Element, packages: tuple[Package, ...], **more: object) -> Element:
    """With another content of the repository."""
    state = replace(installed(element), packages=packages, **more)  # type: ignore[arg-type]
    return settled(element, state=state, committed=_committed(packages))


def _committed(packages: tuple[Package, ...]) -> str:
    return next((one.label.boots for one in packages if one.state in "CD"), "")


def turned(packages: tuple[Package, ...], **states: str) -> tuple[Package, ...]:
    """Each package in the state that its present one turns into: U="C", D="I"."""
    return tuple(replace(one, state=states.get(one.state, one.state)) for one in packages)


def place(element: Element, path: str) -> tuple[Store, str] | None:
    """Where a path lies."""
    return placed(element, path, _HOMES, FLASH)


def transfers(element: Element) -> frozenset[str]:
    """IOS XE serves SCP where that is enabled, and never SFTP."""
    return frozenset({"scp"}) if "ip scp server enable" in element.running else frozenset()


# --- booting --------------------------------------------------------------------------------------


def _candidates(element: Element) -> Iterator[tuple[Label, str]]:
    """What it tries to boot, in order: `boot system` lines, then the repository."""
    repository = next(
        (one.label for one in sorted(_active(element), key=lambda one: "UC".index(one.state))), None
    )
    for line in element.running:
        if not line.startswith("boot system "):
            continue
        name = line.split(" ")[-1]
        if name.endswith("packages.conf"):
            if repository:
                yield repository, ""
            continue
        found = place(element, name)
        file = found[0].files.get(found[1]) if found else None
        if file and file.label and file.whole and file.label.platform == PLATFORM:
            yield file.label, name
    if repository:
        yield repository, ""


def _active(element: Element) -> list[Package]:
    return [one for one in installed(element).packages if one.state in "UC"]


def boot(element: Element, _now: float, troubles: frozenset[str]) -> Outcome:
    """The first release that comes up runs; where none does, it stays in ROMMON."""
    before = element.software.release
    tried = ""
    for label, bundle in _candidates(element):
        wrong = set(label.flags) | (set(troubles) if label.boots != before else set())
        tried = tried or label.boots
        if "boot_loop" in wrong:
            continue
        fresh = settled(
            element,
            release=label.boots,
            label=label,
            alarms=(UNIT,) if "unit_fails" in wrong else (),
            state=replace(installed(element), bundle=bundle),
        )
        other = label.boots != before
        notes = (Note(kind="release", text="boots", subject=label.boots),) if other else ()
        return Outcome(
            element=fresh, notes=notes, tried=tried, seconds=_NEW_RELEASE_S if other else 0.0
        )
    return Outcome(element=element, tried=tried, comes_up=False)
