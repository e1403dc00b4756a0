"""Every check against its cases: tests/cases/checks/ID.yml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from dcctl import checks
from dcctl.facts import revive
from dcctl.model.outcome import Finding, Reading
from dcctl.model.status import FindingStatus, ReadingStatus
from dcctl.model.target import Connection, Interface, Target

CASES = Path(__file__).parents[2] / "cases" / "checks"


def load(path: Path) -> list[dict[str, Any]]:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def every_case() -> list[Any]:
    return [
        pytest.param(path.stem, case, id=f"{path.stem}: {case['case']}")
        for path in sorted(CASES.glob("*.yml"))
        for case in load(path)
    ]


class Read(dict):
    """A mapping that knows which of its keys nobody looked at."""

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(data)
        self.left = set(data)

    def take(self, key: str, default: Any = None) -> Any:
        self.left.discard(key)
        return super().get(key, default)


def make_target(given: dict[str, Any]) -> Target:
    said = Read(given)
    target = Target(
        name="t1",
        platform=said.take("platform", "linux"),
        kind="server",
        connection=Connection(address=said.take("address", "192.0.2.1")),
        intent=said.take("intent", {}),
        variables=said.take("variables", {}),
        peers=said.take("peers", {}),
        roles=tuple(said.take("roles", ())),
        interfaces=tuple(
            Interface(**{**item, "protocols": tuple(item.get("protocols", ()))})
            for item in said.take("interfaces", ())
        ),
    )
    assert not said.left, f"a target has no {said.left}"
    return target


def evaluate(check_id: str, case: dict[str, Any]) -> tuple[Finding, dict[str, Any]]:
    said = Read(case)
    said.take("case")
    readings = {
        topic: Reading(
            topic=topic,
            status=ReadingStatus.EMPTY if data is None else ReadingStatus.PARSED,
            value=revive(topic, data),
        )
        for topic, data in said.take("facts", {}).items()
    }
    for topic, status in said.take("unread", {}).items():
        readings[topic] = Reading(topic=topic, status=ReadingStatus(status), message="no luck")
    site = {check_id: said.take("parameters", {})}
    target, expect = make_target(said.take("target")), said.take("expect")
    assert not said.left, f"a case has no {said.left}"
    (finding,) = checks.evaluate(target, readings, checks.tailor([check_id], site))
    return finding, expect


@pytest.mark.parametrize(("check_id", "case"), every_case())
def test_case(check_id: str, case: dict[str, Any]) -> None:
    finding, expect = evaluate(check_id, case)
    said = Read(expect)
    assert finding.status == said.take("status"), str(finding.message)
    if "says" in expect:
        assert said.take("says") in str(finding.message)
    if "reason" in expect:
        assert finding.reason == said.take("reason")
    assert not said.left, f"an expectation has no {said.left}"
    assert finding.check == check_id
    assert finding.target == "t1"
    assert str(finding.message), "a finding says something"
    assert "{" not in str(finding.message), "every placeholder is filled"
    if finding.status in {FindingStatus.NOT_APPLICABLE, FindingStatus.NOT_EVALUATED}:
        assert finding.reason


def test_every_check_has_cases_and_every_case_a_check() -> None:
    assert {path.stem for path in CASES.glob("*.yml")} == set(checks.all_checks())


@pytest.mark.parametrize("check_id", list(checks.all_checks()))
def test_the_cases_hold_a_pass_a_failure_and_a_could_not_tell(check_id: str) -> None:
    ends = {case["expect"]["status"] for case in load(CASES / f"{check_id}.yml")}
    assert {"pass", "fail", "not_evaluated"} <= ends
