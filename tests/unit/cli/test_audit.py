"""`dcctl audit`: the catalogue, the standards and the crosswalk, on a day and at a level."""

from __future__ import annotations

import json

import pytest

from tests.unit.cli.test_words import dcctl

NEW, OLD = "TCVN 14423:2026", "TCVN 11930:2017"


def ask(tmp_path, *asked):
    done = dcctl(tmp_path, "audit", *asked, "-o", "json")
    assert done.returncode == 0, done
    return json.loads(done.stdout)


def test_the_three_counts_are_printed(tmp_path) -> None:
    said = ask(tmp_path, "catalogue", "--as-of", "2026-11-22")
    counts = said["counts"]["all"]
    assert counts["total"] == 130 == len(said["rows"])
    assert counts["live"] + counts["attested"] + counts["not_evaluated"] == 130
    assert said["counts"]["priority_1"]["total"] == 99
    told = dcctl(tmp_path, "audit", "catalogue", language="vi").stdout
    assert f"trực tiếp {counts['live']}" in told


def test_level_day_and_standard_choose_rows_and_clauses(tmp_path) -> None:
    def numbers(*asked: str) -> list[str]:
        rows = ask(tmp_path, "catalogue", *asked)["rows"]
        (row,) = (row for row in rows if row["id"] == "DC-NET-005")
        return [clause["id"] for clause in row["clauses"] if clause["standard"] in (NEW, OLD)]

    assert numbers("--as-of", "2026-11-22") == ["6.12.2.4 d", "8.2.1.2"]
    assert numbers("--as-of", "2026-11-22", "--level", "5") == ["7.12.2.5 d"]
    assert numbers("--as-of", "2026-01-01", "--level", "3") == ["7.2.1.2"]
    assert numbers("--as-of", "2026-11-22", "--standard", "11930") == ["8.2.1.2"]
    asked = ("catalogue", "--as-of", "2026-01-01", "--standard", "14423")
    assert ask(tmp_path, *asked)["counts"]["all"]["total"] == 0


def test_standards_of_a_day(tmp_path) -> None:
    def force(day: str) -> dict[str, str]:
        found = ask(tmp_path, "standards", "--as-of", day)["standards"]
        return {each["id"]: each["force"] for each in found}

    assert force("2026-11-22")[OLD] == "transition"
    assert force("2027-07-01")[OLD] == "ended"
    assert force("2026-01-01")[NEW] == "not_yet"


def test_from_one_standard_to_the_others(tmp_path) -> None:
    said = ask(tmp_path, "crosswalk", "14423", "6.12.2.4 d")
    assert said["others"][OLD]["8.2.1.2"] == ["DC-NET-005"]


@pytest.mark.parametrize(
    "asked",
    [
        ("catalogue", "--level", "2"),
        ("catalogue", "--standard", "ISO 1"),
        ("catalogue", "--standard", "TCVN"),
        ("crosswalk", "14423", "9.9"),
        ("crosswalk", "14423", "6.12.2.4 d", "--level", "5"),
    ],
)
def test_what_does_not_exist_is_refused(tmp_path, asked) -> None:
    assert dcctl(tmp_path, "audit", *asked).returncode == 2


def test_a_check_explains_its_clauses(tmp_path) -> None:
    told = dcctl(tmp_path, "check", "explain", "management.idle_timeout", language="en").stdout
    assert f"{NEW} 6.12.2.4 d" in told
    assert f"{NEW} 5.12.2.4 c" in told
