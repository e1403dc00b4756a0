"""Starting, asking and stopping the elements' daemon."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dcctl
from dcctl import clock
from dcctl.errors import DcctlError, InvalidInput, NotFound, Refused, Unreachable
from dcctl.lab.elements import keys
from dcctl.lab.elements.faults import arguments_of
from dcctl.lab.elements.places import MIRROR
from dcctl.lab.elements.site import USERNAME, Folder, plan_of
from dcctl.model import plain
from dcctl.model.target import Target
from dcctl.model.upgrade import Image
from dcctl.text import N_

CONTROL = "control"
_PATIENCE_S = 60.0
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", clock.VARIABLE)
_ERRORS = {"NotFound": NotFound, "InvalidInput": InvalidInput}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Where one element is reached; `host_key` is what known_hosts has after the name."""

    name: str
    address: str
    port: int
    host_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementStatus:
    """One element now; `faults` are the fields that stand wrong."""

    name: str
    system: str
    alive: bool
    sessions: int
    saved: bool
    faults: tuple[str, ...] = ()


def _folder(folder: Path) -> Folder:
    return Folder(folder / "elements")


def up(
    targets: Sequence[Target],
    folder: Path,
    lab_id: str,
    *,
    keep: bool = False,
    configured: Mapping[str, str] | None = None,
    images: Iterable[Image] = (),
    anchors: Iterable[str] = (),
) -> tuple[Entry, ...]:
    """Serve those of `targets` that some system can play, from a detached process.

    They start at day 0, with `configured` (name to configuration text) on top; with `keep`, with
    what an earlier
    daemon of this folder left. With `images` there is a mirror that has them, the entry `MIRROR`.

    Raises:
        Refused: the folder's elements are up already. Unreachable: the daemon did not start.
    """
    place = _folder(folder)
    place.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    _secret(place.seed, secrets.token_hex(32))
    _secret(place.password, secrets.token_urlsafe(18))
    plan = plan_of(
        targets, lab_id, keep=keep, configured=configured, images=images, anchors=anchors
    )
    if not plan.chassis:
        return ()
    if _pid(place):
        raise Refused(N_("the lab's elements are up already"), hint=N_("take the lab down first"))
    place.plan.write_text(json.dumps(plain.to_plain(plan)), encoding="utf-8")
    places = _start(place)
    seed = bytes.fromhex(place.seed.read_text(encoding="ascii"))
    return tuple(
        Entry(name=name, address=address, port=port, host_key=keys.public_line(seed, name))
        for name, (address, port) in places.items()
    )


def _secret(path: Path, text: str) -> None:
    with contextlib.suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)


def _start(place: Folder) -> dict[str, tuple[str, int]]:
    ready, tell = os.pipe()
    hold, stay = os.pipe()
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    environment["PYTHONPATH"] = str(Path(dcctl.__file__).parent.parent)
    command = [sys.executable, "-m", "dcctl.lab.elements", str(place.root), str(tell), str(hold)]
    try:
        with place.output.open("ab") as output:
            subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environment,
                pass_fds=(tell, hold),
                start_new_session=True,
                check=False,
            )
        os.close(tell)
        with os.fdopen(ready, encoding="utf-8") as pipe:
            said = json.loads(pipe.read() or "{}")
        if "places" not in said:
            reason = said.get("error") or place.output.read_text(encoding="utf-8")[-400:]
            raise Unreachable(N_("the lab's elements did not start: {reason}"), reason=reason)
        os.write(stay, b"1")
        return {name: (at[0], at[1]) for name, at in said["places"].items()}
    finally:
        os.close(hold)
        os.close(stay)


def credential(folder: Path) -> dict[str, str]:
    """The credential that every element accepts, as dcctl.yml writes one."""
    return {"username": USERNAME, "password": f"file:{_folder(folder).password.absolute()}"}


def status(folder: Path) -> tuple[ElementStatus, ...]:
    """Every element; empty when the elements are not up."""
    if not _pid(_folder(folder)):
        return ()
    return tuple(plain.from_plain(ElementStatus, one) for one in _ask(folder, verb="status"))


def fault(folder: Path, target: str, fault_name: str, **arguments: Any) -> None:
    """Make something go wrong with an element; `clear` takes all faults away.

    Raises:
        NotFound: no such element or interface. InvalidInput: no such fault, or wrong arguments.
        Unreachable: the elements are not up.
    """
    mirror = target == MIRROR  # whose faults are the daemon's to judge
    filled = dict(arguments) if mirror else arguments_of(fault_name, arguments)
    _ask(folder, verb="fault", target=target, fault=fault_name, arguments=filled)


def configure(folder: Path, target: str, text: str) -> None:
    """Merge text into an element's running and startup configuration, as if it had been there.

    Raises:
        NotFound: no such element. Unreachable: the elements are not up.
    """
    _ask(folder, verb="configure", target=target, text=text)


def log(folder: Path, target: str) -> tuple[dict[str, Any], ...]:
    """What an element itself wrote down: logins, commands, changes, saves, reverts, boots."""
    path = _folder(folder).log(target)
    if not path.exists():
        return ()
    rows = path.read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(row) for row in rows)


def down(folder: Path) -> bool:
    """Stop the daemon and wait until it is gone; whether there was one.

    Configurations and logs stay.
    """
    place = _folder(folder)
    pid = _pid(place)
    if not pid:
        return False
    with contextlib.suppress(DcctlError):
        _ask(folder, verb="stop")
    deadline = time.monotonic() + 5.0
    while _pid(place):
        late = time.monotonic() > deadline
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL if late else signal.SIGTERM)
        time.sleep(0.02)
    for name in (CONTROL, place.pid.name):
        (place.root / name).unlink(missing_ok=True)
    return True


def _pid(place: Folder) -> int:
    """The living daemon's process id, 0 if none lives.

    Its lock ends with it, so a stale file misleads nobody.
    """
    try:
        handle = os.open(place.pid, os.O_RDWR)
    except OSError:
        return 0
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return int(os.read(handle, 32) or b"0")
    else:
        return 0
    finally:
        os.close(handle)


@contextmanager
def _connected(root: Path) -> Iterator[socket.socket]:
    at = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
            sock.settimeout(_PATIENCE_S)
            # Through the descriptor: a path in a socket address has at most 108 bytes.
            sock.connect(f"/proc/self/fd/{at}/{CONTROL}")
            yield sock
    finally:
        os.close(at)


def _ask(folder: Path, **order: Any) -> Any:
    try:
        with _connected(_folder(folder).root) as sock, sock.makefile("rwb") as stream:
            stream.write(json.dumps(order).encode() + b"\n")
            stream.flush()
            said = json.loads(stream.readline() or b"{}")
    except (OSError, ValueError) as error:
        raise Unreachable(N_("the lab's elements are not up: {error}"), error=str(error)) from error
    if "error" in said:
        raise _ERRORS.get(said.get("kind", ""), Unreachable)(said["error"])
    return said.get("answer")
