"""Whether a target may be touched now, when it may be next, and until when; pure functions.

A wall clock that is put forward or back inside a window never makes it longer than either reading
of the clock would: it opens at the later and closes at the earlier of the two.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dcctl.errors import Refused
from dcctl.model.calendar import Opening
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from dcctl.model.calendar import Calendar, Freeze, Window
    from dcctl.model.target import Target

HORIZON_DAYS = 800  # how far a next opening is looked for
_DAY = timedelta(days=1)
_MINUTES = 24 * 60


def opening(target: Target, calendar: Calendar, at: datetime) -> Opening | None:
    """The opening that `at` (aware) lies in; None when the target may not be touched then."""
    return next(
        (one for one in _openings(target, calendar, at, days=1) if one.opens <= at < one.closes),
        None,
    )


def next_opening(
    target: Target, calendar: Calendar, at: datetime, *, duration_s: float = 0
) -> Opening | None:
    """The first opening that has `duration_s` left at or after `at`, from `at` on at the earliest.

    None when there is none within `HORIZON_DAYS`.
    """
    wanted = timedelta(seconds=duration_s)
    for days in (8, HORIZON_DAYS):  # mostly it is this week
        limit = at + days * _DAY
        for one in _openings(target, calendar, at, days=days):
            start = max(one.opens, at)
            if start < one.closes and start + wanted <= one.closes and start <= limit:
                return Opening(name=one.name, opens=start, closes=one.closes)
    return None


def fits(target: Target, calendar: Calendar, at: datetime, duration_s: float) -> bool:
    """Whether what is begun `at` and takes `duration_s` ends before the target's opening does."""
    found = opening(target, calendar, at)
    return found is not None and at + timedelta(seconds=duration_s) <= found.closes


def frozen(target: Target, calendar: Calendar, at: datetime) -> Freeze | None:
    """The freeze that holds for the target `at` this time."""
    for one in calendar.freezes:
        start, end = _freeze(one)
        if one.scope.holds(target.name, target.site) and start <= at < end:
            return one
    return None


def at_once(site: str, calendar: Calendar, default: int) -> int:
    """How many elements of a site may be worked on at the same time."""
    return min(default, calendar.concurrency.get(site, default))


def require_open(target: Target, calendar: Calendar, at: datetime, duration_s: float) -> None:
    """Refuse to begin what can't end within an opening.

    Raises:
        Refused: frozen, closed, or too late in the window; says until or from when.
    """
    if fits(target, calendar, at, duration_s):
        return
    now = opening(target, calendar, at)
    held = frozen(target, calendar, at)
    coming = next_opening(target, calendar, at, duration_s=duration_s)
    hint = (
        N_("the next window that is long enough is {next}, from {opens} on")
        if coming
        else N_("no window in inventory/windows.yml is long enough")
    )
    if held is not None:
        said = N_("{host}: nothing is touched until {last} is over: {reason}")
    elif now is not None:
        said = N_("{host}: {minutes} min are needed, and the window {window} closes at {closes}")
    else:
        said = N_("{host}: no maintenance window is open")
    raise Refused(
        said,
        hint=hint,
        host=target.name,
        minutes=round(duration_s / 60),
        last=held.last.isoformat() if held else "",
        reason=held.reason if held else "",
        window=now.name if now else "",
        closes=on_the_wall(now.closes, now.name, calendar) if now else "",
        next=coming.name if coming else "",
        opens=on_the_wall(coming.opens, coming.name, calendar) if coming else "",
    )


def on_the_wall(at: datetime, window: str, calendar: Calendar) -> str:
    """A time as the clocks show it where the window is: nobody reckons from UTC at night."""
    zone = next((one.zone for one in calendar.windows if one.name == window), "UTC")
    return at.astimezone(ZoneInfo(zone)).isoformat(" ", timespec="minutes")


def _openings(target: Target, calendar: Calendar, at: datetime, *, days: int) -> list[Opening]:
    """What is open between about a day before `at` and `days` after; joined where they touch."""
    at = at.astimezone(UTC)
    start, end = at - 2 * _DAY, at + (days + 2) * _DAY
    if calendar.windows:
        mine = [one for one in calendar.windows if one.scope.holds(target.name, target.site)]
        found = [one for window in mine for one in _of_window(window, start, end)]
    else:
        found = [Opening(name="", opens=start, closes=end)]
    for freeze in calendar.freezes:
        if freeze.scope.holds(target.name, target.site):
            found = list(_without(found, *_freeze(freeze)))
    return _joined(found)


def _of_window(window: Window, start: datetime, end: datetime) -> Iterator[Opening]:
    zone = ZoneInfo(window.zone)
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    while day <= last:
        valid = (window.since is None or day >= window.since) and (
            window.until is None or day <= window.until
        )
        if valid and day.weekday() in window.days:
            later = window.closes <= window.opens
            opens = max(_readings(day, window.opens, zone))
            closes = min(_readings(day + _DAY if later else day, window.closes, zone))
            if opens < closes:
                yield Opening(name=window.name, opens=opens, closes=closes)
        day += _DAY


def _freeze(freeze: Freeze) -> tuple[datetime, datetime]:
    """From when to when, in UTC."""
    zone = ZoneInfo(freeze.zone)
    return min(_readings(freeze.first, 0, zone)), max(_readings(freeze.last + _DAY, 0, zone))


def _readings(day: date, minute: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants in UTC that a wall clock's time may mean, where it is put forward or back."""
    if minute == _MINUTES:
        day, minute = day + _DAY, 0
    wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
    return wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)


def _without(found: Iterable[Opening], start: datetime, end: datetime) -> Iterator[Opening]:
    for one in found:
        if one.closes <= start or one.opens >= end:
            yield one
            continue
        if one.opens < start:
            yield Opening(name=one.name, opens=one.opens, closes=start)
        if one.closes > end:
            yield Opening(name=one.name, opens=end, closes=one.closes)


def _joined(found: Iterable[Opening]) -> list[Opening]:
    """In order; what touches or overlaps is one, called by the name of its first."""
    joined: list[Opening] = []
    for one in sorted(found, key=lambda one: (one.opens, one.closes)):
        if joined and one.opens <= joined[-1].closes:
            before = joined[-1]
            closes = max(before.closes, one.closes)
            joined[-1] = Opening(name=before.name, opens=before.opens, closes=closes)
        else:
            joined.append(one)
    return joined
