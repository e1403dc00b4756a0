"""The clock of a server: chrony, else systemd-timesyncd."""

from __future__ import annotations

from typing import Any

from dcctl.facts.time_sync import TimeSync

# Columns of `chronyc -c tracking`.
_ID, _SOURCE, _STRATUM, _OFFSET, _LAST_OFFSET, _LEAP = 0, 1, 2, 4, 5, 13
_UNSET, _LOCAL = "00000000", "7F7F0101"


def parse(data: Any) -> TimeSync | None:
    """None where nothing keeps the time."""
    servers = tuple(dict.fromkeys(line.split()[1] for line in data["configured"]))
    tracking = data["tracking"]
    if tracking is not None and tracking["code"] == 0:
        return _chrony(tracking["out"], servers)
    control = data["timedatectl"]
    if control is not None and control["code"] == 0 and data["timesyncd"]:
        told = _pairs(control["out"])
        own = _pairs(data["timesyncd"]["out"])
        names = own.get("SystemNTPServers", own.get("FallbackNTPServers", "")).split()
        return TimeSync(
            synchronised=told.get("NTPSynchronized") == "yes" and told.get("NTP") == "yes",
            servers=servers or tuple(names),
            source=own.get("ServerName", ""),
        )
    return TimeSync(synchronised=False, servers=servers) if tracking or servers else None


def _chrony(line: str, servers: tuple[str, ...]) -> TimeSync:
    columns = line.strip().split(",")
    reference = columns[_ID]
    local = reference == _LOCAL
    # A chronyd that may not set the clock (-x) goes by a corrected one of its own, from which the
    # first is counted; the second is then how far the machine's clock is off.
    offset = max(float(columns[_OFFSET]), float(columns[_LAST_OFFSET]), key=abs)
    follows = columns[_LEAP] != "Not synchronised" and reference != _UNSET and not local
    return TimeSync(
        synchronised=follows,
        servers=servers,
        source="local" if local else columns[_SOURCE] if follows else "",
        stratum=int(columns[_STRATUM]),
        offset_s=offset if follows or local else None,
    )


def _pairs(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


PARSE = parse
