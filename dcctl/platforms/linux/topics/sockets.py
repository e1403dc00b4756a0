"""Listening sockets, from `ss -Htulnp`."""

from __future__ import annotations

import re
from typing import Any

from dcctl.facts.sockets import Socket, Sockets

_LOCAL = 4  # Netid State Recv-Q Send-Q Local:Port Peer:Port Process


def parse(data: Any) -> Sockets | None:
    """Each listener once."""
    found: dict[Socket, None] = {}
    for line in data["ss"].splitlines():
        columns = line.split()
        address, _, port = columns[_LOCAL].rpartition(":")
        process = re.search(r'users:\(\("([^"]+)"', line)
        socket = Socket(
            protocol=columns[0],
            address=address.partition("%")[0].strip("[]").replace("*", "::"),
            port=int(port),
            process=process.group(1) if process else "",
        )
        found[socket] = None
    return Sockets(items=tuple(found)) if found else None


PARSE = parse
