"""Whose logs a collector receives, by the files that rsyslog keeps for each sender."""

from __future__ import annotations

from typing import Any

from dcctl.facts.log_sources import LogSource, LogSources


def parse(data: Any) -> LogSources:
    """A server that collects nothing has heard nobody."""
    items = tuple(LogSource(address=str(address), age_s=int(age)) for address, age in data["items"])
    return LogSources(items=items, unread=int(data["unread"]))


PARSE = parse
