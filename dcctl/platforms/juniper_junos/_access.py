"""Who may administer a Junos router, from its configuration as `set` lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.facts.device_access import DeviceAccess
from dcctl.platforms.juniper_junos._configuration import lines_of, under

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output
    from dcctl.platforms.juniper_junos._change import Words

_PROTOCOLS = {"tacplus": "tacacs", "radius": "radius", "ldaps": "ldap"}
_TOLD = ("any", "change-log", "interactive-commands")


def device_access(outputs: Sequence[Output]) -> DeviceAccess:
    """Junos asks its own users when no server answers, and always at the console."""
    lines = lines_of(outputs[0])
    order = [
        word
        for words in under(lines, "system", "authentication-order")
        for word in words
        if word not in "[]"
    ]
    retries = [words[0] for words in under(lines, "system", "login", "retry-options")]
    return DeviceAccess(
        central=tuple(_PROTOCOLS[word] for word in order if word in _PROTOCOLS),
        local_fallback=True if any(word in _PROTOCOLS for word in order) else None,
        console_login=True,
        failures_limited="lockout-period" in retries,
        snmp_weak=_weak(lines),
        changes_logged=_told(lines),
        flow_collectors=len(_servers(lines)),
        time_keys=_time_keys(lines),
        file_servers=("ftp",) if any(_stated(lines, "system", "services", "ftp")) else (),
        control_plane=", ".join(
            words[-1]
            for words in under(lines, "interfaces", "lo0")
            if "filter" in words and ("input" in words or "input-list" in words)
        ),
    )


def _stated(lines: list[Words], *path: str) -> list[Words]:
    """The lines of a statement, also where nothing follows it."""
    return [words for words in lines if words[0] == "set" and words[1 : 1 + len(path)] == path]


def _time_keys(lines: list[Words]) -> bool:
    """Whether every server is asked by a key that is trusted."""
    said = under(lines, "system", "ntp", "server")
    servers = {words[0] for words in said}
    keys = {words[0]: words[words.index("key") + 1] for words in said if "key" in words[:-1]}
    trusted = {word for words in under(lines, "system", "ntp", "trusted-key") for word in words} - {
        "[",
        "]",
    }
    return bool(servers) and all(keys.get(server) in trusted for server in servers)


def _weak(lines: list[Words]) -> tuple[str, ...]:
    """Groups of SNMP whose level is not `privacy`."""
    found = [
        words[0]
        for words in under(lines, "snmp", "v3", "vacm", "access", "group")
        if "security-level" in words and words[words.index("security-level") + 1] != "privacy"
    ]
    return tuple(dict.fromkeys(found))


def _told(lines: list[Words]) -> bool:
    """Whether some host or file takes what is changed."""
    return any(
        len(words) > 1 and words[1] in _TOLD
        for kind in ("host", "file")
        for words in under(lines, "system", "syslog", kind)
    )


def _servers(lines: list[Words]) -> set[str]:
    return {
        words[words.index("flow-server") + 1]
        for words in under(lines, "forwarding-options", "sampling")
        if "flow-server" in words[:-1]
    }
