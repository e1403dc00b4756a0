"""What NX-OS says of its time, and its running configuration of logging and management."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.logging import LogDestination, Logging
from dcctl.facts.management import Management
from dcctl.facts.time_sync import TimeSync
from dcctl.platforms._configuration import complete, digests, first
from dcctl.platforms._parsing import expect, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_HASHED = {"5", "8", "9"}  # types 0, 6 and 7 can be turned back into the password
_DEFAULT_IDLE = 30  # minutes, NX-OS's own on a vty
_PEER = re.compile(
    r"^(?P<mark>[*+\-= ])(?P<remote>[\d.]+|[0-9a-f:]+)\s+\S+\s+(?P<stratum>\d+)\s+\d+\s+\d+\s+",
    re.MULTILINE,
)


def time_sync(outputs: Sequence[Output]) -> TimeSync:
    """Whether the clock follows a server; NX-OS doesn't tell how closely."""
    peers, status = (text_of(output) for output in outputs)
    expect("Serv/Peer" in peers or not peers.strip(), outputs[0], "no list of peers")
    total = re.search(r"Total peers\s*:\s*(\d+)", status)
    rows = list(_PEER.finditer(status))
    expect(total and int(total.group(1)) == len(rows), outputs[1], "not every peer was understood")
    chosen = next((row for row in rows if row["mark"] == "*"), None)
    configured = re.findall(r"^\s*([\d.]+|[0-9a-f:]+)\s+(?:Server|Peer)\b", peers, re.MULTILINE)
    return TimeSync(
        synchronised=chosen is not None,
        servers=tuple(configured),
        source=chosen["remote"] if chosen else "",
        stratum=int(chosen["stratum"]) + 1 if chosen else None,
    )


def running(output: Output) -> str:
    """The whole running configuration: NX-OS begins it with its command, and ends it with none."""
    return complete(output, r"^version \S", r"^(?:hostname|switchname) \S")


def logging(outputs: Sequence[Output]) -> Logging:
    """Collectors and time stamps."""
    text = running(outputs[0])
    destinations = []
    for line in re.findall(r"^logging server (\S.*)$", text, re.MULTILINE):
        port = re.search(r"\bport (\d+)", line)
        secure = bool(re.search(r"\bsecure\b", line))
        destinations.append(
            LogDestination(
                host=line.split()[0],
                port=int(port.group(1)) if port else None,
                protocol="tls" if secure else "udp",
                tls=secure,
            )
        )
    return Logging(
        destinations=tuple(destinations),
        timestamps=True,  # every message has one; `logging timestamp` only makes it finer
        persistent=bool(re.search(r"^logging logfile ", text, re.MULTILINE)),
    )


def management(outputs: Sequence[Output]) -> Management:
    """The management plane, as configured."""
    text = running(outputs[0])
    lines = _section(text, "line vty")
    users = re.findall(r"^username (\S+) password (\d) ", text, re.MULTILINE)
    idle = re.search(r"^\s+exec-timeout (\d+)", lines, re.MULTILINE)
    access = re.search(r"^\s+access-class (\S+) in", lines, re.MULTILINE)
    return Management(
        hostname=first(r"^(?:hostname|switchname) (\S+)", text),
        ssh_version=2,  # NX-OS speaks no other
        telnet=bool(re.search(r"^feature telnet$", text, re.MULTILINE)),
        http=bool(re.search(r"^nxapi http port ", text, re.MULTILINE)),
        password_encryption=True,  # NX-OS stores hashes only
        idle_timeout_s=(int(idle.group(1)) if idle else _DEFAULT_IDLE) * 60,
        login_banner=bool(re.search(r"^banner motd ", text, re.MULTILINE)),
        access_list=access.group(1) if access else "",
        snmp_communities=digests(re.findall(r"^snmp-server community (\S+)", text, re.MULTILINE)),
        root_login=bool(re.search(r"^feature bash-shell$", text, re.MULTILINE)),
        users=tuple(dict.fromkeys(re.findall(r"^username (\S+)", text, re.MULTILINE))),
        plain_passwords=tuple(name for name, kind in users if kind not in _HASHED),
    )


def _section(text: str, name: str) -> str:
    found = re.search(rf"^{re.escape(name)}\n((?:[ ]+.*\n?)*)", text, re.MULTILINE)
    return found.group(1) if found else ""
