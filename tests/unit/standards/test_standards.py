"""Standards as data: complete, dated, and mapped to checks that exist."""

from __future__ import annotations

import fnmatch
from datetime import UTC, date, datetime

import pytest

from dcctl import checks, clock, standards
from dcctl.errors import InvalidContribution

ALL = tuple(clause for found in standards.all_standards().values() for clause in found.clauses)


def test_two_standards_the_new_one_supersedes_the_old() -> None:
    found = standards.all_standards()
    assert set(found) == {"TCVN 14423:2026", "TCVN 11930:2017"}
    assert found["TCVN 14423:2026"].supersedes == ("TCVN 11930:2017",)


@pytest.mark.parametrize("clause", ALL, ids=lambda clause: f"{clause.standard} {clause.id}")
def test_a_clause_points_at_checks_that_exist(clause) -> None:
    for pattern in clause.checks:
        assert fnmatch.filter(checks.all_checks(), pattern), pattern
    assert clause.title["vi"] != clause.title["en"]
    assert clause.level in range(1, 6)
    assert clause.certainty in standards.CERTAINTIES


def test_the_checks_of_the_baseline_all_bear_on_a_clause() -> None:
    day = date(2026, 11, 22)
    assert [
        name for name in checks.pack("baseline") if not standards.clauses_of(name, on=day)
    ] == []


def test_which_clauses_depends_on_the_day() -> None:
    def names(year: int, month: int) -> set[str]:
        found = standards.clauses_of("ssh_server.root_login", on=date(year, month, 1))
        return {clause.standard for clause in found}

    assert names(2026, 1) == {"TCVN 11930:2017"}
    assert names(2026, 11) == {"TCVN 11930:2017", "TCVN 14423:2026"}
    assert names(2028, 1) == {"TCVN 14423:2026"}


def test_today_comes_from_the_clock() -> None:
    with clock.use(clock.ManualClock(datetime(2028, 1, 1, tzinfo=UTC))):
        found = {clause.standard for clause in standards.clauses_of("backup.age")}
    assert found == {"TCVN 14423:2026"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"title": {"vi": "x"}}, "lacks en"),
        ({"certainty": "sure"}, "certainty"),
        ({"checks": None}, "TypeError"),
        ({"effective_from": "soon"}, "soon"),
    ],
)
def test_a_wrong_file_is_named(change, says, tmp_path, monkeypatch) -> None:
    import yaml

    both = {"vi": "một", "en": "one"}
    clause = {"id": "1", "level": 3, "title": both, "gist": both, "certainty": "low", "checks": []}
    data = {"id": "X", "title": both, "source": "s", "status": both, "clauses": [clause | change]}
    (tmp_path / "x.yml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    monkeypatch.setattr(standards, "__file__", str(tmp_path / "__init__.py"))
    standards.all_standards.cache_clear()
    try:
        with pytest.raises(InvalidContribution, match=rf"x\.yml.*{says}"):
            standards.all_standards()
    finally:
        standards.all_standards.cache_clear()
