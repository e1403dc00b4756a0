"""Error counters of a server's interfaces, from /proc/net/dev (proc(5))."""

from __future__ import annotations

from typing import Any

from dcctl.facts.error_counters import ErrorCounter, ErrorCounters


def parse(data: Any) -> ErrorCounters | None:
    """Of every interface but the loopback."""
    items = tuple(
        ErrorCounter(interface=name, in_errors=int(received), out_errors=int(sent))
        for name, (received, sent) in sorted(data["errors"].items())
        if name != "lo"
    )
    return ErrorCounters(items=items) if items else None


PARSE = parse
