"""The lab's one process.

It raises the hosts, starts them again when they reboot, carries connections to them, and takes
orders.

Started by `lab.up` as `python -m dcctl.lab.daemon FOLDER`; it tells its progress on standard
output, one JSON object a line, and closes it when everything answers. It has one thread, since it
forks. What it makes (namespaces, mounts, cables) ends with it and its hosts; loop devices, groups
and files are `lab.down`'s, which needs no daemon for that.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import struct
import sys
from pathlib import Path
from typing import Any

from dcctl.lab import (
    base,
    cgroups,
    control,
    disks,
    host,
    kernel,
    layout,
    mirror,
    network,
    ntp,
    trees,
    wiring,
)
from dcctl.lab.relay import Relay

MIRROR_PORT = 80
_READY_SECONDS = 90.0


class Daemon:
    """The lab while it is up."""

    def __init__(self, blueprint: layout.Blueprint) -> None:
        self.blueprint = blueprint
        self.folder = Path(blueprint.folder)
        self.group = Path(blueprint.cgroup)
        self.hosts = {item.name: item for item in blueprint.hosts}
        self.networks: dict[str, int] = {}
        self.machines: dict[str, host.Machine] = {}
        self.relays: dict[str, Relay] = {}
        self.running: dict[str, int] = {}  # name -> pid of the host's first process
        self.kept_off: set[str] = set()
        self.liars: dict[str, ntp.Liar] = {}

    def raise_hosts(self) -> None:
        """Make everything and start every host, in order; nothing here waits for a host."""
        self.switch, self.station = network.new_namespace(), network.new_namespace()
        for name in self.hosts:
            self.networks[name] = network.new_namespace()
        wiring.lay(self.blueprint, self.switch, self.station, self.networks)
        for item in self.blueprint.hosts:
            self.machines[item.name] = self._machine(item)
            self.start(item.name)

    def _machine(self, item: layout.Host) -> host.Machine:
        place = trees.folder_of(self.folder, item.name)
        root = place / "root"
        lower = [Path(path) for path in self.blueprint.layers[item.kind]]
        base.stack(root, lower, place / "upper", place / "work")
        devices = {disk.serial: disks.attach(self.folder / "disks", disk) for disk in item.disks}
        return host.Machine(
            name=item.name,
            root=root,
            group=self.group / "hosts" / item.name,
            network=self.networks[item.name],
            disks=devices,
        )

    def start(self, name: str) -> None:
        """Switch a host on."""
        self.kept_off.discard(name)
        pid = host.start(self.machines[name])
        self.running[name] = pid
        if self._loop is not None:
            self._watch(name, pid)

    _loop: asyncio.AbstractEventLoop | None = None

    def _watch(self, name: str, pid: int) -> None:
        """Learn from the kernel when the host's first process ends."""
        assert self._loop is not None  # noqa: S101 - set before the first call
        descriptor = os.pidfd_open(pid)

        def ended() -> None:
            assert self._loop is not None  # noqa: S101
            self._loop.remove_reader(descriptor)
            os.close(descriptor)
            _, status = os.waitpid(pid, 0)
            self._ended(name, status)

        self._loop.add_reader(descriptor, ended)

    def _ended(self, name: str, status: int) -> None:
        del self.running[name]
        cgroups.kill(self.machines[name].group)
        rebooted = os.WIFSIGNALED(status) and os.WTERMSIG(status) == host.REBOOTED
        if rebooted and name not in self.kept_off:
            self.start(name)

    async def serve(self) -> None:
        """Open the doors, wait until every host answers, then take orders until the end."""
        self._loop = asyncio.get_running_loop()
        for name, pid in self.running.items():
            self._watch(name, pid)
        for name, item in self.hosts.items():
            relay = Relay(item.address, self.station, item.relay_address, item.relay_port)
            self.relays[name] = relay
            await relay.listen()
        await asyncio.start_unix_server(self._order, sock=control.listening(self.blueprint.lab_id))
        packages = network.socket_in(self.station)
        packages.bind((self.blueprint.control, MIRROR_PORT))
        await mirror.Mirror(Path(self.blueprint.mirror)).listen(packages)
        waiting = [self._answers(name) for name in self.hosts]
        for number, done in enumerate(asyncio.as_completed(waiting), start=1):
            name, answers = await done
            tell(host=name, answers=answers, number=number, of=len(self.hosts))
        tell(ready=True, **self.state())
        null = os.open("/dev/null", os.O_RDWR)
        os.dup2(null, 1)
        await asyncio.Event().wait()

    async def _answers(self, name: str) -> tuple[str, bool]:
        """Wait until the host's sshd says its banner."""
        assert self._loop is not None  # noqa: S101
        end = self._loop.time() + _READY_SECONDS
        while self._loop.time() < end and (name in self.running or name not in self.kept_off):
            said = await self.relays[name].banner()
            if said.startswith(b"SSH-") and self._settled(name):
                return name, True
            await asyncio.sleep(0.05)
        return name, False

    def _settled(self, name: str) -> bool:
        """Whether users may log in, and on a router find all its daemons."""
        root = Path("/proc", str(self.running.get(name, 0)), "root")
        if not (root / "run").is_dir() or (root / "run/nologin").exists():
            return False
        daemons = self.hosts[name].kind == layout.ROUTER
        return not daemons or (root / "run/frr/watchfrr.started").exists()

    def state(self) -> dict[str, Any]:
        """What there is, as plain data."""
        return {
            "hosts": {
                name: {
                    "pid": self.running.get(name, 0),
                    "state": self._state_of(name),
                    "address": item.relay_address,
                    "port": self.relays[name].port,
                    "disks": dict(self.machines[name].disks),
                }
                for name, item in self.hosts.items()
            }
        }

    def _state_of(self, name: str) -> str:
        if name not in self.running:
            return "off"
        return "frozen" if cgroups.frozen(self.machines[name].group) else "running"

    async def _order(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry out one order of a caller who is this machine's root; answer with plain data."""
        try:
            if not _is_root(writer):
                return
            order = json.loads(await reader.readline())
            try:
                answer = {"answer": await self._obey(**order)}
            except Exception as error:  # noqa: BLE001 - told to the caller, who decides
                answer = {"error": f"{type(error).__name__}: {error}"}
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        finally:
            writer.close()

    async def _obey(self, order: str, **arguments: Any) -> Any:
        if order not in control.ORDERS:
            raise ValueError(f"no such order: {order}")
        result = getattr(self, f"order_{order}")(**arguments)
        return await result if asyncio.iscoroutine(result) else result

    def order_state(self) -> dict[str, Any]:
        """What there is."""
        return self.state()

    def order_line(
        self,
        name: str,
        *,
        delay: float | None = None,
        garbage: bool | None = None,
        cut: bool | None = None,
    ) -> None:
        """Change the quality of a host's line; what is not given stays."""
        relay = self.relays[name]
        if delay is not None:
            relay.line.delay = delay
        if garbage is not None:
            relay.line.garbage = garbage
        if cut is not None:
            relay.cut(cut=cut)

    async def order_liar(self, name: str, *, offset: float) -> int:
        """Have a wrong time server answer on a host's own loopback address; its port there."""
        if name not in self.liars:
            door = network.socket_in(self.networks[name], socket.SOCK_DGRAM)
            door.bind(("127.0.0.1", 0))
            self.liars[name] = await ntp.serve(door)
        self.liars[name].offset = offset
        return self.liars[name].port

    def order_freeze(self, name: str, *, frozen: bool) -> None:
        """Stop a host in its tracks, or let it go on."""
        cgroups.freeze(self.machines[name].group, frozen=frozen)

    def order_power(self, name: str, *, on: bool) -> None:
        """Pull a host's plug, or put it back."""
        if on:
            if name not in self.running:
                self.start(name)
            return
        self.kept_off.add(name)
        cgroups.kill(self.machines[name].group)

    async def order_wait(self, name: str) -> bool:
        """Wait until a host answers; whether it does."""
        return (await self._answers(name))[1]

    def order_cable(self, name: str, interface: str, *, up: bool) -> None:
        """Pull a cable out of a host, or put it back."""
        item = self.hosts[name]
        if interface == item.interface:
            number = self.blueprint.hosts.index(item)
            action = "up" if up else "down"
            network.ip(self.switch, [f"link set {wiring.port_of(number)} {action}"])
        elif up:
            network.ip(self.networks[name], [f"link set {interface} up"])
        else:
            network.ip(self.networks[name], [f"link set {interface} down"])


def _is_root(writer: asyncio.StreamWriter) -> bool:
    raw = writer.get_extra_info("socket")
    credentials = raw.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return bool(struct.unpack("3i", credentials)[1] == 0)


def tell(**event: Any) -> None:
    """Say one thing to whoever started the daemon; it is not an error that nobody listens."""
    try:
        os.write(1, json.dumps(event).encode() + b"\n")
    except OSError:
        return


def main(folder: str) -> None:
    """Run until killed."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    blueprint = layout.Blueprint.load((Path(folder) / "blueprint.json").read_text())
    try:
        kernel.own_mounts()
        cgroups.mount_own(Path(blueprint.folder), Path(blueprint.cgroup))
        cgroups.enter(Path(blueprint.cgroup) / "daemon")
        kernel.adopt_orphans()
        daemon = Daemon(blueprint)
        daemon.raise_hosts()
        asyncio.run(daemon.serve())
    except Exception as error:
        tell(error=f"{type(error).__name__}: {error}")
        raise


if __name__ == "__main__":
    main(sys.argv[1])
