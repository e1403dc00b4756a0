"""What SR OS keeps of its software on each control processor, and what it boots.

Drawn from Nokia's basic system configuration guides: the boot loader on cf3: reads the boot options
file, and takes the first of its image locations that holds an image that loads. An image that loads
and then crashes is no reason for it to try another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import cast

from dcctl.lab.elements import images
from dcctl.lab.elements.model import Chassis, Element, Note
from dcctl.lab.elements.software import (
    File,
    Label,
    Outcome,
    Software,
    Store,
    placed,
    settled,
    store_of,
    with_store,
)
from dcctl.lab.elements.tree import value
from dcctl.lab.systems.nokia_sros.intent import at
from dcctl.lab.systems.nokia_sros.scene import RELEASE

PLATFORM = "nokia_sros"
UNIT = "Class IO Module : wrong type inserted or failed, card 1"
PLACES = ("primary", "secondary", "tertiary")
LOADER = "boot.ldr"
_IMAGE_B = 65536
_NEW_RELEASE_S = 300.0
_MAJORS = 2  # that a boot loader may be older than the image


@dataclass(frozen=True, slots=True, kw_only=True)
class Processor:
    """One control processor: what it runs, from where, and the boot options on its card."""

    label: Label
    source: str = "primary"
    saved: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """The control processors, A first. `memory` are the boot options as they were committed."""

    processors: tuple[Processor, ...]
    memory: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    active: int = 0
    boot_synced: float = 0.0
    config_synced: float = 0.0
    operations: int = 0
    said: str = ""


def dual(chassis: Chassis) -> bool:
    """Whether this chassis holds two control processors."""
    upper = chassis.model.upper()
    return "SR-1" not in upper or "SR-12" in upper


@cache
def _factory_files(release: str) -> Mapping[str, File]:
    image = images.image(PLATFORM, release, size=_IMAGE_B)
    loader = images.image(PLATFORM, release, size=2048, role="bootloader")
    found = (images.file(f"images/{release}/both.tim", image), images.file(LOADER, loader))
    return MappingProxyType({one.name: one for one in found})


def furnish(chassis: Chassis) -> tuple[tuple[Store, ...], Software]:
    """A new element: its image in a folder, its boot loader at the root of each cf3:."""
    release = chassis.release or RELEASE
    label = Label(platform=PLATFORM, release=release)
    count = 2 if dual(chassis) else 1
    stores = tuple(
        Store(
            name=("cf3:", "cf3-b:")[number],
            supervisor="AB"[number],
            size=4 << 30,
            used=1 << 30,
            files=_factory_files(release),
        )
        for number in range(count)
    )
    options = MappingProxyType(
        {
            "configuration primary-location": "cf3:\\config.cfg",
            "image primary-location": f"cf3:\\images\\{release}\\",
        }
    )
    state = Installed(processors=(Processor(label=label, saved=options),) * count, memory=options)
    return stores, Software(
        release=release,
        label=label,
        committed=release,
        state=state,
        firmware=MappingProxyType({LOADER: release}),
    )


def installed(element: Element) -> Installed:
    """What the control processors hold."""
    state = element.software.state
    if not isinstance(state, Installed):
        state = furnish(element.chassis)[1].state
    return cast("Installed", state)


def plain(path: str) -> str:
    """A path with slashes as everywhere else."""
    return path.replace("\\", "/")


def shown(path: str) -> str:
    """A path as SR OS writes it."""
    return path.replace("/", "\\")


def place(element: Element, path: str) -> tuple[Store, str] | None:
    """Where a path lies; `cf3:` is the active control processor's."""
    state = installed(element)
    own = element.stores[state.active].name
    homes = {
        start: (name, "")
        for drive, name in (
            ("cf3:", own),
            ("cf3-a:", element.stores[0].name),
            *((("cf3-b:", element.stores[1].name),) if len(element.stores) > 1 else ()),
        )
        for start in (f"{drive}/", drive)
    }
    there = plain(path).lstrip("/")
    if ":" in there and f"{there.partition(':')[0]}:" not in homes:
        return None
    return placed(element, there, homes, "cf3:")


def transfers(element: Element) -> frozenset[str]:
    """SCP and SFTP with the SSH server."""
    ssh = at(element.running, "configure", "system", "security", "ssh")
    on = value(ssh, "server-admin-state", "enable") == "enable"
    return frozenset({"scp", "sftp"}) if on else frozenset()


# --- booting --------------------------------------------------------------------------------------


def _major(release: str) -> int:
    found = re.match(r"\d+", release)
    return int(found.group()) if found else 0


def folder(location: str) -> str:
    """The folder on a card that an image location names, without slashes around it."""
    return plain(location).partition(":")[2].strip("/")


def image_in(store: Store, location: str) -> File | None:
    """The image at a location, where it loads."""
    inside = folder(location)
    for name, file in sorted(store.files.items()):
        if name.rpartition("/")[0] != inside or not name.endswith(".tim"):
            continue
        good = file.whole and file.label is not None and file.label.platform == PLATFORM
        if (
            good
            and file.label
            and file.label.role == "system"
            and "bad_signature" not in file.label.flags
        ):
            return file
    return None


def candidates(
    element: Element, number: int, options: Mapping[str, str]
) -> Iterator[tuple[str, Label]]:
    """(place, image) of what a control processor can load, in order."""
    store = store_of(element, element.stores[number].name)
    loader = store.files.get(LOADER) if store else None
    if store is None or loader is None or loader.label is None or not loader.whole:
        return
    for name in PLACES:
        location = options.get(f"image {name}-location")
        file = image_in(store, location) if location else None
        if file is None or file.label is None:
            continue
        if _major(file.label.boots) - _major(loader.label.boots) <= _MAJORS:
            yield name, file.label


def committed(element: Element) -> str:
    """The release that the next boot leads to."""
    state = installed(element)
    options = state.processors[state.active].saved
    found = next(candidates(element, state.active, options), None)
    return found[1].boots if found else ""


def boot(element: Element, _now: float, troubles: frozenset[str]) -> Outcome:
    """Each control processor loads its image; the first that comes up is active."""
    state, before = installed(element), element.software.release
    processors, up, tried = list(state.processors), [], ""
    for number, one in enumerate(state.processors):
        if number and "standby_missing" in troubles:
            continue
        found = next(candidates(element, number, one.saved), None)
        if found is None:
            continue
        source, label = found
        tried = tried or label.boots
        other = label.boots != before
        if "boot_loop" in label.flags or (other and "boot_loop" in troubles):
            continue
        processors[number] = replace(one, label=label, source=source)
        up.append(number)
    if not up:
        return Outcome(element=element, tried=tried, comes_up=False)
    fresh = replace(
        state, processors=tuple(processors), active=up[0], memory=processors[up[0]].saved
    )
    return _running(settled(element, state=fresh), tried, troubles)


def _running(element: Element, tried: str, troubles: frozenset[str]) -> Outcome:
    state, before = installed(element), element.software.release
    label = state.processors[state.active].label
    other = label.boots != before
    fails = "unit_fails" in label.flags or (other and "unit_fails" in troubles)
    loader = element.stores[state.active].files[LOADER].label
    fresh = settled(
        element,
        release=label.boots,
        label=label,
        committed=label.boots,
        alarms=(UNIT,) if fails else () if other else element.software.alarms,
        firmware=MappingProxyType({LOADER: loader.boots if loader else ""}),
    )
    notes = (Note(kind="release", text="boots", subject=label.boots),) if other else ()
    return Outcome(
        element=fresh, notes=notes, tried=tried, seconds=_NEW_RELEASE_S if other else 0.0
    )


# --- the standby ----------------------------------------------------------------------------------


def synchronised(element: Element, now: float, *, boot_env: bool) -> Element:
    """The standby's card brought in line with the active one's."""
    state = installed(element)
    if not boot_env:
        return settled(element, state=replace(state, config_synced=now))
    other = 1 - state.active
    own, there = element.stores[state.active], element.stores[other]
    options = state.processors[state.active].saved
    folders = {folder(options[key]) for key in options if key.startswith("image ")}
    for name, file in own.files.items():
        if name == LOADER or name.rpartition("/")[0] in folders:
            there = there.holding(file)
    processors = list(state.processors)
    processors[other] = replace(processors[other], saved=options)
    fresh = replace(state, processors=tuple(processors), boot_synced=now, config_synced=now)
    return settled(with_store(element, there), state=fresh)
