"""Who may administer an SR OS router, from its configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.facts.device_access import DeviceAccess
from dcctl.platforms.nokia_sros._configuration import read
from dcctl.platforms.nokia_sros._tree import Tree, at, entries, value, values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output

_PROTOCOLS = {"tacplus": "tacacs", "radius": "radius", "ldap": "ldap"}


def device_access(outputs: Sequence[Output]) -> DeviceAccess:
    """SR OS asks its own users where nothing else is configured, at the console too."""
    tree = read(outputs[0])
    security = at(tree, "system", "security")
    order = values(at(security, "user-params", "authentication-order"), "order")
    kinds = tuple(_PROTOCOLS[word] for word in order if word in _PROTOCOLS)
    return DeviceAccess(
        central=tuple(kind for kind in kinds if _servers(security, kind)),
        local_fallback="local" in order if kinds else None,
        console_login=True,
        failures_limited=_limited(security),
        snmp_weak=_weak(security),
        changes_logged=_told(at(tree, "log")),
        flow_collectors=_collectors(at(tree, "cflowd")),
        time_keys=_time_keys(at(tree, "system", "time", "ntp")),
        file_servers=("ftp",) if value(security, "ftp-server") == "true" else (),
        control_plane=_policed(security),
    )


def _servers(security: Tree, kind: str) -> bool:
    name = {"tacacs": "tacplus"}.get(kind, kind)
    remote = at(security, "aaa", "remote-servers", name)
    return value(remote, "admin-state") != "disable" and any(
        True for _ in entries(remote, "server")
    )


def _limited(security: Tree) -> bool:
    """Three failures within five minutes lock a user for ten unless it says otherwise."""
    lockout = value(at(security, "user-params", "attempts"), "lockout", "10")
    return lockout not in ("0", "none")


def _weak(security: Tree) -> tuple[str, ...]:
    """Groups of SNMP that somebody gets into without encryption."""
    found = (
        (entry.words, name)
        for entry, name in (
            (statement, statement.words[1].strip('"'))
            for statement in at(security, "snmp").statements.values()
            if statement.words[0] == "access" and len(statement.words) > 1
        )
    )
    return tuple(dict.fromkeys(name for words, name in found if "privacy" not in words))


def _told(log: Tree) -> bool:
    """Whether some log takes what is changed and goes somewhere."""
    return any(
        value(at(below, "source"), "change") == "true" and at(below, "destination").statements
        for _, below in entries(log, "log-id")
    )


def _collectors(cflowd: Tree) -> int:
    if value(cflowd, "admin-state", "disable") == "disable":
        return 0
    return len(
        {
            name
            for name, below in entries(cflowd, "collector")
            if value(below, "admin-state", "enable") != "disable"
        }
    )


def _time_keys(ntp: Tree) -> bool:
    """Whether what is not signed is refused, and every server is asked by a key."""
    asked = [below for kind in ("server", "peer") for _, below in entries(ntp, kind)]
    known = {name for name, _ in entries(ntp, "authentication-key")}
    checked = value(ntp, "authentication-check", "true") == "true"
    return bool(asked) and checked and all(value(below, "key-id") in known for below in asked)


def _policed(security: Tree) -> str:
    """What limits what reaches the CPM."""
    names = ("cpm-filter", "cpm-queue", "dist-cpu-protection")
    return ", ".join(name for name in names if at(security, name).statements)
