"""The SSH server's effective settings, from `sshd -T`."""

from __future__ import annotations

from typing import Any

from dcctl.facts.ssh_server import SshMatch, SshServer


def parse(data: Any) -> SshServer | None:
    """None where no SSH server is installed."""
    if data["settings"] is None:
        return None
    settings: dict[str, str] = {}
    for line in data["settings"].splitlines():
        keyword, _, value = line.strip().partition(" ")
        if keyword:
            before = settings.get(keyword.lower())
            settings[keyword.lower()] = f"{before} {value}" if before else value
    matches = tuple(
        SshMatch(criteria=item["criteria"], settings=item["settings"])
        for item in data.get("matches", ())
    )
    return SshServer(settings=settings, matches=matches)


PARSE = parse
