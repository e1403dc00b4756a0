"""File integrity, by what AIDE leaves behind."""

from __future__ import annotations

from typing import Any

from dcctl.facts.integrity import Integrity


def parse(data: Any) -> Integrity:
    """A server without a tool has none."""
    if not data["installed"]:
        return Integrity()
    return Integrity(
        tool="aide",
        database=bool(data["database"]),
        checked_age_s=data["checked_age_s"],
        scheduled=bool(data["scheduled"]),
    )


PARSE = parse
