"""Each passing case is mutated by machine: whatever it says of the target must be able to flip it.

Of every value in the facts of a passing case, at least one mutation must end the pass. Values that
a check does not look at stand in tests/cases/indifferent.yml: exactly those, so that a check that
stops looking at something is found.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from dcctl import checks
from dcctl.model.status import FindingStatus
from tests.unit.checks.test_cases import CASES, evaluate, load

INDIFFERENT = CASES.parent / "indifferent.yml"
Path_ = tuple[str | int, ...]


def leaves(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """The path of every value that holds no other, and of every list and mapping but the root."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(item, (*path, key))


def pool(check_id: str) -> dict[str, list[Any]]:
    """Every value that any case of a check holds, by its kind: also those that fail."""
    found: dict[str, list[Any]] = {}
    for case in load(CASES / f"{check_id}.yml"):
        for path in leaves(case.get("facts", {})):
            values = found.setdefault(kind(path), [])
            value = at(case["facts"], path)
            if value not in values:
                values.append(value)
    return found


def mutants(value: Any, seen: dict[str, list[Any]], name: str) -> Iterator[Any]:
    """Values that one could have been instead: made up, and those of the check's other cases."""
    yield from (other for other in seen.get(name, ()) if other != value)
    match value:
        case bool():
            yield not value
        case int() | float():
            yield from (0, -1, value + 1, value * 1000 + 1_000_000_000, -value - 100)
        case str():
            yield from ("", "mutated", value + "x", "0", "4242", "2001-01-01")
        case list():
            yield []
            yield from (value[:index] + value[index + 1 :] for index in range(len(value)))
            yield from ([*value, item] for item in seen.get(f"{name}[]", ()))
        case dict():
            yield from ({k: v for k, v in value.items() if k != key} for key in value)
    if value is not None:
        yield None


def at(facts: Any, path: Path_) -> Any:
    for key in path:
        facts = facts[key]
    return facts


def put(facts: dict[str, Any], path: Path_, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(facts)
    at: Any = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return changed


def flips(check_id: str, case: dict[str, Any], facts: dict[str, Any]) -> bool:
    try:
        finding, _ = evaluate(check_id, {**case, "facts": facts})
    except (TypeError, ValueError, KeyError, AttributeError):
        return False  # no such fact could ever be read
    crashed = "itself failed" in str(finding.message)
    return finding.status is not FindingStatus.PASS and not crashed


def kind(path: Path_) -> str:
    """A path without the positions in lists: `sockets.items[].port`."""
    return "".join("[]" if isinstance(key, int) else f".{key}" for key in path).lstrip(".")


def matters(check_id: str) -> dict[str, bool]:
    """For each kind of value in a check's passing cases: whether some mutation ends a pass."""
    found: dict[str, bool] = {}
    seen = pool(check_id)
    for case in load(CASES / f"{check_id}.yml"):
        if case["expect"]["status"] != "pass":
            continue
        facts = case.get("facts", {})
        for path in leaves(facts):
            name = kind(path)
            found[name] = found.get(name, False) or any(
                flips(check_id, case, put(facts, path, other))
                for other in mutants(at(facts, path), seen, name)
            )
    return found


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """A mutant that no check can bear is logged with a traceback; hundreds of them say nothing."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("check_id", list(checks.all_checks()))
def test_what_a_passing_case_says_can_flip_it(check_id: str) -> None:
    excused = (yaml.load(INDIFFERENT.read_text(encoding="utf-8"), yaml.CSafeLoader) or {}).get(
        check_id, []
    )
    found = matters(check_id)
    assert sorted(name for name, does in found.items() if not does) == excused
    assert any(found.values())


def test_nothing_is_excused_that_is_gone() -> None:
    excused = yaml.load(INDIFFERENT.read_text(encoding="utf-8"), yaml.CSafeLoader) or {}
    assert set(excused) <= set(checks.all_checks())


# A server may listen on nothing, and an element may have no alarm: an empty answer is an answer.
CONTENT_WITH_NOTHING = {"alarms.none_severe", "sockets.declared", "sockets.insecure_services"}


def test_an_empty_answer_is_no_pass() -> None:
    content = {
        check_id
        for check_id in checks.all_checks()
        for case in load(CASES / f"{check_id}.yml")
        if case["expect"]["status"] == "pass"
        and evaluate(check_id, {**case, "facts": dict.fromkeys(case["facts"])})[0].status
        is FindingStatus.PASS
    }
    assert content == CONTENT_WITH_NOTHING
