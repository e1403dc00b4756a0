"""One real host: a systemd of its own in namespaces of its own, on a tree of its own.

The first process of the host is a child of the lab's daemon. `reboot` inside ends it with SIGHUP
and `poweroff` with SIGINT, as the kernel does in every pid namespace; the daemon then starts it
again, or leaves it off.
"""

from __future__ import annotations

import os
import signal
import socket
import stat
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from dcctl.lab import btrfs, cgroups, kernel

if TYPE_CHECKING:
    from collections.abc import Mapping

REBOOTED = signal.SIGHUP
_NODES = ("null", "zero", "full", "random", "urandom", "tty")
_NAMESPACES = (
    kernel.CLONE_NEWNS
    | kernel.CLONE_NEWPID
    | kernel.CLONE_NEWUTS
    | kernel.CLONE_NEWIPC
    | kernel.CLONE_NEWCGROUP
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What a host is started from: mounted root, group, network, disks (serial to loop device)."""

    name: str
    root: Path
    group: Path
    network: int
    disks: Mapping[str, str]


def start(machine: Machine) -> int:
    """Start the host; the process id of its first process, as the machine sees it.

    Call it in a process with one thread that adopts orphans: it forks, twice.
    """
    reading, writing = os.pipe()
    middle = os.fork()
    if middle == 0:
        _in_child(machine, writing)
    os.close(writing)
    answer = b""
    while chunk := os.read(reading, 4096):
        answer += chunk
    os.close(reading)
    os.waitpid(middle, 0)
    if not answer.isdigit():
        raise OSError(f"{machine.name} does not start: {answer.decode(errors='replace')}")
    return int(answer)


def _in_child(machine: Machine, report: int) -> NoReturn:
    """Make the namespaces, leave the host's first process in them, and tell its number."""
    try:
        cgroups.enter(machine.group)
        kernel.setns(machine.network, kernel.CLONE_NEWNET)
        kernel.unshare(_NAMESPACES)
        first = os.fork()
        if first == 0:
            _become_init(machine)
        os.write(report, str(first).encode())
    except BaseException as error:  # noqa: BLE001 - a forked child may not return into its parent's program
        os.write(report, f"{type(error).__name__}: {error}".encode())
    os._exit(0)


def _become_init(machine: Machine) -> NoReturn:
    try:
        os.setsid()
        _assume_identity(machine)
        _make_file_systems(machine)
        kernel.drop_capabilities()
        for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, set())
        null = os.open("/dev/null", os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        os.umask(0o022)
        os.execve(  # noqa: S606 - there is no shell to start it with
            "/sbin/init",
            ["/sbin/init"],
            {"container": "lab", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        )
    except BaseException as error:  # noqa: BLE001 - a forked child may not return into its parent's program
        sys.stderr.write(f"{machine.name}: {type(error).__name__}: {error}\n")
        sys.stderr.flush()
    os._exit(70)


def _assume_identity(machine: Machine) -> None:
    kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
    name = machine.root / "etc/hostname"
    os_name = name.read_text().strip() if name.is_file() else machine.name
    socket.sethostname(os_name)


def _make_file_systems(machine: Machine) -> None:
    """Give the host what a booting kernel would, and leave the machine's root behind."""
    numbers = {node: Path("/dev", node).stat().st_rdev for node in _NODES}
    loops = {serial: (path, Path(path).stat().st_rdev) for serial, path in machine.disks.items()}
    if loops and Path("/dev/btrfs-control").exists():
        numbers["btrfs-control"] = Path("/dev/btrfs-control").stat().st_rdev
        btrfs.announce(path for path, _ in loops.values())
    os.chdir(machine.root)
    quiet = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    kernel.mount("proc", "proc", "proc", quiet)
    kernel.mount("sysfs", "sys", "sysfs", quiet | kernel.MS_RDONLY)
    kernel.mount("cgroup2", "sys/fs/cgroup", "cgroup2", quiet)
    kernel.mount("tmpfs", "run", "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "mode=755")
    kernel.mount("tmpfs", "dev", "tmpfs", kernel.MS_NOSUID, "mode=755")
    _make_devices(numbers, loops)
    _guard_kernel_settings()
    kernel.pivot_root(".", ".")
    kernel.unmount(".", kernel.MNT_DETACH)
    os.chdir("/")


def _make_devices(numbers: Mapping[str, int], loops: Mapping[str, tuple[str, int]]) -> None:
    for name, number in numbers.items():
        os.mknod(f"dev/{name}", stat.S_IFCHR | 0o666, number)
        Path("dev", name).chmod(0o600 if name == "btrfs-control" else 0o666)
    for folder in ("dev/pts", "dev/shm", "dev/disk/by-id"):
        Path(folder).mkdir(parents=True)
    kernel.mount("devpts", "dev/pts", "devpts", kernel.MS_NOSUID, "newinstance,ptmxmode=666,gid=5")
    kernel.mount("tmpfs", "dev/shm", "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV)
    for link, target in {
        "ptmx": "pts/ptmx",
        "fd": "/proc/self/fd",
        "stdin": "/proc/self/fd/0",
        "stdout": "/proc/self/fd/1",
        "stderr": "/proc/self/fd/2",
    }.items():
        Path("dev", link).symlink_to(target)
    for serial, (path, number) in loops.items():
        name = Path(path).name
        os.mknod(f"dev/{name}", stat.S_IFBLK | 0o660, number)
        Path("dev/disk/by-id", f"lab-{serial}").symlink_to(f"../../{name}")


def _guard_kernel_settings() -> None:
    """Give it a boot identity, and let it write only network settings: others are the machine's."""
    Path("run/boot_id").write_text(f"{uuid.uuid4()}\n")
    kernel.mount("proc/sys", "proc/sys", "", kernel.MS_BIND)
    kernel.mount("proc/sys/net", "proc/sys/net", "", kernel.MS_BIND)
    kernel.mount("run/boot_id", "proc/sys/kernel/random/boot_id", "", kernel.MS_BIND)
    read_only = kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY
    kernel.mount("none", "proc/sys", "", read_only)
    if Path("proc/sysrq-trigger").exists():
        kernel.mount("proc/sysrq-trigger", "proc/sysrq-trigger", "", kernel.MS_BIND)
        kernel.mount("none", "proc/sysrq-trigger", "", read_only)
