"""What an operational command looks at, and how Junos writes times."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def stamped(time: float) -> str:
    """`2026-11-22 14:00:05 UTC`."""
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M:%S} UTC"


def ago(seconds: float) -> str:
    """`3w2d 04:12`, `1d 02:03`, `04:12:33`: as Junos writes how long it has been."""
    whole = max(0, int(seconds))
    days, rest = divmod(whole, 86400)
    clock = f"{rest // 3600:02d}:{rest // 60 % 60:02d}"
    if days >= 7:  # noqa: PLR2004
        return f"{days // 7}w{days % 7}d {clock}"
    return f"{days}d {clock}" if days else f"{clock}:{rest % 60:02d}"


def lasted(seconds: float) -> str:
    """`1d 2:03:04`, `2:03:04`, `3:04`: as `show bgp summary` writes it."""
    whole = max(0, int(seconds))
    days, rest = divmod(whole, 86400)
    hours, minutes, rest_s = rest // 3600, rest // 60 % 60, rest % 60
    weeks, days = divmod(days, 7)
    lead = (f"{weeks}w" if weeks else "") + (f"{days}d " if days or weeks else "")
    if lead or hours:
        return f"{lead}{hours}:{minutes:02d}:{rest_s:02d}"
    return f"{minutes}:{rest_s:02d}"


def cell(text: Any) -> list[dict[str, Any]]:
    """A value as Junos's JSON holds it."""
    return [{"data": str(text)}]
