"""Units, from systemctl."""

from __future__ import annotations

from typing import Any

from dcctl.facts.services import Services, Unit

_COLUMNS = 4  # UNIT LOAD ACTIVE SUB DESCRIPTION


def parse(data: Any) -> Services | None:
    """Loaded units, joined with how their files are enabled."""
    enabled = {
        words[0]: words[1] for words in map(str.split, data["files"].splitlines()) if len(words) > 1
    }
    units = []
    for line in data["units"].splitlines():
        words = line.split(None, _COLUMNS)
        if len(words) < _COLUMNS or words[1] == "not-found":
            continue
        name = words[0]
        family = f"{name.partition('@')[0]}@.{name.rpartition('.')[2]}" if "@" in name else name
        units.append(
            Unit(
                name=name,
                active=words[2],
                sub=words[3],
                enabled=enabled.get(name, enabled.get(family, "")),
            )
        )
    return Services(units=tuple(units), state=data["state"]) if units else None


PARSE = parse
