"""Installed packages and pending updates."""

from __future__ import annotations

import re
from typing import Any

from dcctl.facts.packages import Package, Packages

_SIMULATED = re.compile(r"(?m)^Inst (\S+)(?: \[[^\]]*\])? \((.*)\)?.*$")


def parse(data: Any) -> Packages | None:
    """From dpkg and a simulated upgrade, or from rpm (whose updates are not read)."""
    rows = [line.split("\t") for line in data["installed"].splitlines()]
    installed = tuple(
        Package(name=row[0], version=row[1])
        for row in rows
        if len(row) == 3 and row[2] == "installed"  # noqa: PLR2004 - name, version, state
    )
    if not installed:
        return None
    simulated = data.get("simulated")
    if simulated is None or simulated["code"] != 0:
        return Packages(
            manager=data["manager"], installed=installed, lists_age_s=data.get("lists_age_s")
        )
    pending = _SIMULATED.findall(simulated["out"])
    return Packages(
        manager=data["manager"],
        installed=installed,
        updates=len(pending),
        security_updates=tuple(name for name, origin in pending if "ecurity" in origin),
        lists_age_s=data["lists_age_s"],
    )


PARSE = parse
