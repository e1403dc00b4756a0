"""Where the elements listen: one loopback address each, on a port that nobody holds."""

from __future__ import annotations

import hashlib
import ipaddress
import socket
from collections.abc import Iterator, Sequence

from dcctl.errors import Unreachable
from dcctl.lab.elements.wire import bound
from dcctl.text import N_

NETWORK = ipaddress.IPv4Network("127.64.0.0/10")
_FIRST_PORT, _PORTS = 2200, 200
MIRROR = "@mirror"  # no host is called so
_BLOCK = 256  # addresses that a small lab keeps away from the next one


def bind(lab_id: str, names: Sequence[str]) -> dict[str, socket.socket]:
    """A bound socket for every name; the same addresses each time unless others hold them.

    Raises:
        Unreachable: the machine has no free loopback port left.
    """
    for port in range(_FIRST_PORT, _FIRST_PORT + _PORTS):
        sockets = _bind_on(port, lab_id, names)
        if sockets is not None:
            return sockets
    raise Unreachable(N_("no port is free for the lab on {network}"), network=str(NETWORK))


def _bind_on(port: int, lab_id: str, names: Sequence[str]) -> dict[str, socket.socket] | None:
    sockets: dict[str, socket.socket] = {}
    addresses = _addresses(lab_id)
    failed = 0
    for name in names:
        while name not in sockets:
            try:
                sockets[name] = bound(next(addresses), port)
            except (OSError, StopIteration):
                failed += 1
                if failed > len(names) + _BLOCK:
                    # A listener on every address holds this port.
                    for sock in sockets.values():
                        sock.close()
                    return None
    return sockets


def _addresses(lab_id: str) -> Iterator[str]:
    blocks = NETWORK.num_addresses // _BLOCK - 1
    start = int(hashlib.sha256(lab_id.encode()).hexdigest(), 16) % blocks * _BLOCK
    for offset in range(NETWORK.num_addresses - _BLOCK):
        index = (start + offset) % (NETWORK.num_addresses - _BLOCK) + 1
        if index % _BLOCK not in (0, _BLOCK - 1):
            yield str(NETWORK[index])
