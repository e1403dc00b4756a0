"""inventory/windows.yml: what it may say, and how it is told what is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dcctl import discovery, estate
from dcctl.model.calendar import Freeze, Scope, Window
from dcctl.planning import windows
from tests.unit.estate import site

SHOWN = "inventory/windows.yml"
GOOD = """\
zone: Asia/Ho_Chi_Minh
windows:
  - {name: night, hosts: "routers:!r2", days: [tue], opens: "22:00", closes: 04:00}  # is text
  - {name: day, zone: UTC, sites: [HERE], opens: "00:00", closes: "24:00", since: 2026-12-01}
freezes:
  - {first: 2027-01-30, last: 2027-02-14, reason: Tết}
concurrency: {HERE: 1}
"""


def test_it_is_read_and_kept(tmp_path: Path) -> None:
    root = site.write(tmp_path, {SHOWN: GOOD})
    cold, warm = estate.load(root).calendar, estate.load(root).calendar
    assert cold == warm
    night, day = cold.windows
    assert night == Window(
        name="night",
        zone="Asia/Ho_Chi_Minh",
        days=(1,),
        opens=1320,
        closes=240,
        scope=Scope(hosts=frozenset({"r1"})),
    )
    assert (day.zone, day.days, day.closes) == ("UTC", tuple(range(7)), 1440)
    assert (day.scope, day.since) == (Scope(sites=frozenset({"HERE"})), date(2026, 12, 1))
    assert cold.freezes == (
        Freeze(
            reason="Tết",
            zone="Asia/Ho_Chi_Minh",
            first=date(2027, 1, 30),
            last=date(2027, 2, 14),
        ),
    )
    assert cold.concurrency == {"HERE": 1}


def test_without_it_nothing_is_restricted(tmp_path: Path) -> None:
    assert estate.load(site.write(tmp_path)).calendar.windows == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "said", "hint"),
    [
        ('"22:00"', "22:00", 3, "22:00 means 1320 to YAML 1.1", 'quote it: "22:00"'),
        ('"22:00"', '"25:00"', 3, "25:00 is no time of day", ""),
        ('"22:00"', '"9:00"', 3, "9:00 is no time of day", ""),
        ("zone: Asia/Ho_Chi_Minh", "zone: Asia/Hanoi", 1, "Asia/Hanoi is no time zone", ""),
        ("zone: UTC", "zone: ../../etc/passwd", 4, "passwd is no time zone", ""),
        ("[tue]", "[tuesday]", 3, "tuesday; it must be", ""),
        ("[tue]", "[]", 3, "has 0 entries", ""),
        ('"routers:!r2"', "nobody", 3, "no host or group is called nobody", ""),
        ('"routers:!r2"', '"@/etc/passwd"', 3, "it must fit", ""),
        ("[HERE]", "[THERE]", 4, "there is no site THERE", ""),
        ("{HERE: 1}", "{THERE: 1}", 7, "there is no site THERE", ""),
        ("{HERE: 1}", "{HERE: 0}", 7, "1 or more", ""),
        ("2027-02-14", "2027-02-30", 6, "2027-02-30 is no date", ""),
        ("2027-02-14", "2027-01-14", 6, "2027-01-14 is before 2027-01-30", ""),
        ("2026-12-01", "2026-12-01, until: 2026-11-01", 4, "2026-11-01 is before", ""),
        ("04:00", '"22:00"', 3, "opens at 22:00 and closes at 22:00", '"00:00" to "24:00"'),
        ("name: day", "name: night", 4, "the window night is here a second time", ""),
        ("reason: Tết", "why: Tết", 6, "is not known here|reason is missing", ""),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, old, new, line, said, hint) -> None:
    assert old in GOOD
    found = estate.check(site.write(tmp_path, {SHOWN: GOOD.replace(old, new, 1)}))
    (one,) = [c for c in found if any(part in str(c.text) for part in said.split("|"))][:1]
    assert (one.place.file, one.place.line) == (SHOWN, line)
    assert hint in str(one.hint)


def test_the_sample_covers_every_router_and_keeps_tet() -> None:
    loaded = estate.load(discovery.data_root())
    routers = [loaded.target(name) for name in loaded.select("backbone")]
    assert len(routers) > 68
    at = datetime(2027, 1, 29, 17, tzinfo=UTC)  # the first minute of 30 January in Vietnam
    for router in routers:
        assert windows.frozen(router, loaded.calendar, at).reason == "Tết Nguyên đán Đinh Mùi"
        found = windows.next_opening(router, loaded.calendar, at)
        assert found.opens >= datetime(2027, 2, 14, 17, tzinfo=UTC)
        assert found.opens < datetime(2027, 2, 22, tzinfo=UTC)
