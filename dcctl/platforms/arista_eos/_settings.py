"""What EOS's running configuration says of time, logging and management."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.logging import LogDestination, Logging
from dcctl.facts.management import Management
from dcctl.facts.time_sync import TimeSync
from dcctl.platforms._configuration import digests, first
from dcctl.platforms._parsing import expect, text_of
from dcctl.platforms.arista_eos._answers import data_of, decimal, part, running, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_REVERSIBLE = re.compile(r"^username (\S+) .*\b(?:secret 0|nopassword)\b", re.MULTILINE)


def time_sync(outputs: Sequence[Output]) -> TimeSync:
    """Whether the clock follows a server, and how closely."""
    status, associations = text_of(outputs[0]), outputs[1]
    if re.search(r"NTP is disabled", status):
        return TimeSync(synchronised=False)
    stated = re.search(r"^(un)?synchroni[sz]ed", status, re.MULTILINE)
    expect(stated, outputs[0], "no clock state")
    peers = part(associations, data_of(associations, "peers"), "peers")
    chosen = next((one for one in peers.values() if one.get("condition") == "sys.peer"), None)
    offset = decimal(associations, chosen or {}, "offset")
    return TimeSync(
        synchronised=bool(stated and not stated.group(1)),
        servers=tuple(str(one.get("peerIpAddr") or name) for name, one in peers.items()),
        source=str((chosen or {}).get("peerIpAddr") or ""),
        stratum=_stratum(status) or whole(associations, chosen or {}, "stratumLevel"),
        offset_s=None if offset is None else round(offset / 1000, 9),
    )


def _stratum(status: str) -> int | None:
    found = re.search(r"at stratum (\d+)", status)
    return int(found.group(1)) if found else None


def logging(outputs: Sequence[Output]) -> Logging:
    """Collectors and time stamps."""
    text = running(outputs[0])
    destinations = []
    for line in re.findall(r"^logging (?:vrf \S+ )?host (\S.*)$", text, re.MULTILINE):
        words = line.split()
        protocol = re.search(r"\bprotocol (\w+)", line)
        kind = protocol.group(1) if protocol else "udp"
        port = next((int(word) for word in words[1:2] if word.isdigit()), None)
        destinations.append(
            LogDestination(host=words[0], port=port, protocol=kind, tls=kind == "tls")
        )
    return Logging(
        destinations=tuple(destinations),
        # EOS stamps every message with the time; only the form can be chosen.
        timestamps=True,
        persistent=bool(re.search(r"^logging persistent", text, re.MULTILINE)),
    )


def management(outputs: Sequence[Output]) -> Management:
    """The management plane, as configured."""
    text = running(outputs[0])
    ssh, telnet = _section(text, "management ssh"), _section(text, "management telnet")
    http = _section(text, "management api http-commands")
    idle = re.search(r"^\s+idle-timeout (\d+)", ssh, re.MULTILINE)
    access = re.search(r"^\s+ip access-group (\S+) (?:vrf \S+ )?in", ssh, re.MULTILINE)
    return Management(
        hostname=first(r"^hostname (\S+)", text),
        ssh_version=2,  # EOS speaks no other
        telnet=bool(re.search(r"^\s+no shutdown", telnet, re.MULTILINE)),
        http=bool(re.search(r"^\s+no shutdown", http, re.MULTILINE))
        and bool(re.search(r"^\s+protocol http(?:\s|$)", http, re.MULTILINE)),
        password_encryption=True,  # EOS stores hashes only
        idle_timeout_s=int(idle.group(1)) * 60 if idle else 0,
        login_banner=bool(re.search(r"^banner (?:login|motd)", text, re.MULTILINE)),
        access_list=access.group(1) if access else "",
        snmp_communities=digests(re.findall(r"^snmp-server community (\S+)", text, re.MULTILINE)),
        root_login=bool(re.search(r"^aaa root (?:secret|nopassword)", text, re.MULTILINE)),
        users=tuple(dict.fromkeys(re.findall(r"^username (\S+)", text, re.MULTILINE))),
        plain_passwords=tuple(_REVERSIBLE.findall(text)),
    )


def _section(text: str, name: str) -> str:
    """What stands below a top line."""
    found = re.search(rf"^{re.escape(name)}\n((?:[ ]+.*\n)*)", text, re.MULTILINE)
    return found.group(1) if found else ""
