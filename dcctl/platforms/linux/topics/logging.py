"""Where a server's log goes, and how long it is kept."""

from __future__ import annotations

import re
from typing import Any

from dcctl.facts.logging import LogDestination, Logging

_SPANS = {"": 1, "s": 1, "sec": 1, "min": 60, "m": 60, "h": 3600, "hour": 3600, "d": 86400}
_SPANS |= {"day": 86400, "w": 604800, "week": 604800, "month": 2629800, "y": 31557600}
_SPANS |= {"year": 31557600}
_PERIODS = {"daily": 1, "weekly": 7, "monthly": 30, "yearly": 365}
_DAY = 86400


def parse(data: Any) -> Logging | None:
    """The forwarding actions of rsyslog, and the journal's settings."""
    connected = _peers(data["connections"])
    running = (data["rsyslog"] or {}).get("out", "").strip() == "active"
    found = [_action(text) for text in data["actions"]]
    found += [_legacy(text, data["legacy_tls"]) for text in data["legacy"]]
    destinations = tuple(
        LogDestination(
            host=host,
            port=port,
            protocol=protocol,
            tls=tls,
            connected=(running and (host, port) in connected) if protocol == "tcp" else None,
        )
        for host, port, protocol, tls in found
        if host
    )
    journal = dict(re.findall(r"(?m)^\s*(\w+)\s*=\s*(.*?)\s*$", data["journald"]))
    storage = journal.get("Storage", "auto")
    return Logging(
        destinations=destinations,
        retention_days=_retention(journal, data),
        persistent=storage == "persistent" or (storage == "auto" and data["journal_folder"]),
        timestamps=True,
    )


def _action(text: str) -> tuple[str, int, str, bool]:
    """`action(type="omfwd" target="…" port="6514" protocol="tcp" StreamDriverMode="1" …)`."""
    settings = {k.lower(): v for k, v in re.findall(r'([\w.]+)\s*=\s*"([^"]*)"', text)}
    port = settings.get("port", "514")
    return (
        settings.get("target", ""),
        int(port) if port.isdigit() else 514,
        settings.get("protocol", "udp").lower(),
        settings.get("streamdrivermode") == "1",
    )


def _legacy(text: str, tls: bool) -> tuple[str, int, str, bool]:  # noqa: FBT001 - one call, by name's order
    """`@@host:port` is TCP, `@host:port` UDP."""
    address = text.lstrip("@")
    if ")" in address:  # (o) and (z9) are options
        address = address.partition(")")[2]
    host, _, port = address.rpartition(":") if address.count(":") == 1 else (address, "", "")
    tcp = text.startswith("@@")
    return host or address, int(port or 514), "tcp" if tcp else "udp", tcp and tls


def _peers(answer: Any) -> set[tuple[str, int]]:
    peers = set()
    for line in (answer or {}).get("out", "").splitlines():
        columns = line.split()
        if len(columns) > 3:  # noqa: PLR2004 - Recv-Q Send-Q Local Peer
            host, _, port = columns[3].rpartition(":")
            peers.add((host.strip("[]").removeprefix("::ffff:"), int(port)))
    return peers


def _retention(journal: dict[str, str], data: Any) -> int | None:
    """Days: the journal's limit, else how far rsyslog's rotation goes back."""
    seconds = _span(journal.get("MaxRetentionSec", ""))
    if seconds:
        return seconds // _DAY
    rotation = data["logrotate"].get("rsyslog", "")
    if not rotation:
        return None
    every = _last(r"(?m)^\s*(daily|weekly|monthly|yearly)", rotation, data["logrotate_main"])
    count = _last(r"(?m)^\s*rotate\s+(\d+)", rotation, data["logrotate_main"])
    return int(count) * _PERIODS[every] if every and count else None


def _last(pattern: str, *texts: str) -> str:
    for text in texts:
        found = re.findall(pattern, text)
        if found:
            return str(found[-1])
    return ""


def _span(text: str) -> int:
    """Time spans as systemd writes them: `6month`, `180 days`, `7776000`."""
    total = 0
    for number, unit in re.findall(r"(\d+)\s*([A-Za-z]*)", text):
        total += int(number) * _SPANS.get(unit if unit == "m" else unit.lower().rstrip("s"), 1)
    return total


PARSE = parse
