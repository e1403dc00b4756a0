"""Raising a lab, looking at it, and taking it away without a trace."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl import clock
from dcctl.errors import DcctlError, InvalidInput, NotFound
from dcctl.lab import (
    cgroups,
    control,
    disks,
    elements,
    host_faults,
    layout,
    patient,
    pki,
    raising,
)
from dcctl.lab.commands import LabFailure
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dcctl.lab.store import Progress
    from dcctl.model.target import Target

ELEMENT = "element"
ELEMENT_CREDENTIAL = "lab-element"
OVERLAY = "overlay.json"
KNOWN_HOSTS = "known_hosts"
_OURS = (
    *(layout.BLUEPRINT, OVERLAY, KNOWN_HOSTS, raising.LOG, raising.KEYS),
    *("hosts", "disks", "elements"),
    *pki.FOLDERS,
)
_LAST_GOODBYE_SECONDS = 15.0


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


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultInfo:
    """What can be broken, on which kinds of twin, with which arguments (None: must be given)."""

    name: str
    title: str
    kinds: tuple[str, ...]
    arguments: Mapping[str, Any]


def say_nothing(_text: Text) -> None:
    """Progress for whoever wants none."""


def up(
    targets: Sequence[Target],
    links: Sequence[Any],  # noqa: ARG001 - targets already carry their ends; kept for callers
    folder: Path,
    *,
    progress: Progress = say_nothing,
) -> LabStatus:
    """Raise twins of `targets` and write how to reach them.

    A lab that is up with all of them is left alone.

    Raises:
        InvalidInput: a target can't be twinned, or the lab is up with others. LabFailure,
            MissingDependency.
    """
    folder = folder.resolve()
    identity = layout.lab_id(folder)
    hosts, simulated, notes = _twins(targets, identity)
    now = status(folder)
    if now.state == "up":
        _same(now, {*(host.name for host in hosts), *(target.name for target in simulated)})
        return now
    down(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    overlay: dict[str, Any] = {"lab_id": identity, "targets": {}, "credentials": {}}
    start = clock.monotonic()
    try:
        known = _raise_elements(simulated, folder, overlay)
        seconds = clock.monotonic() - start
        if hosts:
            more, host_seconds = raising.raise_hosts(hosts, folder, overlay, progress)
            known, seconds = known + more, seconds + host_seconds
        raising.write(folder / KNOWN_HOSTS, "".join(f"{line}\n" for line in known))
        raising.write(folder / OVERLAY, json.dumps(overlay, indent=1))
    except BaseException:
        with contextlib.suppress(LabFailure):
            down(folder)
        raise
    done = status(folder)
    return LabStatus(
        lab_id=identity,
        folder=str(folder),
        state=done.state,
        targets=done.targets,
        notes=(*notes, *done.notes),
        seconds=seconds,
    )


def _twins(
    targets: Sequence[Target], identity: str
) -> tuple[tuple[layout.Host, ...], list[Target], list[Text]]:
    """What stands for which target, and what is to be said of the rest."""
    notes: list[Text] = []
    hosts = layout.hosts_of(targets, identity)
    if hosts and os.geteuid() != 0:
        left_out = Text(
            N_("{count} servers and routers are left out: real hosts need root"),
            {"count": len(hosts)},
        )
        hosts, notes = (), [left_out]
    simulated = [target for target in targets if elements.simulated(target)]
    without = [
        target.name
        for target in targets
        if target.platform not in layout.KINDS and not elements.simulated(target)
    ]
    if without:
        notes.append(Text(N_("no twin for {names}"), {"names": ", ".join(without)}))
    return hosts, simulated, notes


def _same(now: LabStatus, wanted: set[str]) -> None:
    missing = wanted - {target.name for target in now.targets}
    if missing:
        raise InvalidInput(
            N_("the lab is up without {names}"),
            hint=N_("dcctl lab down, then up again"),
            names=", ".join(sorted(missing)),
        )


def _raise_elements(
    simulated: Sequence[Target], folder: Path, overlay: dict[str, Any]
) -> list[str]:
    """Start the simulated elements and add them to `overlay`; their lines of known_hosts."""
    if not simulated:
        return []
    entries = elements.up(simulated, folder, overlay["lab_id"])
    overlay["credentials"][ELEMENT_CREDENTIAL] = elements.credential(folder)
    for entry in entries:
        overlay["targets"][entry.name] = {
            "address": entry.address,
            "port": entry.port,
            "credential": ELEMENT_CREDENTIAL,
            "host_key_alias": entry.name,
        }
    return [f"{entry.name} {entry.host_key}" for entry in entries]


def status(folder: Path) -> LabStatus:
    """What there is of the lab in `folder`; never raises for what it finds."""
    folder = folder.resolve()
    identity = layout.lab_id(folder)
    overlay = _overlay(folder)
    targets, notes = _host_states(folder, identity)
    targets += _element_states(folder, overlay)
    if any(target.state == "silent" for target in targets):
        state = "broken"
    elif overlay is not None:
        state = "up"
    else:
        state = "broken" if targets or _remains(identity, folder) else "down"
    return LabStatus(
        lab_id=identity,
        folder=str(folder),
        state=state,
        targets=tuple(targets),
        notes=tuple(notes),
    )


def _overlay(folder: Path) -> dict[str, Any] | None:
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


def _element_states(folder: Path, overlay: Mapping[str, Any] | None) -> list[LabTarget]:
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


def _remains(identity: str, folder: Path) -> list[str]:
    """Everything on this machine that still belongs to the lab, its files aside."""
    return [
        *(str(group) for group in cgroups.find(identity)),
        *(f"process {pid}" for pid in _marked(identity)),
        *disks.attached(folder),
    ]


def _marked(identity: str) -> list[int]:
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


def down(folder: Path, *, progress: Progress = say_nothing) -> None:
    """Take the lab away: processes, namespaces, mounts, disks, groups, files.

    What a crash left of it goes too.

    Raises:
        LabFailure: something of it does not go.
    """
    folder = folder.resolve()
    identity = layout.lab_id(folder)
    elements.down(folder)
    for pid in _marked(identity):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for group in cgroups.find(identity):
        cgroups.kill(group)
        cgroups.remove(group)
    disks.detach_all(folder)
    for name in _OURS:
        place = folder / name
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
    deadline = clock.monotonic() + _LAST_GOODBYE_SECONDS
    while left := _remains(identity, folder):
        if clock.monotonic() > deadline:
            raise LabFailure(N_("left behind: {things}"), things=", ".join(left))
        clock.sleep(0.02)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
    progress(Text(N_("the lab is down")))


def fault(folder: Path, target: str, fault: str, *, heal: bool = False, **arguments: Any) -> None:
    """Break something of one twin, or with `heal` put it right again.

    An element is healed of all its faults at once.

    Raises:
        NotFound: no such twin. InvalidInput: no such fault for it, or wrong arguments. LabFailure.
    """
    folder = folder.resolve()
    host = patient.find(folder, target)
    if host is not None:
        host_faults.do(host, fault, arguments, heal=heal)
    elif target in {one.name for one in _element_states(folder, _overlay(folder))}:
        if heal:
            elements.fault(folder, target, "clear")
        else:
            elements.fault(folder, target, fault, **arguments)
    else:
        raise NotFound(
            N_("the lab has no twin of {target}"),
            hint=N_("dcctl lab status lists them"),
            target=target,
        )


def all_faults() -> tuple[FaultInfo, ...]:
    """Everything that can be broken.

    One row for each fault and arguments, with the kinds of twin it applies to.
    """
    from dcctl.lab.elements.faults import FAULTS

    rows = [
        FaultInfo(name=one.name, title=one.title, kinds=one.kinds, arguments=dict(one.arguments))
        for one in host_faults.HOST_FAULTS
    ]
    rows += [
        FaultInfo(name=one.name, title=one.title, kinds=(ELEMENT,), arguments=dict(one.arguments))
        for one in FAULTS.values()
    ]
    return tuple(sorted(rows, key=lambda row: (row.name, row.kinds)))
