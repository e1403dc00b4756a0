"""Raising the real hosts of a lab.

Their trees, keys and blueprint, and the daemon that does the rest.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl import clock
from dcctl.lab import base, capacity, cgroups, commands, layout, packages, pki, trees
from dcctl.lab.commands import LabFailure
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.lab.store import Progress

MARK = "DCCTL_LAB_ID"  # in the environment of the lab's daemon
SERVER_CREDENTIAL = "lab-server"
NETWORK_CREDENTIAL = "lab-network"
LOG = "daemon.log"
KEYS = "keys"
_PROGRAMS = ("ip", "losetup", "nsenter", "ssh-keygen", "chroot")


def write(file: Path, content: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    part = unfinished(file)
    part.touch(mode=0o600)
    part.write_text(content)
    part.rename(file)


def unfinished(file: Path) -> Path:
    """Where a file is written before it is whole; a killed process leaves it behind."""
    return file.with_name(f".{file.name}.new")


def raise_hosts(
    hosts: Sequence[layout.Host], folder: Path, overlay: dict[str, Any], progress: Progress
) -> tuple[list[str], float]:
    """Raise the hosts and add them to `overlay`.

    Their lines of known_hosts, and the seconds it took (the trees aside).

    Raises:
        LabFailure, MissingDependency.
    """
    commands.need(*_PROGRAMS)
    capacity.await_room(len(hosts), progress)
    blueprint = _blueprint(hosts, folder, overlay["lab_id"], progress)
    start = clock.monotonic()
    write(folder / layout.BLUEPRINT, blueprint.dump())
    access = _make_access(folder, Path(blueprint.layers[layout.SERVER][-1]))
    pki.make(folder, {host.name: host.address for host in hosts})
    known = [f"{host.name} {trees.prepare(blueprint, host, access)}" for host in hosts]
    state = _start_daemon(blueprint, progress)
    keys = folder / KEYS
    overlay["credentials"] |= {
        SERVER_CREDENTIAL: {"username": "root", "key": str(keys / "id_ed25519")},
        NETWORK_CREDENTIAL: {
            "username": trees.NETWORK_USER,
            "password": f"file:{keys / 'password'}",
            "shell": SERVER_CREDENTIAL,  # of the Debian beneath vtysh
        },
    }
    for host in hosts:
        server = host.kind == layout.SERVER
        overlay["targets"][host.name] = {
            "address": state[host.name]["address"],
            "port": state[host.name]["port"],
            "credential": SERVER_CREDENTIAL if server else NETWORK_CREDENTIAL,
            "host_key_alias": host.name,
        }
    return known, clock.monotonic() - start


def _blueprint(
    hosts: Sequence[layout.Host], folder: Path, identity: str, progress: Progress
) -> layout.Blueprint:
    wanted = packages.wanted(_site_root(folder))
    mirror = base.mirror(wanted, progress)
    layers = {layout.SERVER: [str(base.tree(progress))]}
    if any(host.kind == layout.ROUTER for host in hosts):
        layer = base.layer("frr", wanted, progress)
        layers[layout.ROUTER] = [str(layer), *layers[layout.SERVER]]
    return layout.Blueprint(
        lab_id=identity,
        folder=str(folder),
        control=layout.control_address(hosts),
        mirror=str(mirror),
        layers=layers,
        cgroup=str(cgroups.place(identity, folder)),
        hosts=tuple(hosts),
    )


def _site_root(folder: Path) -> Path | None:
    """A lab lies in SITE/.dcctl/lab; elsewhere there are no roles of a site's own."""
    return folder.parent.parent if folder.parent.name == ".dcctl" else None


def _make_access(folder: Path, tree: Path) -> trees.Access:
    """One key and one password for all hosts of this lab."""
    keys = folder / KEYS
    keys.mkdir(mode=0o700)
    key = keys / "id_ed25519"
    commands.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", str(key)])
    password = secrets.token_urlsafe(18)
    write(keys / "password", password)
    hashed = commands.run(
        ["chroot", str(tree), "openssl", "passwd", "-6", "-stdin"], stdin=f"{password}\n"
    )
    return trees.Access(
        public_key=key.with_suffix(".pub").read_text(), password_hash=hashed.strip()
    )


def _start_daemon(blueprint: layout.Blueprint, progress: Progress) -> dict[str, Any]:
    """Start the daemon and follow its progress until every host answers; the hosts' state."""
    folder = Path(blueprint.folder)
    environment = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "PYTHONDONTWRITEBYTECODE": "1",
        MARK: blueprint.lab_id,
    }
    with (folder / LOG).open("w") as log:
        daemon = subprocess.Popen(
            [sys.executable, "-P", "-m", "dcctl.lab.daemon", blueprint.folder],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            env=environment,
            start_new_session=True,
            text=True,
        )
    assert daemon.stdout is not None  # noqa: S101 - asked for above
    with daemon.stdout as lines:
        for line in lines:
            event = json.loads(line)
            if "ready" in event:
                hosts: dict[str, Any] = event["hosts"]
                return hosts
            if "error" in event:
                raise LabFailure(N_("the lab does not start: {error}"), error=event["error"])
            _report(event, progress)
    words = (folder / LOG).read_text().strip().splitlines()[-1:]
    raise LabFailure(N_("the lab does not start: its daemon ended ({words})"), words="".join(words))


def _report(event: dict[str, Any], progress: Progress) -> None:
    """Say that a host has come up.

    Raises:
        LabFailure: it has not.
    """
    if not event["answers"]:
        raise LabFailure(N_("{host} does not answer"), host=event["host"])
    progress(Text(N_("{host} answers ({number} of {of})"), event))
