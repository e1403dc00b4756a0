"""Windows: midnight, weekdays, clocks put forward and back, leap days, freezes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dcctl.errors import ExitCode, Refused
from dcctl.model.calendar import Calendar, Freeze, Scope, Window
from dcctl.model.target import Target
from dcctl.planning import windows

HCM, PARIS = "Asia/Ho_Chi_Minh", "Europe/Paris"  # no summer time; with it
TARGET = Target(name="p79-pe1", platform="cisco_xe", kind="router", site="P79")
ALWAYS = tuple(range(7))


def window(opens: str, closes: str, *, name: str = "w", days=ALWAYS, zone=HCM, **more) -> Window:
    def minutes(text: str) -> int:
        return int(text[:2]) * 60 + int(text[3:])

    return Window(
        name=name, zone=zone, days=days, opens=minutes(opens), closes=minutes(closes), **more
    )


def freeze(first: str, last: str, *, zone: str = HCM, **more) -> Freeze:
    first, last = date.fromisoformat(first), date.fromisoformat(last)
    return Freeze(reason="Tết", zone=zone, first=first, last=last, **more)


def local(text: str, zone: str = HCM) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def shown(found, zone: str = HCM) -> tuple[str, str, str] | None:
    if found is None:
        return None
    times = [at.astimezone(ZoneInfo(zone)) for at in (found.opens, found.closes)]
    return (found.name, *(f"{at:%Y-%m-%d %H:%M}" for at in times))


NIGHT = Calendar(windows=(window("22:00", "04:00", days=(1,)),))  # Tuesdays


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-24 21:59", False),
        ("2026-11-24 22:00", True),
        ("2026-11-25 00:00", True),
        ("2026-11-25 03:59", True),
        ("2026-11-25 04:00", False),  # the end is not in it
        ("2026-11-24 01:00", False),  # the morning of Tuesday belongs to Monday's night
        ("2026-11-25 22:30", False),
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(at, is_open) -> None:
    found = windows.opening(TARGET, NIGHT, local(at))
    assert shown(found) == (("w", "2026-11-24 22:00", "2026-11-25 04:00") if is_open else None)
    later = local(at).astimezone(ZoneInfo("America/Lima"))  # whatever zone `at` is told in
    assert windows.opening(TARGET, NIGHT, later) == found


def test_what_can_t_end_in_the_window_does_not_fit() -> None:
    at = local("2026-11-25 03:00")
    assert windows.fits(TARGET, NIGHT, at, 3600)
    assert not windows.fits(TARGET, NIGHT, at, 3601)
    assert not windows.fits(TARGET, NIGHT, local("2026-11-24 21:00"), 1)
    found = windows.next_opening(TARGET, NIGHT, at, duration_s=3601)
    assert shown(found) == ("w", "2026-12-01 22:00", "2026-12-02 04:00")
    assert shown(windows.next_opening(TARGET, NIGHT, at)) == (
        "w", "2026-11-25 03:00", "2026-11-25 04:00"
    )  # fmt: skip
    assert windows.next_opening(TARGET, NIGHT, at, duration_s=6 * 3600 + 1) is None


@pytest.mark.parametrize(
    ("opens", "closes", "day", "wanted"),
    [
        # 29 March 2026: from 02:00 to 03:00 there is no wall clock. 25 October: 02:00-03:00 twice.
        ("01:00", "04:00", "2026-03-29", ("2026-03-29 00:00", "2026-03-29 02:00")),
        ("02:30", "04:00", "2026-03-29", ("2026-03-29 01:30", "2026-03-29 02:00")),
        ("01:00", "02:30", "2026-03-29", ("2026-03-29 00:00", "2026-03-29 00:30")),
        ("02:10", "02:50", "2026-03-29", None),
        ("01:00", "04:00", "2026-10-25", ("2026-10-24 23:00", "2026-10-25 03:00")),
        ("02:30", "04:00", "2026-10-25", ("2026-10-25 01:30", "2026-10-25 03:00")),
        ("01:00", "02:30", "2026-10-25", ("2026-10-24 23:00", "2026-10-25 00:30")),
        ("22:00", "02:30", "2026-10-24", ("2026-10-24 20:00", "2026-10-25 00:30")),
    ],
)
def test_a_clock_put_forward_or_back_never_lengthens(opens, closes, day, wanted) -> None:
    only = date.fromisoformat(day)
    calendar = Calendar(windows=(window(opens, closes, zone=PARIS, since=only, until=only),))
    found = windows.next_opening(TARGET, calendar, utc(day) - timedelta(days=1))
    told = found and tuple(f"{at:%Y-%m-%d %H:%M}" for at in (found.opens, found.closes))
    assert told == wanted


def test_leap_days_and_validity() -> None:
    day = date(2028, 2, 29)
    calendar = Calendar(windows=(window("23:00", "01:00", since=day, until=day),))
    found = windows.next_opening(TARGET, calendar, local("2028-02-01 00:00"))
    assert shown(found) == ("w", "2028-02-29 23:00", "2028-03-01 01:00")
    assert windows.next_opening(TARGET, calendar, found.closes) is None
    far = windows.next_opening(TARGET, calendar, local("2026-11-22 00:00"))
    assert far == found  # more than a year ahead


def test_a_freeze_goes_over_every_window_and_cuts_it() -> None:
    calendar = Calendar(
        windows=(window("22:00", "04:00"),), freezes=(freeze("2027-01-30", "2027-02-14"),)
    )
    before = windows.opening(TARGET, calendar, local("2027-01-29 23:00"))
    assert shown(before) == ("w", "2027-01-29 22:00", "2027-01-30 00:00")
    for at in ("2027-01-30 00:00", "2027-02-14 23:59"):
        assert windows.opening(TARGET, calendar, local(at)) is None
        assert windows.frozen(TARGET, calendar, local(at)).reason == "Tết"
    assert windows.frozen(TARGET, calendar, local("2027-02-15 00:00")) is None
    after = windows.next_opening(TARGET, calendar, local("2027-01-30 00:00"))
    assert shown(after) == ("w", "2027-02-15 00:00", "2027-02-15 04:00")


def test_a_freeze_inside_a_window_leaves_both_ends() -> None:
    calendar = Calendar(freezes=(freeze("2027-02-06", "2027-02-06"),))
    before = windows.opening(TARGET, calendar, local("2027-02-05 12:00"))
    after = windows.next_opening(TARGET, calendar, local("2027-02-06 12:00"))
    assert (before.closes, after.opens) == (local("2027-02-06 00:00"), local("2027-02-07 00:00"))


def test_scopes_narrow() -> None:
    calendar = Calendar(
        windows=(
            window("22:00", "23:00", name="pe1", scope=Scope(hosts=frozenset({"p79-pe1"}))),
            window("20:00", "21:00", name="site", scope=Scope(sites=frozenset({"P01"}))),
            window(
                "18:00", "19:00", name="both",
                scope=Scope(hosts=frozenset({"p79-pe1"}), sites=frozenset({"P01"})),
            ),
        ),
        freezes=(freeze("2026-11-25", "2026-11-25", scope=Scope(sites=frozenset({"P79"}))),),
    )  # fmt: skip
    elsewhere = Target(name="p01-pe1", platform="cisco_xe", kind="router", site="P01")
    unnamed = Target(name="x", platform="cisco_xe", kind="router", site="P99")
    at = local("2026-11-24 00:00")
    assert windows.next_opening(TARGET, calendar, at).name == "pe1"
    assert windows.next_opening(elsewhere, calendar, at).name == "site"
    assert windows.next_opening(unnamed, calendar, at) is None
    assert windows.opening(TARGET, calendar, local("2026-11-25 22:30")) is None
    assert windows.opening(elsewhere, calendar, local("2026-11-25 20:30")).name == "site"


def test_windows_that_touch_are_one() -> None:
    calendar = Calendar(windows=(window("00:00", "24:00"),))
    assert windows.fits(TARGET, calendar, local("2026-11-24 23:30"), 7200)
    calendar = Calendar(
        windows=(window("22:00", "23:00", name="a"), window("23:00", "01:00", name="b"))
    )
    found = windows.opening(TARGET, calendar, local("2026-11-24 22:30"))
    assert shown(found) == ("a", "2026-11-24 22:00", "2026-11-25 01:00")


@pytest.mark.parametrize(
    ("at", "seconds", "match", "hint"),
    [
        (
            "2027-02-06 23:00",
            60,
            "nothing is touched until 2027-02-14 is over: Tết",
            "02-16 22:00+07:00",
        ),
        ("2026-11-24 12:00", 60, "no maintenance window is open", "2026-11-24 22:00+07:00"),
        (
            "2026-11-25 03:30",
            3600,
            "60 min are needed, and the window w closes",
            "12-01 22:00+07:00",
        ),
        ("2026-11-25 03:30", 36000, "600 min are needed", "is long enough"),
    ],
)
def test_a_refusal_says_until_when(at: str, seconds: int, match: str, hint: str) -> None:
    calendar = Calendar(windows=NIGHT.windows, freezes=(freeze("2027-01-30", "2027-02-14"),))
    with pytest.raises(Refused, match=match) as caught:
        windows.require_open(TARGET, calendar, local(at), seconds)
    assert hint in str(caught.value.hint)
    assert caught.value.exit_code is ExitCode.REFUSED


def test_a_site_s_limit_only_lowers() -> None:
    calendar = Calendar(concurrency={"HOA-LAC": 2})
    found = [windows.at_once("HOA-LAC", calendar, 5), windows.at_once("HOA-LAC", calendar, 1)]
    assert [*found, windows.at_once("P79", calendar, 5)] == [2, 1, 5]


@given(
    opens=st.integers(0, 1439),
    closes=st.integers(0, 1440),
    days=st.sets(st.integers(0, 6), min_size=1),
    zone=st.sampled_from((HCM, PARIS, "Australia/Lord_Howe", "Pacific/Apia", "UTC")),
    at=st.integers(1_704_067_200, 1_893_456_000),  # 2024 to 2029
)
def test_what_is_open_is_open_by_the_wall_clock(opens, closes, days, zone, at) -> None:
    """By another way: whatever is open, the wall clock there says so, of that day or of before."""
    made = Window(name="w", zone=zone, days=tuple(days), opens=opens, closes=closes)
    at = datetime.fromtimestamp(at, UTC)
    wall = at.astimezone(ZoneInfo(zone))
    minute, day = wall.hour * 60 + wall.minute, wall.weekday()
    if closes > opens:
        by_wall = day in days and opens <= minute < closes
    else:
        by_wall = (day in days and minute >= opens) or ((day - 1) % 7 in days and minute < closes)
    found = windows.opening(TARGET, Calendar(windows=(made,)), at)
    if found is not None:
        assert by_wall
    elif by_wall:  # only where the clock was moved within the day around
        near = {(at + timedelta(hours=h)).astimezone(ZoneInfo(zone)).utcoffset() for h in (-26, 26)}
        assert len(near) > 1
