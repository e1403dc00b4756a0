"""What an operational command looks at, and how SR OS writes rules and times."""

from __future__ import annotations

from datetime import UTC, datetime

DOUBLE, SINGLE = "=" * 79, "-" * 79
RELEASE = "23.10.R2"


def build(release: str) -> tuple[str, str, str]:
    """What a release says of itself."""
    year, month, revision = (*release.split("."), "", "")[:3]
    folder = f"/builds/{year}{month}B/{revision}/panos/main/sros"
    return (
        f"TiMOS-C-{release} cpm/hops64 Nokia 7750 SR Copyright (c) 2000-20{year} Nokia.",
        "All rights reserved. All use subject to applicable license agreements.",
        f"Built on Wed Nov 29 20:49:09 PST 20{year} by builder in {folder}",
    )


def lines(*rows: str) -> str:
    """Rows with their line ends; blanks at the end of a row go."""
    return "".join(f"{row.rstrip()}\n" for row in rows)


def table(title: str, *rows: str) -> str:
    """A titled block between double rules."""
    return lines(DOUBLE, title, DOUBLE, *rows, DOUBLE)


def moment(time: float) -> datetime:
    """A moment in UTC."""
    return datetime.fromtimestamp(time, UTC)


def stamped(time: float) -> str:
    """`2026/11/22 14:00:05`."""
    return f"{moment(time):%Y/%m/%d %H:%M:%S}"


def iso(time: float) -> str:
    """`2026-11-22T14:00:05.0Z`."""
    return f"{moment(time):%Y-%m-%dT%H:%M:%S.0Z}"


def lasted(seconds: float) -> str:
    """`00h02m54s`, `04d18h56m`: as protocol tables write it."""
    whole = max(0, int(seconds))
    days, rest = divmod(whole, 86400)
    if days:
        return f"{days:02d}d{rest // 3600:02d}h{rest // 60 % 60:02d}m"
    return f"{rest // 3600:02d}h{rest // 60 % 60:02d}m{rest % 60:02d}s"


def clock(seconds: float) -> str:
    """`0d 01:29:40`."""
    whole = max(0, int(seconds))
    days, rest = divmod(whole, 86400)
    return f"{days}d {rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"


def pair(left: str, value: str, right: str = "", other: str = "") -> str:
    """One row of facts: `Admin State        : up      Oper Duplex      : full`."""
    first = f"{left:<19}: {value}"
    return f"{left:<19}: {value:<26} {right:<17}: {other}" if right else first


def is_connector(name: str) -> bool:
    """`1/1/c1`, and not `1/1/c1/1`."""
    return name.rpartition("/")[2].startswith("c")
