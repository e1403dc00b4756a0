"""What there is of a lab: which twins, how they are, and what of it is left on this machine."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl.errors import DcctlError
from dcctl.lab import cgroups, control, disks, elements, layout, raising
from dcctl.lab.commands import LabFailure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcctl.text import Text

ELEMENT = "element"
ELEMENT_CREDENTIAL = "lab-element"
OVERLAY = "overlay.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabTarget:
    """One twin: where it is dialled, and how it is (running, frozen, off, silent)."""

    name: str
    kind: str  # server | router | element
    address: str
    port: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabStatus:
    """What there is of a lab.

    `up`, `broken` (something of it is left, but it doesn't work) or `down`.
    """

    lab_id: str
    folder: str
    state: str
    targets: tuple[LabTarget, ...] = ()
    notes: tuple[Text, ...] = ()
    seconds: float = 0.0  # how long `up` took, the trees aside


def status(folder: Path) -> LabStatus:
    """What there is of the lab in `folder`; never raises for what it finds."""
    folder = folder.resolve()
    identity = layout.lab_id(folder)
    overlay = overlay_of(folder)
    targets, notes = _host_states(folder, identity)
    targets += element_states(folder, overlay)
    if any(target.state == "silent" for target in targets):
        state = "broken"
    elif overlay is not None:
        state = "up"
    else:
        state = "broken" if targets or remains(identity, folder) else "down"
    return LabStatus(
        lab_id=identity,
        folder=str(folder),
        state=state,
        targets=tuple(targets),
        notes=tuple(notes),
    )


def overlay_of(folder: Path) -> dict[str, Any] | None:
    """Where the twins are dialled; None while the lab is not whole."""
    try:
        data: dict[str, Any] = json.loads((folder / OVERLAY).read_text())
    except (OSError, ValueError):
        return None
    return data


def _host_states(folder: Path, identity: str) -> tuple[list[LabTarget], list[Text]]:
    blueprint = layout.read(folder)
    if blueprint is None:
        return [], []
    found: dict[str, Any] = {}
    notes = []
    try:
        found = control.ask(identity, "state", timeout=20)["hosts"]
    except LabFailure as error:
        notes.append(error.text)
    targets = []
    for host in blueprint.hosts:
        here = found.get(host.name, {})
        targets.append(
            LabTarget(
                name=host.name,
                kind=host.kind,
                address=here.get("address", host.relay_address),
                port=here.get("port", host.relay_port),
                state=here.get("state", "silent"),
            )
        )
    return targets, notes


def element_states(folder: Path, overlay: Mapping[str, Any] | None) -> list[LabTarget]:
    """Elements that answer, and those that the overlay promises and that do not."""
    promised = {
        name: entry
        for name, entry in (overlay or {}).get("targets", {}).items()
        if entry["credential"] == ELEMENT_CREDENTIAL
    }
    try:
        alive = {one.name: one.alive for one in elements.status(folder)}
    except DcctlError:
        alive = {}
    return [
        LabTarget(
            name=name,
            kind=ELEMENT,
            address=promised.get(name, {}).get("address", ""),
            port=promised.get(name, {}).get("port", 0),
            state=("running" if alive[name] else "off") if name in alive else "silent",
        )
        for name in sorted({*promised, *alive})
    ]


def remains(identity: str, folder: Path) -> list[str]:
    """Everything on this machine that still belongs to the lab, its files aside."""
    return [
        *(str(group) for group in cgroups.find(identity)),
        *(f"process {pid}" for pid in marked(identity)),
        *disks.attached(folder),
    ]


def marked(identity: str) -> list[int]:
    """Processes that carry the lab's mark in their environment."""
    mark = f"{raising.MARK}={identity}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue  # ended meanwhile, or not ours to see
    return found
