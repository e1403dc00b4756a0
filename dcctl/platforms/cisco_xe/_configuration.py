"""What the running configuration says of logging and of how the router is managed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.logging import LogDestination, Logging
from dcctl.facts.management import Management
from dcctl.platforms._configuration import complete, digests, first

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_HASHED = {"5", "8", "9"}  # types 0, 7 and 6 can be turned back into the password
_WHOLE = (r"^hostname ", r"^end\s*\Z")  # its beginning and its end
_DEFAULT_IDLE = 600  # seconds, IOS's own


def logging(outputs: Sequence[Output]) -> Logging:
    """Collectors and time stamps."""
    text = complete(outputs[0], *_WHOLE)
    destinations = []
    for line in re.findall(r"^logging host (\S.*)$", text, re.MULTILINE):
        words = line.split()
        host = words[0] if words[0] != "ipv6" else words[1]
        port = re.search(r"transport (?:udp|tcp|tls)(?: \S+)*? port (\d+)", line)
        protocol = re.search(r"transport (udp|tcp|tls)", line)
        kind = protocol.group(1) if protocol else "udp"
        destinations.append(
            LogDestination(
                host=host,
                port=int(port.group(1)) if port else None,
                protocol=kind,
                tls=kind == "tls",
            )
        )
    return Logging(
        destinations=tuple(destinations),
        timestamps=bool(re.search(r"^service timestamps log datetime", text, re.MULTILINE)),
        persistent=bool(re.search(r"^logging persistent", text, re.MULTILINE)),
    )


def management(outputs: Sequence[Output]) -> Management:
    """The management plane, as configured."""
    text = complete(outputs[0], *_WHOLE)
    lines = _sections(text, "vty")
    inputs = [words for line in lines for words in _values(line, "transport input")]
    idle = [_idle(line) for line in _sections(text, r"(?:con|vty)")]
    users = re.findall(r"^username (\S+) (.*)$", text, re.MULTILINE)
    access = sorted({words.split()[0] for line in lines for words in _values(line, "access-class")})
    limited = bool(lines) and all(_values(line, "access-class") for line in lines)
    return Management(
        hostname=first(r"^hostname (\S+)", text),
        ssh_version=int(first(r"^ip ssh version (\d)", text) or 2),
        telnet=any({"telnet", "all"} & set(words.split()) for words in inputs)
        or any(not _values(line, "transport input") for line in lines),
        http=bool(re.search(r"^ip http (?:secure-)?server$", text, re.MULTILINE)),
        password_encryption=bool(re.search(r"^service password-encryption$", text, re.MULTILINE)),
        idle_timeout_s=0 if 0 in idle else max(idle, default=None),
        login_banner=bool(re.search(r"^banner (?:login|motd) ", text, re.MULTILINE)),
        access_list=", ".join(access) if limited else "",
        snmp_communities=digests(re.findall(r"^snmp-server community (\S+)", text, re.MULTILINE)),
        root_login=False,  # IOS knows no root; who is who is in `users`
        users=tuple(name for name, _ in users),
        plain_passwords=tuple(name for name, rest in users if _reversible(rest)),
    )


def _sections(text: str, kind: str) -> list[str]:
    """What stands below each `line` of a kind: `vty`, `con`."""
    return re.findall(rf"^line {kind} [\d ]+\n((?:[ ]+.*\n)*)", text, re.MULTILINE)


def _values(section: str, name: str) -> list[str]:
    return re.findall(rf"^ +{name} (.*)$", section, re.MULTILINE)


def _idle(section: str) -> int:
    """Seconds until an idle session ends; 0 is never."""
    if re.search(r"^ +no exec-timeout", section, re.MULTILINE):
        return 0
    stated = _values(section, "exec-timeout")
    if not stated:
        return _DEFAULT_IDLE
    minutes, _, extra = stated[0].strip().partition(" ")
    return int(minutes) * 60 + int(extra or 0)


def _reversible(rest: str) -> bool:
    match = re.search(r"\b(?:password|secret) (?:(\d) )?\S+$", rest)
    return bool(match) and (match.group(1) or "0") not in _HASHED if match else False
