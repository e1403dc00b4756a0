"""What EOS keeps of its software, and what it boots: a file `boot-config` on flash names the image.

Drawn from the EOS User Manual (4.28): "Upgrades and Downgrades", "Aboot Shell". There is no second
image to fall back to: Aboot halts where the one that `boot-config` names is missing or broken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

from dcctl.lab.elements import images
from dcctl.lab.elements.model import Chassis, Element, Note
from dcctl.lab.elements.power import POWER
from dcctl.lab.elements.software import (
    File,
    Label,
    Outcome,
    Software,
    Store,
    placed,
    settled,
    with_file,
)

PLATFORM = "arista_eos"
RELEASE = "4.28.9M"
FLASH = "flash:"
BOOT_CONFIG = "boot-config"
PEER = "standby"  # the other supervisor, of a chassis that has two
BY_USER = "Reload requested by the user."
BY_POWER = "The system rebooted due to a Power Loss"
UNIT = "Linecard agent: Module 3 failed to initialize"
_SIZE, _USED = 3959422976, 41181184
_IMAGE_BYTES = 64 << 10
_NEW_RELEASE_S = 300.0
_HOMES = MappingProxyType(
    {
        "flash:": (FLASH, ""),
        "mnt/flash": (FLASH, ""),
        "file:/mnt/flash": (FLASH, ""),
        "supervisor-peer:/mnt/flash": (FLASH, PEER),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the operation that ended last has to tell, and how many there were."""

    said: str = ""
    operations: int = 0
    asks: bool = False  # whether it may reload


@cache
def _image(release: str) -> bytes:
    return images.image(PLATFORM, release, size=_IMAGE_BYTES)


def furnish(chassis: Chassis) -> tuple[tuple[Store, ...], Software]:
    """A new element: its image and its boot-config on flash."""
    release = chassis.release or RELEASE
    image = images.file(f"EOS-{release}.swi", _image(release))
    config = boot_config(f"flash:/{image.name}")
    files = MappingProxyType({image.name: image, BOOT_CONFIG: config})
    flash = Store(name=FLASH, size=_SIZE, used=_USED, files=files)
    both = (replace(flash, supervisor="active"), replace(flash, supervisor=PEER))
    software = Software(
        release=release, label=image.label, committed=release, reason=BY_USER, state=Told()
    )
    return (both if chassis.supervisors > 1 else (flash,)), software


def place(element: Element, path: str) -> tuple[Store, str] | None:
    """Where a path lies; of absolute ones only those on flash are played."""
    if path.startswith("/") and path.strip("/") and not path.startswith("/mnt/flash"):
        return None
    if ":" in path and not path.startswith(tuple(_HOMES)):
        return None
    return placed(element, path, _HOMES, FLASH)


def transfers(element: Element) -> frozenset[str]:
    """SCP and SFTP, for users whose login is authorised."""
    privileged = any(one.startswith("aaa authorization exec default") for one in element.running)
    return frozenset({"scp", "sftp"}) if privileged else frozenset()


def found(element: Element, path: str) -> File | None:
    """The file that a path means."""
    at = place(element, path)
    return at[0].files.get(at[1]) if at else None


# --- boot-config ----------------------------------------------------------------------------------


def boot_config(image: str, time: float = 0.0) -> File:
    """The file `boot-config` that names this image."""
    return images.file(BOOT_CONFIG, f"SWI={image}\n".encode(), time)


def boots(element: Element) -> str:
    """The image that `boot-config` names, `flash:/EOS-4.28.9M.swi`, or nothing."""
    file = found(element, BOOT_CONFIG)
    lines = file.content.decode("utf-8", "replace").splitlines() if file else []
    return next((line.removeprefix("SWI=") for line in lines if line.startswith("SWI=")), "")


def set_to_boot(element: Element, path: str, now: float, supervisor: str = "") -> Element:
    """With a `boot-config` that names this image; what runs stays."""
    name = path.removeprefix(FLASH).strip("/")
    for store in element.stores:
        if supervisor in ("", store.supervisor):
            element = with_file(element, store, boot_config(f"flash:/{name}", now))
    file = found(element, f"{FLASH}{name}")
    label = file.label if file else None
    return settled(element, committed=label.boots if label else "")


def flaw(file: File | None) -> str:
    """What keeps a file from being an image of this switch, or nothing."""
    if file is None:
        return "No such file or directory"
    if file.label is None or file.label.platform != PLATFORM or not file.whole:
        return "not a valid software image"
    if "bad_signature" in file.label.flags:
        return "signature verification failed"
    return ""


# --- booting --------------------------------------------------------------------------------------


def boot(element: Element, _now: float, troubles: frozenset[str]) -> Outcome:
    """The image of `boot-config` runs; where it can't, Aboot halts and nothing else is tried."""
    before = element.software.release
    file = found(element, boots(element))
    reason = BY_POWER if element.software.reason == POWER else BY_USER
    label: Label | None = file.label if file else None
    if label is None or flaw(file):
        return Outcome(element=settled(element, reason=reason), comes_up=False)
    other = label.boots != before
    wrong = set(label.flags) | (set(troubles) if other else set())
    if "boot_loop" in wrong:
        return Outcome(element=settled(element, reason=reason), tried=label.boots, comes_up=False)
    fresh = settled(
        element,
        release=label.boots,
        label=label,
        committed=label.boots,
        reason=reason,
        alarms=(UNIT,) if "unit_fails" in wrong else (),
    )
    notes = (Note(kind="release", text="boots", subject=label.boots),) if other else ()
    seconds = _NEW_RELEASE_S if other else 0.0
    return Outcome(element=fresh, notes=notes, tried=label.boots, seconds=seconds)
