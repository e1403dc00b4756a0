"""The few Linux system calls that the lab needs and Python 3.11 does not offer."""

from __future__ import annotations

import ctypes
import errno
import os
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY = 0x1
MS_NOSUID = 0x2
MS_NODEV = 0x4
MS_NOEXEC = 0x8
MS_REMOUNT = 0x20
MS_BIND = 0x1000
MS_REC = 0x4000
MS_PRIVATE = 0x40000
MNT_DETACH = 0x2

# What a host of the lab must not have: it shares the machine's clock, modules, ports and device
# numbers.
FORBIDDEN_CAPABILITIES = {"SYS_MODULE": 16, "SYS_RAWIO": 17, "SYS_TIME": 25, "MKNOD": 27}

_PR_CAPBSET_DROP = 24
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41, "ppc64le": 203, "s390x": 217}

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(flags: int) -> None:
    """Give the calling thread namespaces of its own (a new pid namespace: its children)."""
    _checked(_libc.unshare(flags), "unshare")


def setns(descriptor: int, flags: int) -> None:
    """Move the calling thread into the namespace behind `descriptor`."""
    _checked(_libc.setns(descriptor, flags), "setns")


def mount(
    source: str, target: str | Path, kind: str = "", flags: int = 0, options: str = ""
) -> None:
    """Mount a file system, or change how one is mounted."""
    _checked(
        _libc.mount(
            source.encode(),
            os.fsencode(target),
            kind.encode() or None,
            ctypes.c_ulong(flags),
            options.encode() or None,
        ),
        f"mount {kind or source} on {target}",
    )


def unmount(target: str | Path, flags: int = 0) -> None:
    """umount2(2)."""
    _checked(_libc.umount2(os.fsencode(target), flags), f"umount {target}")


def pivot_root(new: str, old: str) -> None:
    """Make `new` the root of the mount namespace and put the former one at `old`."""
    number = _SYS_PIVOT_ROOT[os.uname().machine]
    _checked(int(_libc.syscall(number, os.fsencode(new), os.fsencode(old))), f"pivot_root to {new}")


def drop_capabilities() -> None:
    """Take the forbidden capabilities from everything that this process will execute."""
    for name, number in FORBIDDEN_CAPABILITIES.items():
        _checked(_libc.prctl(_PR_CAPBSET_DROP, number, 0, 0, 0), f"drop CAP_{name}")


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent has ended."""
    _checked(_libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "adopt orphans")


def die_with_parent(signal_number: int) -> None:
    """Ask for `signal_number` when the thread that started this process ends."""
    _checked(_libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0), "die with parent")


def own_mounts() -> None:
    """Leave the machine's mount namespace.

    What is mounted from now on ends with this thread's processes.
    """
    unshare(CLONE_NEWNS)
    try:
        mount("none", "/", "", MS_REC | MS_PRIVATE)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        _make_root_a_mount()


def _make_root_a_mount() -> None:
    """In a plain chroot, whose root is no mount: make it one of our own, as pivot_root needs.

    The way is up to the namespace's true root, since only from there mounts can be made private.
    """
    here = os.open("/", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    scratch = tempfile.mkdtemp(prefix="dcctl-lab-")
    try:
        os.chroot(scratch)
        os.fchdir(here)
        while not Path("..").samefile("."):
            os.chdir("..")
        os.chroot(".")
        mount("none", "/", "", MS_REC | MS_PRIVATE)
        os.fchdir(here)
        root = os.getcwd()  # noqa: PTH109 - of this thread's own root
        mount(root, root, "", MS_BIND | MS_REC)
        os.chdir(root)
        os.chroot(".")
    finally:
        os.close(here)
    os.rmdir(scratch)  # noqa: PTH106 - with the rest of this function


def with_own_mounts(work: Callable[[], T]) -> T:
    """Do `work` in a thread that has left the machine's mount namespace; its mounts vanish with it.

    Raises:
        BaseException: whatever `work` raised.
    """
    results: list[T] = []
    failures: list[BaseException] = []

    def body() -> None:
        try:
            own_mounts()
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - handed to the caller below
            failures.append(error)

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
    return results[0]
