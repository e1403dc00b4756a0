"""What runs on a server."""

from __future__ import annotations

import shlex
from typing import Any

from dcctl.facts.version import Version


def parse(data: Any) -> Version | None:
    """From os-release and the firmware's tables."""
    release = dict(
        word.split("=", 1) for word in shlex.split(data["os_release"], comments=True) if "=" in word
    )
    uptime = data["uptime"].split()
    return Version(
        os=release.get("ID", "linux"),
        release=data["debian_version"] or release.get("VERSION_ID", ""),
        vendor=data["vendor"],
        model=data["model"],
        serial=data["serial"],
        hostname=data["hostname"],
        uptime_s=int(float(uptime[0])) if uptime else None,
    )


PARSE = parse
