"""The catalogue of rows: whole, true to the checks and clauses that exist, counted honestly."""

from __future__ import annotations

import copy
from collections import Counter
from datetime import date

import pytest
import yaml

from dcctl import checks, standards
from dcctl.errors import InvalidContribution
from dcctl.standards import Kind, Live
from dcctl.standards._rows import read_rows
from dcctl.workflows.catalogue import catalogue

NEW, OLD = "TCVN 14423:2026", "TCVN 11930:2017"
FAMILIES = {"SRV": 45, "BMC": 9, "STO": 19, "NET": 34, "TRN": 13, "GOV": 10}
KNOWN = {check.id: check.parameters for check in checks.all_checks().values()}
BOTH = {"vi": "một", "en": "one"}
GOOD = {
    "id": "DC-SRV-001",
    "priority": 1,
    "title": BOTH,
    "pass": BOTH,
    "clauses": {NEW: {3: ["5.6.2.3"]}, "NIST SP 800-53r5": ["AC-3"]},
    "live": {"logging.retention": {"minimum_days": {3: 90, 4: 180, 5: 365}}},
}


def test_all_rows_are_there() -> None:
    rows = catalogue()
    assert Counter(row.id.split("-")[1] for row in rows) == FAMILIES
    assert Counter(row.priority for row in rows) == {1: 99, 2: 31}
    for code, number in FAMILIES.items():
        ids = [row.id for row in rows if f"-{code}-" in row.id]
        assert ids == [f"DC-{code}-{each:03}" for each in range(1, number + 1)]


def test_the_counts_add_up() -> None:
    counted = standards.count(catalogue())
    assert set(counted) == set(Kind)
    assert sum(counted.values()) == 130


@pytest.mark.parametrize("row", catalogue(), ids=lambda row: row.id)
def test_a_row_is_asked_for_by_somebody(row) -> None:
    assert any(row.clauses[name].get(level) for name in row.clauses for level in standards.LEVELS)
    assert row.title["vi"] != row.title["en"]
    if isinstance(row.answer, Live):
        for level in standards.LEVELS:
            checks.tailor(row.answer.checks, row.answer.asked(level))


def test_a_site_says_what_only_it_can_know_and_loosens_nothing() -> None:
    rows = {row.id: row for row in catalogue()}
    said = {
        "repositories.internal": {"hosts": ["*.hoalac.example"]},
        "management.idle_timeout": {"maximum_s": 86400},
        "ssh_server.root_login": {"accept": ["yes"]},
    }
    assert rows["DC-SRV-030"].asked(4, said)["repositories.internal"] == {
        "hosts": ["*.hoalac.example"]
    }
    assert rows["DC-NET-005"].asked(4, said)["management.idle_timeout"] == {"maximum_s": 300}
    assert rows["DC-SRV-001"].asked(4, said)["ssh_server.root_login"] == {"accept": ["no"]}
    assert rows["DC-SRV-030"].asked(4, {})["repositories.internal"] == {}
    assert rows["DC-STO-014"].asked(4, said) == {}


def test_a_parameter_of_each_level() -> None:
    (row,) = (row for row in catalogue() if row.id == "DC-SRV-024")
    assert isinstance(row.answer, Live)
    asked = [row.answer.asked(level)["logging.retention"]["minimum_days"] for level in (3, 4, 5)]
    assert asked == [90, 180, 365]


def test_which_clauses_a_check_bears_on_depends_on_the_day() -> None:
    def names(*day: int) -> set[str]:
        found = standards.clauses_of("ssh_server.root_login", catalogue(), on=date(*day))
        return {clause.standard for clause in found} & {NEW, OLD}

    assert names(2026, 1, 1) == {OLD}
    assert names(2026, 11, 22) == {OLD, NEW}
    assert names(2028, 1, 1) == {NEW}
    assert standards.clauses_of("no.such", catalogue(), on=date(2026, 11, 22)) == ()


# Keys instead of passwords are our own choice: no row asks for them.
UNASKED = {"ssh_server.password_authentication"}


def test_every_check_of_the_baseline_answers_a_row_but_these() -> None:
    answering = {
        check for row in catalogue() if isinstance(row.answer, Live) for check in row.answer.checks
    }
    assert set(checks.pack("baseline")) - answering == UNASKED
    assert set(checks.pack("audit")) <= answering


def test_the_crosswalk_follows_from_the_rows() -> None:
    clause = standards.all_standards()[NEW].clause("6.12.2.4 d", 4)
    near = standards.crosswalk(clause, 4, catalogue())
    assert near[OLD]["8.2.1.2"] == ("DC-NET-005",)
    assert "DC-SRV-003" in near["NIST SP 800-53r5"]["AC-12"]
    assert NEW not in near


def write(tmp_path, *rows, file=None):
    data = {"family": "servers", "targets": "servers", "rows": list(rows), **(file or {})}
    (tmp_path / "servers.yml").write_text(yaml.safe_dump(data, allow_unicode=True))
    return read_rows(tmp_path, standards.all_standards(), standards.roles(), KNOWN)


def test_a_good_row_is_read(tmp_path) -> None:
    (row,) = write(tmp_path, GOOD)
    assert row.kind is Kind.LIVE
    assert [clause.id for clause in row.clauses[NEW][3]] == ["5.6.2.3"]
    assert 4 not in row.clauses[NEW]
    assert [clause.id for clause in row.clauses["NIST SP 800-53r5"][5]] == ["AC-3"]


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("clauses", NEW, 3), ["5.99"], r"no clause 5\.99 at level 3"),
        (("clauses", NEW, 3), ["6.6.2.3"], r"no clause 6\.6\.2\.3 at level 3"),
        (("clauses", "NIST SP 800-53r5"), ["AC-3", "ZZ-9"], "no clause ZZ-9"),
        (("clauses", "TCVN 1"), ["1"], "no standard TCVN 1"),
        (("live",), {"no.such": {}}, r"no check no\.such"),
        (("live",), {"disks.space": {"warn": 1}}, "no parameter warn"),
        (("live", "logging.retention", "minimum_days"), "90", "whole number"),
        (("live", "logging.retention", "minimum_days"), {3: 90}, "every level"),
        (("live",), {}, "names checks"),
        (("title",), {"en": "one"}, "title lacks vi"),
        (("pass",), {"vi": "một"}, "pass lacks en"),
        (("priority",), 3, "priority"),
        (("attested",), {"role": "owner", "months": 6}, "exactly one"),
        (("extra",), 1, "extra"),
        (("site",), {"logging.retention": ["nothing"]}, "site can't say .*nothing"),
        (("site",), {"disks.space": ["warn_percent"]}, "site can't say disks.space"),
        (("id",), "SRV-1", "DC-XXX"),
    ],
)
def test_a_wrong_row_is_named(path, value, says, tmp_path) -> None:
    row = copy.deepcopy(GOOD)
    at = row
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    with pytest.raises(InvalidContribution, match=rf"servers\.yml: {row['id']}: .*{says}"):
        write(tmp_path, row)


@pytest.mark.parametrize(
    "attested", [{"role": "nobody", "months": 6}, {"role": "owner", "months": 0}, {"role": "owner"}]
)
def test_a_wrong_attestation_is_named(attested, tmp_path) -> None:
    row = {key: value for key, value in GOOD.items() if key != "live"} | {"attested": attested}
    with pytest.raises(InvalidContribution, match=r"servers\.yml: DC-SRV-001"):
        write(tmp_path, row)


@pytest.mark.parametrize("key", ["title", "pass", "clauses", "priority"])
def test_what_lacks_is_told(key, tmp_path) -> None:
    row = {name: value for name, value in GOOD.items() if name != key}
    with pytest.raises(InvalidContribution, match=f"DC-SRV-001: lacks '{key}'"):
        write(tmp_path, row)


def test_a_row_stands_there_once(tmp_path) -> None:
    with pytest.raises(InvalidContribution, match="twice"):
        write(tmp_path, GOOD, GOOD)


def test_rows_of_nobody_s_targets(tmp_path) -> None:
    with pytest.raises(InvalidContribution, match="targets"):
        write(tmp_path, GOOD, file={"targets": "toasters"})
