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

_WHOLE = (r"^hostname ", r"^end\s*\Z")  # its beginning and its end
_DEFAULT_IDLE = 600  # seconds, IOS XR's own
_COLLECTOR = re.compile(
    r"^logging (?P<host>\d+\.\d+\.\d+\.\d+|[0-9A-Fa-f:]*:[0-9A-Fa-f:]+)(?: vrf \S+)?"
    r"(?: severity \S+)?(?: operator \S+)?(?: port (?P<port>\d+|default))?\s*$",
    re.MULTILINE,
)


def whole(output: Output) -> str:
    """The text of a whole configuration.

    Raises:
        Unparsed: not all of it is there.
    """
    return complete(output, *_WHOLE)


def logging(outputs: Sequence[Output]) -> Logging:
    """Collectors and time stamps."""
    text = complete(outputs[0], *_WHOLE)
    plain = [
        LogDestination(
            host=match["host"],
            port=int(match["port"]) if (match["port"] or "").isdigit() else None,
            protocol="udp",
            tls=False,
        )
        for match in _COLLECTOR.finditer(text)
    ]
    secured = [
        LogDestination(host=host, protocol="tcp", tls=True)
        for section in _sections(text, r"logging tls-server \S+")
        for host in re.findall(r"^ address (?:ipv[46]|hostname) (\S+)", section, re.MULTILINE)
    ]
    return Logging(
        destinations=(*plain, *secured),
        timestamps=not re.search(r"^service timestamps log (?:disable|uptime)", text, re.MULTILINE),
        persistent=bool(_sections(text, "logging archive")),
    )


def management(outputs: Sequence[Output]) -> Management:
    """The management plane, as configured."""
    text = complete(outputs[0], *_WHOLE)
    lines = _sections(text, r"line (?:default|console|template \S+)")
    idle = [_idle(line) for line in lines]
    users = dict(re.findall(r"^username (\S+)\n((?: .*\n)*)", text, re.MULTILINE))
    plain = [name for name, below in users.items() if "\n password " in f"\n{below}"]
    return Management(
        hostname=first(r"^hostname (\S+)", text),
        ssh_version=_ssh_version(text),
        telnet=bool(re.search(r"^telnet (?:vrf \S+ )?ipv[46] server", text, re.MULTILINE)),
        http=bool(re.search(r"^http server", text, re.MULTILINE)),
        password_encryption=True,  # IOS XR shows and keeps no password as it was typed
        idle_timeout_s=0 if 0 in idle else max(idle, default=_DEFAULT_IDLE),
        login_banner=bool(re.search(r"^banner (?:login|motd) ", text, re.MULTILINE)),
        access_list=", ".join(_access(text)),
        snmp_communities=digests(re.findall(r"^snmp-server community (\S+)", text, re.MULTILINE)),
        root_login="root" in users,
        users=tuple(users),
        plain_passwords=tuple(plain),
    )


def _ssh_version(text: str) -> int | None:
    """Without `v2` the server takes version 1 too."""
    if re.search(r"^ssh server v2$", text, re.MULTILINE):
        return 2
    return 1 if re.search(r"^ssh server\b", text, re.MULTILINE) else None


def _access(text: str) -> list[str]:
    """The lists that limit every door: each `ssh server vrf` its own, or the default line's."""
    doors = re.findall(r"^ssh server vrf (\S+)((?: ipv4 access-list \S+)?)", text, re.MULTILINE)
    if doors and all(access for _, access in doors):
        return sorted({access.split()[-1] for _, access in doors})
    default = "\n".join(_sections(text, "line default"))
    return sorted(set(re.findall(r"^ access-class ingress (\S+)", default, re.MULTILINE)))


def _sections(text: str, head: str) -> list[str]:
    """What stands below each line that is `head`."""
    return re.findall(rf"^{head}\s*\n((?: .*\n)*)", text, re.MULTILINE)


def _idle(section: str) -> int:
    """Seconds until an idle session ends; 0 is never."""
    stated = re.search(r"^ exec-timeout (\d+)(?: (\d+))?", section, re.MULTILINE)
    if not stated:
        return _DEFAULT_IDLE
    return int(stated.group(1)) * 60 + int(stated.group(2) or 0)
