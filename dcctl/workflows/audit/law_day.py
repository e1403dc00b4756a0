"""The day by which an audit judges: Vietnam's."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

ZONE = timezone(timedelta(hours=7))


def day_of(moment: str) -> date:
    """The day on which an ISO time with its zone fell."""
    return datetime.fromisoformat(moment).astimezone(ZONE).date()


def end_of(day: date) -> datetime:
    """Its last second."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=ZONE)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError
