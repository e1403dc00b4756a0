"""The lab's network: namespaces without names, joined by a bridge and by cables.

The machine's own is never touched. A namespace lives as long as a descriptor or a process holds it,
so that nothing of it outlives the lab.
"""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl.lab import commands, kernel

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_HERE = "/proc/thread-self/ns/net"


@contextmanager
def _returning() -> Iterator[None]:
    """Come back to this thread's network namespace, whatever happens in the block."""
    here = os.open(_HERE, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield
    finally:
        try:
            kernel.setns(here, kernel.CLONE_NEWNET)
        finally:
            os.close(here)


@contextmanager
def inside(namespace: int) -> Iterator[None]:
    """Be in `namespace` (a descriptor) with this thread for the length of the block."""
    with _returning():
        kernel.setns(namespace, kernel.CLONE_NEWNET)
        yield


def new_namespace() -> int:
    """A new network namespace with its loopback up: a descriptor that keeps it alive."""
    with _returning():
        kernel.unshare(kernel.CLONE_NEWNET)
        descriptor = os.open(_HERE, os.O_RDONLY | os.O_CLOEXEC)
        commands.run(["ip", "link", "set", "lo", "up"])
    return descriptor


def socket_in(namespace: int, kind: int = socket.SOCK_STREAM) -> socket.socket:
    """A socket that belongs to `namespace` wherever it is used."""
    with inside(namespace):
        return socket.socket(socket.AF_INET, kind | socket.SOCK_CLOEXEC)


def ip(namespace: int, lines: Sequence[str]) -> None:
    """Run a batch of commands of the program ip in `namespace`."""
    if lines:
        with inside(namespace):
            commands.run(["ip", "-batch", "-"], stdin="\n".join(lines) + "\n")


def path_of(namespace: int) -> str:
    """A path by which ip(8) finds `namespace`."""
    return f"/proc/{os.getpid()}/fd/{namespace}"


def set_forwarding(namespace: int) -> None:
    """Let packets through, as a router does."""
    with inside(namespace):
        for family in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
            file = Path("/proc/sys/net", family)
            if file.exists():
                file.write_text("1")
