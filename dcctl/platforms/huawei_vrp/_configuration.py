"""What the configuration says of logging and of how the router is managed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.logging import LogDestination, Logging
from dcctl.facts.management import Management
from dcctl.platforms._configuration import complete, digests, first

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_WHOLE = (r"^sysname ", r"^return\s*\Z")  # its beginning and its end
_DEFAULT_IDLE = 600  # seconds, VRP's own


def logging(outputs: Sequence[Output]) -> Logging:
    """Collectors and time stamps."""
    text = complete(outputs[0], *_WHOLE)
    hosts: dict[str, str] = {}
    for host, rest in re.findall(
        r"^info-center loghost (?:ipv6 )?([\d.]+|[\da-fA-F:]+)(.*)$", text, re.MULTILINE
    ):
        hosts[host] = hosts.get(host, "") + rest
    return Logging(
        destinations=tuple(
            LogDestination(
                host=host,
                port=int(port[1]) if (port := re.search(r"\bport (\d+)", rest)) else None,
                protocol=(
                    kind[1] if (kind := re.search(r"\btransport (udp|tcp)", rest)) else "udp"
                ),
                tls="ssl-policy" in rest,
            )
            for host, rest in hosts.items()
        ),
        persistent=bool(re.search(r"^info-center logfile ", text, re.MULTILINE)),
        # VRP writes dates unless it is told not to.
        timestamps=not re.search(r"^info-center timestamp log none", text, re.MULTILINE),
    )


def management(outputs: Sequence[Output]) -> Management:
    """The management plane, as configured."""
    text = complete(outputs[0], *_WHOLE)
    terminals = _sections(text, r"user-interface vty \d+(?: \d+)?")
    everyone = [*terminals, *_sections(text, r"user-interface con \d+")]
    protocols = [words for section in terminals for words in _values(section, "protocol inbound")]
    users = re.findall(r"^ local-user (\S+) password (\S+)", text, re.MULTILINE)
    named = re.findall(r"^ local-user (\S+) ", text, re.MULTILINE)
    lists = sorted({words for section in terminals for words in _acls(section)})
    limited = bool(terminals) and all(_acls(section) for section in terminals)
    idle = [_idle(section) for section in everyone]
    offered = not protocols or any(words in ("telnet", "all") for words in protocols)
    return Management(
        hostname=first(r"^sysname (\S+)", text),
        ssh_version=1
        if re.search(r"^ssh server compatible-ssh1x enable", text, re.MULTILINE)
        else 2,
        telnet=_telnet(outputs[1]) if offered else False,
        http=_http(text),
        password_encryption=all(kind in ("irreversible-cipher", "cipher") for _, kind in users),
        idle_timeout_s=0 if 0 in idle else max(idle, default=None),
        login_banner=bool(re.search(r"^header (?:login|shell) ", text, re.MULTILINE)),
        access_list=", ".join(lists) if limited else "",
        snmp_communities=digests(
            re.findall(
                r"^snmp-agent community (?:read|write) (?:cipher )?(\S+)", text, re.MULTILINE
            )
        ),
        root_login=False,  # VRP knows no root; who is who is in `users`
        users=tuple(dict.fromkeys(named)),
        plain_passwords=tuple(name for name, kind in users if kind != "irreversible-cipher"),
    )


def _telnet(status: Output) -> bool | None:
    """Whether the server runs: the configuration tells only what is not a release's default."""
    stated = re.findall(
        r"^\s*TELNET (?:IPv[46] )?server\s*:\s*(\w+)", status.text, re.MULTILINE | re.IGNORECASE
    )
    return any(word.lower().startswith("enable") for word in stated) if stated else None


def _http(text: str) -> bool | None:
    """Routers of V800 have no web server; elsewhere what is not stated is a release's default."""
    if re.search(r"^http (?:secure-)?server enable", text, re.MULTILINE):
        return True
    stated = re.search(r"^undo http server enable", text, re.MULTILINE)
    return False if stated or re.search(r"^!Software Version V800R", text, re.MULTILINE) else None


def _sections(text: str, kind: str) -> list[str]:
    return re.findall(rf"^{kind}\n((?:[ ]+.*\n)*)", text, re.MULTILINE)


def _values(section: str, name: str) -> list[str]:
    return re.findall(rf"^ +{name} (.*?)\s*$", section, re.MULTILINE)


def _acls(section: str) -> list[str]:
    return [words.split()[0] for words in _values(section, "acl") if words.endswith("inbound")]


def _idle(section: str) -> int:
    """Seconds until an idle session ends; 0 is never."""
    stated = _values(section, "idle-timeout")
    if not stated:
        return _DEFAULT_IDLE
    minutes, _, extra = stated[0].partition(" ")
    return int(minutes) * 60 + int(extra or 0)
