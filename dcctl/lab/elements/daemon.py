"""The process that serves a lab's elements: sockets, logs, kept state, and the control socket."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import resource
import signal
import socket
import struct
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dcctl import clock
from dcctl.errors import DcctlError, NotFound
from dcctl.lab.elements import places, tree
from dcctl.lab.elements.doorways import Doorways
from dcctl.lab.elements.line import Line
from dcctl.lab.elements.model import Note
from dcctl.lab.elements.network import Network, stamp
from dcctl.lab.elements.site import USERNAME, Folder, Plan
from dcctl.lab.elements.wire import Wire
from dcctl.lab.image_mirror import ImageMirror, faults_of, serving
from dcctl.model import plain
from dcctl.text import N_

CONTROL = "control"
_TICK_S = 0.25  # how often timers are looked at, and whether the folder still is ours
_LASTING = {"change", "save", "commit", "confirm", "revert", "boot"}
_SPARE_FILES = 20000


class Daemon:
    """One lab's elements, being served."""

    def __init__(self, folder: Folder, plan: Plan) -> None:
        self.folder, self.plan = folder, plan
        self._stop = asyncio.Event()
        self._dirty: set[str] = set()
        self._mirror: ImageMirror | None = None
        now = clock.now().timestamp()
        for one in plan.chassis:
            folder.log(one.name).parent.mkdir(mode=0o700, exist_ok=True)
        self.network = Network(
            plan.chassis,
            plan.links,
            plan.absent,
            now=now,
            observe=self._observe,
            power=self._power,
            anchors=plan.anchors,
        )
        seed = bytes.fromhex(folder.seed.read_text(encoding="ascii"))
        password = folder.password.read_text(encoding="utf-8").rstrip("\n")
        self.wire = Wire(self.network, seed, {USERNAME: password})
        self.doorways = Doorways(self._line, seed, {USERNAME: password})
        self._furnish()

    def _furnish(self) -> None:
        for name, text in (self.plan.configured or {}).items():
            self.network.configure(name, text)
        for one in self.plan.chassis if self.plan.keep else ():
            kept = self.folder.state(one.name)
            if kept.exists():
                state = json.loads(kept.read_text(encoding="utf-8"))
                running, startup = (tree.from_plain(state[key]) for key in ("running", "startup"))
                self.network.restore(one.name, running, startup)

    def listen(self) -> dict[str, tuple[str, int]]:
        """Open every element's socket; where they are."""
        names = [one.name for one in self.plan.chassis]
        mirror = [places.MIRROR] if self.plan.images else []
        sockets = places.bind(self.plan.lab_id, [*names, *self.plan.doorways, *mirror])
        at = {name: sock.getsockname() for name, sock in sockets.items()}
        if mirror:
            self._mirror, _ = serving(self.plan.images, sockets.pop(places.MIRROR))
        for name, sock in sockets.items():
            (self.doorways if name in self.plan.doorways else self.wire).listen(name, sock)
        return at

    def _line(self, name: str) -> Line:
        return Line(self.network, name, lambda user, word: self.wire.admits(name, user, word))

    # --- what is written -----------------------------------------------------------------------

    def _observe(self, name: str, time: float, note: Note, session: int) -> None:
        record = {
            "time": stamp(time).isoformat(),
            "session": session,
            "kind": note.kind,
            "text": note.text,
            **({"subject": note.subject} if note.subject else {}),
        }
        line = json.dumps(record, ensure_ascii=False) + "\n"
        with contextlib.suppress(OSError):  # the folder is gone: the next tick ends the daemon
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            log = os.open(self.folder.log(name), flags, 0o600)
            try:
                os.write(log, line.encode())
            finally:
                os.close(log)
        if note.kind in _LASTING:
            self._dirty.add(name)

    def _keep(self) -> None:
        for name in self._dirty:
            element = self.network.elements[name]
            state = {
                "running": tree.to_plain(element.running),
                "startup": tree.to_plain(element.startup),
            }
            path = self.folder.state(name)
            fresh = path.with_suffix(".new")
            fresh.write_text(json.dumps(state), encoding="utf-8")
            fresh.replace(path)
        self._dirty.clear()

    def _power(self, name: str) -> None:
        wire: Wire | None = getattr(self, "wire", None)
        if wire:
            wire.refresh(name)

    # --- orders --------------------------------------------------------------------------------

    def obey(self, order: Mapping[str, Any]) -> Any:
        """Carry out one order of the control socket."""
        verb = order["verb"]
        if verb == "status":
            self.network.advance()
            return [self._status(one.name) for one in self.plan.chassis]
        if verb == "fault" and order["target"] == places.MIRROR:
            if self._mirror is None:
                raise NotFound(N_("the lab has no mirror"))
            self._mirror.faults = faults_of(order["fault"], order["arguments"])
            return None
        if verb == "fault":
            self.network.fault(order["target"], order["fault"], order["arguments"])
            return None
        if verb == "configure":
            self.network.configure(order["target"], order["text"])
            self._dirty.add(order["target"])
            return None
        self._stop.set()
        return None

    def _status(self, name: str) -> dict[str, Any]:
        element, faults = self.network.elements[name], self.network.faults[name]
        sound = plain.to_plain(type(faults)())
        wrong = [key for key, value in plain.to_plain(faults).items() if value != sound[key]]
        return {
            "name": name,
            "system": element.chassis.system,
            "alive": self.network.alive(name),
            "sessions": len(self.network.terminals[name]),
            "saved": element.running == element.startup,
            "faults": wrong,
        }

    async def serve(self, control: socket.socket) -> None:
        """Serve until told to stop, or until the folder is no longer ours."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        server = await asyncio.start_unix_server(self._order, sock=control)
        try:
            while not self._stop.is_set() and self._ours():
                self.network.advance()
                self._keep()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), _TICK_S)
        finally:
            server.close()
            self.wire.close()
            self.doorways.close()
            with contextlib.suppress(OSError):
                self._keep()

    def _ours(self) -> bool:
        try:
            return self.folder.pid.read_text(encoding="ascii") == str(os.getpid())
        except OSError:
            return False

    async def _order(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            credentials = writer.get_extra_info("socket").getsockopt(
                socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")
            )
            if struct.unpack("3i", credentials)[1] not in (0, os.getuid()):
                return
            line = await reader.readline()
            try:
                answer: dict[str, Any] = {"answer": self.obey(json.loads(line))}
            except DcctlError as error:
                answer = {"error": str(error), "kind": type(error).__name__}
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        finally:
            writer.close()


def main(root: Path, ready: int, hold: int) -> int:
    """Serve; `ready` is told where, and unless `hold` then says to stay, this ends at once."""
    if os.fork():
        # The starter waits for this first process only, so nobody has to reap the daemon.
        return 0
    folder = Folder(root)
    lock = os.open(folder.pid, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _tell(ready, {"error": "already up"})
        return 1
    os.ftruncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    _raise_file_limit()
    try:
        return asyncio.run(_run(folder, ready, hold))
    finally:
        with contextlib.suppress(OSError):
            (root / CONTROL).unlink()
            folder.pid.unlink()


async def _run(folder: Folder, ready: int, hold: int) -> int:
    try:
        plan = plain.from_plain(Plan, json.loads(folder.plan.read_text(encoding="utf-8")))
        daemon = Daemon(folder, plan)
        where = daemon.listen()
        control = control_socket(folder.root)
    except (DcctlError, OSError, ValueError) as error:
        _tell(ready, {"error": str(error)})
        return 1
    _tell(ready, {"places": where, "pid": os.getpid()})
    # Whoever started this may be gone already: then nobody knows of the lab, and it must not stay.
    if not os.read(hold, 1):
        daemon.wire.close()
        daemon.doorways.close()
        control.close()
        return 1
    os.close(hold)
    await daemon.serve(control)
    return 0


def _tell(ready: int, message: Mapping[str, Any]) -> None:
    with contextlib.suppress(BrokenPipeError), os.fdopen(ready, "w", encoding="utf-8") as pipe:
        json.dump(message, pipe)


def control_socket(root: Path) -> socket.socket:
    """The listening control socket.

    It is reached through the folder's descriptor, as socket paths are short.
    """
    (root / CONTROL).unlink(missing_ok=True)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    at = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        sock.bind(f"/proc/self/fd/{at}/{CONTROL}")
    finally:
        os.close(at)
    sock.listen()
    return sock


def _raise_file_limit() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _SPARE_FILES if hard == resource.RLIM_INFINITY else min(hard, _SPARE_FILES)
    if wanted > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


if sys.platform != "linux":  # pragma: no cover - said plainly rather than failing later
    message = "the lab needs Linux"
    raise ImportError(message)
