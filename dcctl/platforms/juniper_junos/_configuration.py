"""What the configuration (as `set` lines) says of logging and of how the router is managed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.facts.logging import LogDestination, Logging
from dcctl.facts.management import Management
from dcctl.platforms._configuration import digests
from dcctl.platforms._parsing import expect, text_of
from dcctl.platforms.juniper_junos._change import Words, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.contracts import Output


def logging(outputs: Sequence[Output]) -> Logging:
    """Collectors, and whether time stamps are exact."""
    lines = lines_of(outputs[0])
    hosts: dict[str, dict[str, str]] = {}
    for words in under(lines, "system", "syslog", "host"):
        settings = hosts.setdefault(words[0], {})
        if len(words) > 2 and words[1] in ("port", "transport"):  # noqa: PLR2004 - HOST NAME VALUE
            settings[words[1]] = words[2]
    return Logging(
        destinations=tuple(
            LogDestination(
                host=host,
                port=int(settings["port"]) if "port" in settings else None,
                protocol=settings.get("transport", "udp"),
                tls=settings.get("transport") == "tls",
            )
            for host, settings in hosts.items()
        ),
        persistent=any(True for _ in under(lines, "system", "syslog", "file")),
        timestamps=any(True for _ in under(lines, "system", "syslog", "time-format")),
    )


def management(outputs: Sequence[Output]) -> Management:
    """The management plane, as configured."""
    lines = lines_of(outputs[0])
    services = {words[0] for words in under(lines, "system", "services")}
    users = list(dict.fromkeys(words[0] for words in under(lines, "system", "login", "user")))
    idle = [int(w[2]) for w in under(lines, "system", "login", "class") if w[1] == "idle-timeout"]
    filters = [w for w in under(lines, "interfaces", "lo0") if "filter" in w and "input" in w]
    spoken = [w[0] for w in under(lines, "system", "services", "ssh", "protocol-version")]
    root = [words[0] for words in under(lines, "system", "services", "ssh", "root-login")]
    plain = [
        words[0]
        for words in under(lines, "system", "login", "user")
        if "plain-text-password" in words or "plain-text-password-value" in words
    ]
    return Management(
        hostname=next((words[0] for words in under(lines, "system", "host-name")), ""),
        ssh_version=_ssh_version(spoken) if "ssh" in services else None,
        telnet="telnet" in services,
        http="web-management" in services,
        password_encryption=not plain,
        idle_timeout_s=max(idle) * 60 if idle else 0,  # the one that waits longest
        login_banner=any(
            True
            for kind in ("message", "announcement")
            for _ in under(lines, "system", "login", kind)
        ),
        access_list=filters[0][-1] if filters else "",
        snmp_communities=digests(
            dict.fromkeys(words[0] for words in under(lines, "snmp", "community"))
        ),
        root_login=root != ["deny"] if "ssh" in services else None,
        users=tuple(users),
        plain_passwords=tuple(plain),
    )


def _ssh_version(spoken: list[str]) -> int:
    """The oldest version that is still spoken; 2 unless it says otherwise."""
    return 1 if any("v1" in value for value in spoken) else 2


def lines_of(output: Output) -> list[Words]:
    """The configuration's lines."""
    lines = parse(text_of(output))
    expect(any(under(lines, "system", "host-name")), output, "not a whole configuration")
    return lines


def under(lines: list[Words], *path: str) -> list[Words]:
    """What follows `path` in every `set` line that begins with it."""
    return [
        words[1 + len(path) :]
        for words in lines
        if words[0] == "set" and words[1 : 1 + len(path)] == path and len(words) > 1 + len(path)
    ]
