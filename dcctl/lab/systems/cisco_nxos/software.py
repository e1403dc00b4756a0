"""What NX-OS keeps of its software, and what it boots: the image that `boot nxos` names.

Drawn from the Nexus 9000 upgrade and downgrade guide and recorded answers. A boot variable counts
once it is saved; the loader has nothing else to boot where its image is missing or does not start.
"""

from __future__ import annotations

import re
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
)
from dcctl.lab.elements.tree import Tree, drop, put, value

PLATFORM = "cisco_nxos"
RELEASE = "9.3(8)"
BOOTFLASH = "bootflash:"
REMOTE = "sup-remote"  # the other supervisor, of a chassis that has two
BY_RELOAD = "Reset Requested by CLI command reload"
BY_UPGRADE = "Reset due to upgrade"
BY_POWER = "Module PowerCycled"
UNIT = "Module 1 failed to boot"
FACTORY = "Install has been successful.\n"
_SIZE, _USED = 116079032 << 10, 4 << 30
_IMAGE_BYTES = 64 << 10
_NEW_RELEASE_S = 300.0
_HOMES = MappingProxyType(
    {
        "bootflash:": (BOOTFLASH, ""),
        **{f"bootflash://{one}": (BOOTFLASH, "") for one in ("sup-local", "sup-active", "sup-1")},
        **{f"bootflash://{one}": (BOOTFLASH, REMOTE) for one in (REMOTE, "sup-standby", "sup-2")},
        "bootflash": (BOOTFLASH, ""),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What the installer keeps. `said` is what the operation that ended last has to tell."""

    log: str = FACTORY
    said: str = ""
    operations: int = 0
    image: str = ""  # the file that runs
    before: str = ""  # the release that ran before the last reset


def file_name(release: str) -> str:
    """What the image of a release is called: nxos.9.3.8.bin."""
    return f"nxos.{re.sub('[()]+', '.', release).strip('.')}.bin"


@cache
def _image(release: str) -> bytes:
    return images.image(PLATFORM, release, size=_IMAGE_BYTES)


def furnish(chassis: Chassis) -> tuple[tuple[Store, ...], Software]:
    """A new element: the image that it runs, on bootflash."""
    release = chassis.release or RELEASE
    image = images.file(file_name(release), _image(release))
    own = Store(
        name=BOOTFLASH,
        supervisor="sup-local",
        size=_SIZE,
        used=_USED,
        files=MappingProxyType({image.name: image}),
    )
    stores = (own, replace(own, supervisor=REMOTE)) if chassis.supervisors > 1 else (own,)
    state = Installed(image=f"{BOOTFLASH}///{image.name}", before=release)
    software = Software(
        release=release, label=image.label, committed=release, reason=BY_RELOAD, state=state
    )
    return stores, software


def installed(element: Element) -> Installed:
    """What the installer keeps."""
    state = element.software.state
    return state if isinstance(state, Installed) else Installed()


def place(element: Element, path: str) -> tuple[Store, str] | None:
    """Where a path lies."""
    if ":" in path and not path.startswith(BOOTFLASH):
        return None
    if path.startswith("/") and path.strip("/") and not path.startswith("/bootflash"):
        return None
    return placed(element, path, _HOMES, BOOTFLASH)


def transfers(element: Element) -> frozenset[str]:
    """What `feature scp-server` and `feature sftp-server` serve."""
    served = {"scp": "feature scp-server", "sftp": "feature sftp-server"}
    return frozenset(name for name, line in served.items() if line in element.running)


def found(element: Element, path: str) -> File | None:
    """The file that a path means."""
    at = place(element, path)
    return at[0].files.get(at[1]) if at else None


def shown(path: str) -> str:
    """`bootflash:/nxos.9.3.8.bin`, as NX-OS writes it."""
    return f"{BOOTFLASH}/{path.removeprefix(BOOTFLASH).strip('/')}"


def flaw(file: File | None) -> str:
    """What keeps a file from being an image of this switch, or nothing."""
    if file is None:
        return "No such file or directory"
    if file.label is None or file.label.platform != PLATFORM:
        return "Image is not a valid NX-OS image"
    if not file.whole:
        return "Image MD5 checksum mismatch"
    return "Digital signature verification failed" if "bad_signature" in file.label.flags else ""


def set_to_boot(tree: Tree, path: str) -> Tree:
    """A configuration with this image as its boot variable."""
    for label in tree:
        if label.startswith("boot nxos "):
            tree = drop(tree, (label,))
    return put(tree, (f"boot nxos {shown(path)}",))


# --- booting --------------------------------------------------------------------------------------


def boot(element: Element, _now: float, troubles: frozenset[str]) -> Outcome:
    """The image of the boot variable runs; where it can't, the switch stays in its loader."""
    before, reason = element.software.release, element.software.reason
    down = settled(element, reason=BY_POWER if reason == POWER else reason)
    path = value(element.running, "boot nxos").split(" ")[0]
    file = found(element, path) if path else None
    label: Label | None = file.label if file else None
    if file is None or label is None or flaw(file):
        return Outcome(element=down, comes_up=False)
    other = label.boots != before
    wrong = set(label.flags) | (set(troubles) if other else set())
    if "boot_loop" in wrong:
        return Outcome(element=down, tried=label.boots, comes_up=False)
    fresh = running(down, label, file.name, alarms=(UNIT,) if "unit_fails" in wrong else ())
    notes = (Note(kind="release", text="boots", subject=label.boots),) if other else ()
    seconds = _NEW_RELEASE_S if other else 0.0
    return Outcome(element=fresh, notes=notes, tried=label.boots, seconds=seconds)


def running(element: Element, label: Label, name: str, alarms: tuple[str, ...] = ()) -> Element:
    """With this release at work, which its configuration tells too."""
    state = replace(
        installed(element), image=f"{BOOTFLASH}///{name}", before=element.software.release
    )
    element = replace(
        element,
        running=_versioned(element.running, label.boots),
        startup=_versioned(element.startup, label.boots),
    )
    return settled(
        element,
        release=label.boots,
        label=label,
        committed=label.boots,
        alarms=alarms,
        state=state,
    )


def _versioned(tree: Tree, release: str) -> Tree:
    line = next((label for label in tree if label.startswith("version ")), "")
    words = line.split(" ", 2)
    fresh = " ".join(["version", release, *words[2:]])
    if not line or fresh == line:
        return tree
    return put(drop(tree, (line,)), (fresh,))
