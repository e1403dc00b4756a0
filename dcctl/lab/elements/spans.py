"""How several systems write how long something has lasted."""

from __future__ import annotations

_UNITS = (("year", 525600), ("week", 10080), ("day", 1440), ("hour", 60), ("minute", 1))  # minutes
_DAY, _WEEK_DAYS, _YEAR_DAYS = 86400, 7, 365


def in_words(seconds: float, between: str) -> str:
    """`2 weeks, 1 day, 4 hours, 12 minutes`, with `between` for the commas; a minute at least."""
    minutes = int(max(seconds, 60)) // 60
    parts = []
    for name, size in _UNITS:
        count, minutes = divmod(minutes, size)
        if count:
            parts.append(f"{count} {name}{'s' if count != 1 else ''}")
    return between.join(parts)


def in_table(seconds: float) -> str:
    """`00:04:12`, `3d04h`, `2w1d`, `1y3w`."""
    whole = int(max(seconds, 0))
    days, rest = divmod(whole, _DAY)
    if not days:
        return f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    if days < _WEEK_DAYS:
        return f"{days}d{rest // 3600:02d}h"
    if days < _YEAR_DAYS:
        return f"{days // _WEEK_DAYS}w{days % _WEEK_DAYS}d"
    return f"{days // _YEAR_DAYS}y{days % _YEAR_DAYS // _WEEK_DAYS}w"
