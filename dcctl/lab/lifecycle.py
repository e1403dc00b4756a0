"""Raising a lab, looking at it, and taking it away without a trace."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl import clock
from dcctl.errors import InvalidInput, NotFound
from dcctl.lab import base, cgroups, commands, control, disks, layout, packages, pki, trees
from dcctl.lab.commands import LabFailure
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dcctl.model.target import Target

    Progress = Callable[[Text], None]

MARK = "DCCTL_LAB_ID"  # in the environment of every process that a lab starts
SERVER_CREDENTIAL = "lab-server"
NETWORK_CREDENTIAL = "lab-network"
_OURS = (
    *("blueprint.json", "overlay.json", "known_hosts", "daemon.log", "keys", "hosts", "disks"),
    *pki.FOLDERS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabTarget:
    """One twin: what stands for the target, where it is dialled, and how it is (running, frozen, off, silent)."""

    name: str
    kind: str  # server | router | element
    address: str
    port: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabStatus:
    """What there is of a lab: `up`, `broken` (something of it is left, but it doesn't work) or `down`."""

    lab_id: str
    folder: str
    state: str
    targets: tuple[LabTarget, ...] = ()
    notes: tuple[Text, ...] = ()
    seconds: float = 0.0  # how long `up` took, the trees aside


def _say_nothing(_text: Text) -> None:
    return


def up(
    targets: Sequence[Target],
    links: Sequence[Any],
    folder: Path,
    *,
    progress: Progress = _say_nothing,
) -> LabStatus:
    """Raise twins of `targets` and write how to reach them; what of them runs already is left alone.

    Raises:
        InvalidInput: a target can't be twinned, or the lab is up with others. LabFailure, MissingDependency.
    """
    folder = folder.resolve()
    identity = layout.lab_id(folder)
    notes: list[Text] = []
    hosts = layout.hosts_of(targets, identity)
    if hosts and os.geteuid() != 0:
        notes.append(
            Text(
                N_("{count} servers and routers are left out: real hosts need root"),
                {"count": len(hosts)},
            )
        )
        hosts = ()
    now = status(folder)
    if now.state == "up":
        missing = {host.name for host in hosts} - {target.name for target in now.targets}
        if missing:
            raise InvalidInput(
                N_("the lab is up without {names}"),
                hint=N_("dcctl lab down, then up again"),
                names=", ".join(sorted(missing)),
            )
        return now
    down(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    overlay: dict[str, Any] = {"lab_id": identity, "targets": {}, "credentials": {}}
    if hosts:
        seconds = _raise_hosts(hosts, folder, overlay, progress)
    else:
        seconds = 0.0
    _write(folder / "overlay.json", json.dumps(overlay, indent=1))
    done = status(folder)
    return LabStatus(
        lab_id=identity,
        folder=str(folder),
        state=done.state,
        targets=done.targets,
        notes=(*notes, *done.notes),
        seconds=seconds,
    )


def _raise_hosts(
    hosts: Sequence[layout.Host], folder: Path, overlay: dict[str, Any], progress: Progress
) -> float:
    """Raise the real hosts; how long it took once the trees were there."""
    commands.need("ip", "losetup", "nsenter", "ssh-keygen")
    identity = overlay["lab_id"]
    wanted = packages.wanted(_site_root(folder))
    layers = {layout.SERVER: [str(base.tree(progress))]}
    if any(host.kind == layout.ROUTER for host in hosts):
        layer = base.layer("frr", wanted, progress)
        layers[layout.ROUTER] = [str(layer), *layers[layout.SERVER]]
    blueprint = layout.Blueprint(
        lab_id=identity,
        folder=str(folder),
        control=layout.control_address(hosts),
        mirror=str(base.mirror(wanted, progress)),
        layers=layers,
        cgroup=str(cgroups.place(identity)),
        hosts=tuple(hosts),
    )
    start = clock.monotonic()
    _write(folder / "blueprint.json", blueprint.dump())
    access = _make_access(folder, Path(layers[layout.SERVER][0]))
    pki.make(folder, {host.name: host.address for host in hosts})
    known = [f"{host.name} {trees.prepare(blueprint, host, access)}\n" for host in blueprint.hosts]
    _write(folder / "known_hosts", "".join(known))
    state = _start_daemon(blueprint, progress)
    keys = folder / "keys"
    overlay["credentials"] |= {
        SERVER_CREDENTIAL: {"username": "root", "key": str(keys / "id_ed25519")},
        NETWORK_CREDENTIAL: {
            "username": trees.NETWORK_USER,
            "password": f"file:{keys / 'password'}",
            "shell": SERVER_CREDENTIAL,  # the host beneath vtysh, where a change's revert timer runs
        },
    }
    for host in blueprint.hosts:
        server = host.kind == layout.SERVER
        overlay["targets"][host.name] = {
            "address": state["hosts"][host.name]["address"],
            "port": state["hosts"][host.name]["port"],
            "credential": SERVER_CREDENTIAL if server else NETWORK_CREDENTIAL,
            "host_key_alias": host.name,
        }
    return clock.monotonic() - start


def _site_root(folder: Path) -> Path | None:
    """A lab lies in SITE/.dcctl/lab; elsewhere there are no roles of a site's own."""
    return folder.parent.parent if folder.parent.name == ".dcctl" else None


def _make_access(folder: Path, tree: Path) -> trees.Access:
    keys = folder / "keys"
    keys.mkdir(mode=0o700)
    key = keys / "id_ed25519"
    commands.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", str(key)])
    password = secrets.token_urlsafe(18)
    _write(keys / "password", password)
    hashed = commands.run(
        ["chroot", str(tree), "openssl", "passwd", "-6", "-stdin"], stdin=f"{password}\n"
    )
    return trees.Access(
        public_key=key.with_suffix(".pub").read_text(), password_hash=hashed.strip()
    )


def _write(file: Path, content: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    unfinished = file.with_name(f".{file.name}.new")
    unfinished.touch(mode=0o600)
    unfinished.write_text(content)
    unfinished.rename(file)


def _start_daemon(blueprint: layout.Blueprint, progress: Progress) -> dict[str, Any]:
    """Start the daemon and follow its progress until every host answers; the hosts' state."""
    folder = Path(blueprint.folder)
    package_root = str(Path(__file__).resolve().parents[2])
    environment = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": package_root,
        "PYTHONDONTWRITEBYTECODE": "1",
        MARK: blueprint.lab_id,
    }
    with (folder / "daemon.log").open("w") as log:
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
                return event
            if "error" in event:
                down(folder)
                raise LabFailure(N_("the lab does not start: {error}"), error=event["error"])
            msgid = (
                N_("{host} answers ({number} of {of})")
                if event["answers"]
                else N_("{host} does not answer ({number} of {of})")
            )
            progress(Text(msgid, event))
    words = (folder / "daemon.log").read_text().strip().splitlines()[-1:]
    down(folder)
    raise LabFailure(N_("the lab does not start: its daemon ended ({words})"), words="".join(words))


def status(folder: Path) -> LabStatus:
    """What there is of the lab in `folder`; never raises for what it finds."""
    folder = folder.resolve()
    identity = layout.lab_id(folder)
    targets: list[LabTarget] = []
    state = "down"
    notes: list[Text] = []
    plan = _blueprint(folder)
    if plan is not None:
        try:
            found = control.ask(identity, "state", timeout=20)["hosts"]
        except LabFailure as error:
            found = {}
            notes.append(error.text)
        state = "up" if found and (folder / "overlay.json").is_file() else "broken"
        for host in plan.hosts:
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
    elif any(True for _ in _remains(identity, folder)):
        state = "broken"
    return LabStatus(
        lab_id=identity,
        folder=str(folder),
        state=state,
        targets=tuple(targets),
        notes=tuple(notes),
    )


def _blueprint(folder: Path) -> layout.Blueprint | None:
    file = folder / "blueprint.json"
    try:
        return layout.Blueprint.load(file.read_text())
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _remains(identity: str, folder: Path) -> list[str]:
    """Everything on this machine that still belongs to the lab, its files aside."""
    return [
        *(str(group) for group in cgroups.find(identity)),
        *(f"process {pid}" for pid in _marked(identity)),
        *disks.attached(folder),
    ]


def _marked(identity: str) -> list[int]:
    """Processes that carry the lab's mark in their environment."""
    mark = f"{MARK}={identity}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue  # ended meanwhile, or not ours to see
    return found


def down(folder: Path, *, progress: Progress = _say_nothing) -> None:
    """Take the lab away: processes, namespaces, mounts, disks, groups and files; whatever is left of it after a crash too.

    Raises:
        LabFailure: something of it does not go.
    """
    folder = folder.resolve()
    identity = layout.lab_id(folder)
    for pid in _marked(identity):
        _kill(pid)
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
    deadline = clock.monotonic() + 15
    while left := _remains(identity, folder):
        if clock.monotonic() > deadline:
            raise LabFailure(N_("left behind: {things}"), things=", ".join(left))
        clock.sleep(0.02)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
    progress(Text(N_("the lab is down")))


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def inside(
    folder: Path,
    target: str,
    argv: Sequence[str],
    *,
    stdin: str | None = None,
    timeout: float = 120,
    check: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run `argv` as root inside a real host of the lab, past its network and its sshd.

    Raises:
        NotFound: no such host. LabFailure: it is off. subprocess.CalledProcessError: with `check`.
    """
    folder = folder.resolve()
    identity = layout.lab_id(folder)
    plan = _blueprint(folder)
    found = control.ask(identity, "state")["hosts"]
    if plan is None or target not in found:
        raise NotFound(N_("{target} is no real host of this lab"), target=target)
    pid = found[target]["pid"]
    if not pid:
        raise LabFailure(N_("{target} is switched off"), target=target)
    group = Path(plan.cgroup) / "hosts" / target / "inside"
    return subprocess.run(
        ["nsenter", "--target", str(pid), "--all", "--root", "--wd", "--", *argv],
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        text=True,
        errors="replace",
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/root"},
        timeout=timeout,
        check=check,
        preexec_fn=lambda: cgroups.enter(group),  # so that it ends with the host
    )
