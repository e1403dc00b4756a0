"""Standards as data: complete, dated, each level with its own numbers."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from dcctl import standards
from dcctl.errors import InvalidContribution
from dcctl.standards import Force
from dcctl.standards._texts import read_standards

NEW, OLD = "TCVN 14423:2026", "TCVN 11930:2017"
BOTH = {"vi": "một", "en": "one"}
GOOD = {
    "id": "X",
    "title": BOTH,
    "source": "s",
    "status": BOTH,
    "certainty": "secondary",
    "detail": "full",
    "clauses": [{"at": {3: "5.1", 4: "6.1"}, "title": BOTH, "gist": BOTH}],
}


def write(folder, **changes):
    (folder / "x.yml").write_text(yaml.safe_dump({**GOOD, **changes}, allow_unicode=True))
    return read_standards(folder)


def test_the_standards_of_the_issue_are_there() -> None:
    found = standards.all_standards()
    asked = {NEW, OLD, "NĐ 331/2026/NĐ-CP", "NIST SP 800-53r5", "CIS RHEL 9 v2.0.0"}
    assert asked <= set(found)
    assert found[NEW].supersedes == (OLD,)
    assert {clause.level for clause in found[NEW].clauses} == {3, 4, 5}
    assert {clause.level for clause in found[OLD].clauses} == {3, 4}


def test_each_level_has_its_own_numbers() -> None:
    found = standards.all_standards()[NEW]
    # idle sessions: c) at level 3, d) at level 4, and another sub-clause at level 5
    titles = {
        level: clause.title["en"]
        for level, number in ((3, "5.12.2.4 c"), (4, "6.12.2.4 d"), (5, "7.12.2.5 d"))
        if (clause := found.clause(number, level))
    }
    assert titles == dict.fromkeys((3, 4, 5), "Sessions end by themselves")
    assert found.clause("6.12.2.4 c", 4) != found.clause("5.12.2.4 c", 3)
    # a network for administration is asked for from level 4 on
    assert found.clause("6.12.2.6", 4)
    assert not any(
        clause.level == 3 and "network for administration" in clause.title["en"]
        for clause in found.clauses
    )
    # a number is a clause at its own level only
    assert found.clause("6.12.2.6", 5) is None


def test_a_level_says_what_is_its_own() -> None:
    found = standards.all_standards()[NEW]
    months = {
        level: found.clause(f"{number}.8.2.1 a", level).gist["en"]
        for level, number in ((3, 5), (4, 6), (5, 7))
    }
    assert "3 months" in months[3]
    assert "6 months" in months[4]
    assert "12 months" in months[5]


@pytest.mark.parametrize("name", standards.all_standards())
def test_what_is_said_is_said_in_both_languages(name) -> None:
    found = standards.all_standards()[name]
    for clause in found.clauses:
        assert clause.certainty in standards.CERTAINTIES
        for texts in (clause.title, clause.gist):
            assert not texts or (texts["vi"] and texts["en"] and texts["vi"] != texts["en"])


def test_cis_is_numbers_only() -> None:
    found = standards.all_standards()["CIS RHEL 9 v2.0.0"]
    assert all(not clause.title and not clause.gist for clause in found.clauses)


@pytest.mark.parametrize(
    ("day", "new", "old", "decree"),
    [
        (date(2026, 7, 23), Force.NOT_YET, Force.IN_FORCE, Force.NOT_YET),
        (date(2026, 7, 24), Force.IN_FORCE, Force.TRANSITION, Force.NOT_YET),
        (date(2026, 8, 19), Force.IN_FORCE, Force.TRANSITION, Force.IN_FORCE),
        (date(2027, 6, 30), Force.IN_FORCE, Force.TRANSITION, Force.IN_FORCE),
        (date(2027, 7, 1), Force.IN_FORCE, Force.ENDED, Force.IN_FORCE),
    ],
)
def test_the_day_decides_which_law_counts(day, new, old, decree) -> None:
    found = standards.all_standards()
    assert [found[name].force(day) for name in (NEW, OLD, "NĐ 331/2026/NĐ-CP")] == [
        new,
        old,
        decree,
    ]
    assert (OLD in standards.applying(day)) is (old is not Force.ENDED)


def test_a_good_file_is_read(tmp_path) -> None:
    (found,) = write(tmp_path)["X"].clauses[:1]
    assert (found.id, found.level, found.certainty) == ("5.1", 3, "secondary")


CLAUSE = GOOD["clauses"][0]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"title": {"vi": "x"}}, "lacks en"),
        ({"certainty": "sure"}, "certainty"),
        ({"detail": "some"}, "detail"),
        ({"effective_from": "soon"}, "soon"),
        ({"suoercedes": []}, "suoercedes"),
        ({"clauses": [CLAUSE, CLAUSE]}, r"5\.1: twice"),
        ({"clauses": [{**CLAUSE, "gist": {"en": "x"}}]}, "gist lacks vi"),
        ({"clauses": [{**CLAUSE, "at": {2: "4.1"}}]}, "no level"),
        ({"clauses": [{**CLAUSE, "at": {3: 5.1}}]}, "quote"),
        ({"clauses": [{**CLAUSE, "gist_at": {5: BOTH}}]}, "no level"),
        ({"clauses": [{**CLAUSE, "checks": []}]}, "checks"),
        ({"detail": "numbers"}, "says no title"),
    ],
)
def test_a_wrong_file_is_named(changes, says, tmp_path) -> None:
    with pytest.raises(InvalidContribution, match=rf"x\.yml.*{says}"):
        write(tmp_path, **changes)


def test_two_files_of_one_standard(tmp_path) -> None:
    write(tmp_path)
    (tmp_path / "y.yml").write_text((tmp_path / "x.yml").read_text())
    with pytest.raises(InvalidContribution, match=r"y\.yml: X"):
        read_standards(tmp_path)
