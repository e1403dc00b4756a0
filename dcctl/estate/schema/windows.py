"""inventory/windows.yml: maintenance windows, and days on which nothing is touched."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from dcctl.estate.schema.base import Model, Name
from dcctl.text import N_

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]\Z|24:00\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


@cache
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError):  # no such file, a path, no such zone
        return False
    return True


def _zone(value: str) -> str:
    if not _is_zone(value):
        message = N_("{key}: {value} is no time zone that this machine knows, as Asia/Ho_Chi_Minh")
        raise ValueError(message)
    return value


def _time(value: str) -> str:
    if not _TIME.match(value):
        message = N_('{key}: {value} is no time of day, as in "22:00" (quoted)')
        raise ValueError(message)
    return value


def _date(value: str) -> str:
    try:
        if _DATE.match(value):
            date.fromisoformat(value)
            return value
    except ValueError:
        pass
    message = N_("{key}: {value} is no date, as in 2027-02-06")
    raise ValueError(message)


Zone = Annotated[str, AfterValidator(_zone), Field(description="IANA, as in Asia/Ho_Chi_Minh")]
Time = Annotated[str, AfterValidator(_time), Field(description='"22:00", always quoted')]
Day = Annotated[str, AfterValidator(_date), Field(description="2027-02-06")]
Pattern = Annotated[str, Field(min_length=1, pattern=r"^[^@]+$", description="a host pattern")]


class WindowEntry(Model):
    """A window that comes again."""

    name: Name
    zone: Zone | None = None
    hosts: Pattern | None = None
    sites: Annotated[list[Name], Field(min_length=1)] | None = None
    days: Annotated[list[Weekday], Field(min_length=1)] = list(DAYS)
    opens: Time
    closes: Time = Field(description="at or before `opens`: on the next day")
    since: Day | None = None
    until: Day | None = None


class FreezeEntry(Model):
    """Days on which nothing is touched, whatever window there is."""

    first: Day
    last: Day
    reason: Name
    zone: Zone | None = None
    hosts: Pattern | None = None
    sites: Annotated[list[Name], Field(min_length=1)] | None = None


class Windows(Model):
    """The whole file."""

    zone: Zone = "UTC"
    windows: list[WindowEntry] = []
    freezes: list[FreezeEntry] = []
    concurrency: dict[Name, Annotated[int, Field(ge=1, le=1000)]] = Field(
        default={}, description="site -> elements at once during a campaign"
    )
