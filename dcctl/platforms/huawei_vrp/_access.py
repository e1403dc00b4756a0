"""Who may administer a VRP router, from its current configuration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.facts.device_access import DeviceAccess
from dcctl.platforms._access import below
from dcctl.platforms._configuration import complete

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_WHOLE = (r"^sysname ", r"^return\s*\Z")
_PROTOCOLS = {"hwtacacs": "tacacs", "radius": "radius", "ldap": "ldap"}
_FLOWS = r"^(?:ip |ipv6 )?netstream export (?:ip |ipv6 )?host (\S+)"


def device_access(outputs: Sequence[Output]) -> DeviceAccess:
    """What is not stated differs from release to release: it is not guessed."""
    text = complete(outputs[0], *_WHOLE)
    asked = _methods("\n".join(below(text, r"aaa$")))
    kinds = tuple(dict.fromkeys(_PROTOCOLS[word] for word in asked if word in _PROTOCOLS))
    groups = re.findall(r"^snmp-agent group v3 (\S+)(?: (\w+))?", text, re.MULTILINE)
    return DeviceAccess(
        central=kinds,
        local_fallback="local" in asked if kinds else None,
        console_login=_console(below(text, r"user-interface con \d+")),
        failures_limited=_limited(text),
        snmp_weak=tuple(dict.fromkeys(name for name, level in groups if level != "privacy")),
        changes_logged=not re.search(r"^undo info-center enable", text, re.MULTILINE),
        flow_collectors=len(set(re.findall(_FLOWS, text, re.MULTILINE))),
        time_keys=_time_keys(text),
        file_servers=_file_servers(text),
        control_plane=", ".join(
            dict.fromkeys(re.findall(r"^ *cpu-defend-policy (\S+)", text, re.MULTILINE))
        ),
    )


def _time_keys(text: str) -> bool:
    """Whether NTP is authenticated, and every server by a key that is reliable."""
    head = r"^ntp(?:-service)?"
    servers = re.findall(rf"{head} unicast-(?:server|peer) (\S.*)$", text, re.MULTILINE)
    reliable = set(re.findall(rf"{head} reliable authentication-keyid (\d+)", text, re.MULTILINE))
    keys = [re.search(r"\bauthentication-keyid (\d+)", line) for line in servers]
    asked = re.search(rf"{head} authentication enable", text, re.MULTILINE)
    return bool(asked and keys) and all(key and key.group(1) in reliable for key in keys)


def _file_servers(text: str) -> tuple[str, ...]:
    stated = re.findall(r"^(FTP|TFTP)(?: ipv6)? server enable", text, re.MULTILINE | re.IGNORECASE)
    return tuple(dict.fromkeys(name.lower() for name in stated))


def _methods(aaa: str) -> list[str]:
    """How administrators are asked: the scheme of their domain, or the default one."""
    schemes: dict[str, str] = dict(
        re.findall(
            r"^ authentication-scheme (\S+)\n(?:  .*\n)*?  authentication-mode (.+)$",
            aaa,
            re.MULTILINE,
        )
    )
    domain = re.search(
        r"^ domain default_admin\n(?:  .*\n)*?  authentication-scheme (\S+)", aaa, re.MULTILINE
    )
    return schemes.get(domain.group(1) if domain else "default", "local").split()


def _console(lines: list[str]) -> bool | None:
    stated = [
        mode
        for line in lines
        for mode in re.findall(r"^ +authentication-mode (\S+)", line, re.MULTILINE)
    ]
    return "none" not in stated if stated else None


def _limited(text: str) -> bool | None:
    if re.search(r"^ *undo local-aaa-user wrong-password", text, re.MULTILINE):
        return False
    users = set(re.findall(r"^ *local-user (\S+) password ", text, re.MULTILINE))
    locked = set(re.findall(r"^ *local-user (\S+) state block fail-times \d+", text, re.MULTILINE))
    if users and users <= locked:
        return True
    stated = re.search(
        r"^ *local-aaa-user wrong-password retry-interval \d+ retry-time \d+", text, re.MULTILINE
    )
    return True if stated else None
