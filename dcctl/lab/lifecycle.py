"""Raising a lab, looking at it, and taking it away without a trace."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from dcctl import clock
from dcctl.errors import InvalidInput
from dcctl.lab import cgroups, disks, elements, layout, pki, raising
from dcctl.lab.commands import LabFailure
from dcctl.lab.standing import (
    ELEMENT_CREDENTIAL,
    OVERLAY,
    LabStatus,
    marked,
    remains,
    status,
)
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from dcctl.lab.store import Progress
    from dcctl.model.target import Target
    from dcctl.model.upgrade import Image

KNOWN_HOSTS = "known_hosts"
_OURS = (
    *(layout.BLUEPRINT, OVERLAY, KNOWN_HOSTS, raising.LOG, raising.KEYS),
    *("hosts", "disks", "elements", cgroups.MOUNT),
    *pki.FOLDERS,
)
_LAST_GOODBYE_SECONDS = 15.0


def say_nothing(_text: Text) -> None:
    """Progress for whoever wants none."""


def up(
    targets: Sequence[Target],
    links: Sequence[Any],  # noqa: ARG001 - targets already carry their ends; kept for callers
    folder: Path,
    *,
    images: Sequence[Image] = (),
    anchors: Sequence[str] = (),
    progress: Progress = say_nothing,
) -> LabStatus:
    """Raise twins of `targets`, and a mirror of `images`, and write how to reach them.

    `anchors` are the elements where the sites' traffic enters the centre.

    A lab that is up with all of them is left alone.

    Raises:
        InvalidInput: a target can't be twinned, or the lab is up with others. LabFailure,
            MissingDependency.
    """
    folder = folder.resolve()
    identity = layout.lab_id(folder)
    hosts, simulated, notes = _twins(targets, identity)
    with _alone(folder):
        now = status(folder)
        if now.state == "up":
            _same(now, {*(host.name for host in hosts), *(target.name for target in simulated)})
            return now
        _clear(folder)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        pki.invent(folder, targets)
        serve = partial(elements.up, simulated, images=images, anchors=anchors)
        seconds = _raise(hosts, simulated, serve, folder, progress)
        done = status(folder)
    return LabStatus(
        lab_id=identity,
        folder=str(folder),
        state=done.state,
        targets=done.targets,
        notes=(*notes, *done.notes),
        seconds=seconds,
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until nobody else raises or takes away this lab; a killed holder holds nothing."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _raise(
    hosts: Sequence[layout.Host],
    simulated: Sequence[Target],
    serve: Callable[..., tuple[elements.Entry, ...]],
    folder: Path,
    progress: Progress,
) -> float:
    """Raise everything, or leave nothing; how long it took, the trees aside."""
    identity = layout.lab_id(folder)
    overlay: dict[str, Any] = {"lab_id": identity, "targets": {}, "credentials": {}}
    start = clock.monotonic()
    try:
        known = _raise_elements(simulated, serve, folder, overlay)
        seconds = clock.monotonic() - start
        if hosts:
            more, host_seconds = raising.raise_hosts(hosts, folder, overlay, progress)
            known, seconds = known + more, seconds + host_seconds
        raising.write(folder / KNOWN_HOSTS, "".join(f"{line}\n" for line in known))
        raising.write(folder / OVERLAY, json.dumps(overlay, indent=1))
    except BaseException:
        with contextlib.suppress(LabFailure):
            _clear(folder)
        raise
    return seconds


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
    simulated: Sequence[Target],
    serve: Callable[..., tuple[elements.Entry, ...]],
    folder: Path,
    overlay: dict[str, Any],
) -> list[str]:
    """Start the simulated elements and add them to `overlay`; their lines of known_hosts."""
    if not simulated:
        return []
    entries = serve(folder, overlay["lab_id"])
    overlay["credentials"][ELEMENT_CREDENTIAL] = elements.credential(folder)
    ways = {target.name: elements.hops_of(target) for target in simulated}
    for entry in entries:
        if entry.name == elements.MIRROR:
            overlay["mirror"] = {"address": entry.address, "port": entry.port}
            continue
        place: dict[str, Any] = {
            "address": entry.address,
            "port": entry.port,
            "credential": ELEMENT_CREDENTIAL,
            "host_key_alias": entry.name,
        }
        if entry.name in ways:
            overlay["targets"][entry.name] = place | {"jump": ways[entry.name]}
            continue
        part = "consoles" if entry.name.endswith(elements.CONSOLE) else "jump_hosts"
        name = entry.name.removesuffix(elements.CONSOLE).removesuffix(elements.JUMP)
        overlay.setdefault(part, {})[name] = place
    return [f"{one.name} {one.host_key}" for one in entries if one.name != elements.MIRROR]


def down(folder: Path, *, progress: Progress = say_nothing) -> None:
    """Take the lab away: processes, namespaces, mounts, disks, groups, files.

    What a crash left of it goes too.

    Raises:
        LabFailure: something of it does not go.
    """
    folder = folder.resolve()
    with _alone(folder):
        _clear(folder)
    progress(Text(N_("the lab is down")))


def _clear(folder: Path) -> None:
    identity = layout.lab_id(folder)
    elements.down(folder)
    for pid in marked(identity):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    cgroups.end(identity)
    disks.detach_all(folder)
    for name in _OURS:
        place = folder / name
        raising.unfinished(place).unlink(missing_ok=True)
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
    deadline = clock.monotonic() + _LAST_GOODBYE_SECONDS
    while left := remains(identity, folder):
        if clock.monotonic() > deadline:
            raise LabFailure(N_("left behind: {things}"), things=", ".join(left))
        clock.sleep(0.02)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
