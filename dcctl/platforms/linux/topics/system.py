"""Name, time zone, locale, name table."""

from __future__ import annotations

import re
from typing import Any

from dcctl.facts.system import HostsEntry, System


def parse(data: Any) -> System | None:
    """From the files that hold them."""
    zone = data["localtime"].rpartition("zoneinfo/")[2] or data["timezone"]
    locale = re.findall(r'(?m)^\s*LANG="?([^"\n]*)"?\s*$', data["locale"])
    found = data["container"]
    return System(
        hostname=data["hostname"].split(".")[0],
        time_zone=zone,
        locale=locale[-1] if locale else "",
        hosts=tuple(_hosts(data["hosts"])),
        container=bool(found and found != "none") or bool(data["container_manager"]),
        reboot_required=data["reboot_required"] if data["debian"] else None,
    )


def _hosts(text: str) -> list[HostsEntry]:
    entries = []
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if len(words) > 1:
            entries.append(HostsEntry(address=words[0], names=tuple(words[1:])))
    return entries


PARSE = parse
