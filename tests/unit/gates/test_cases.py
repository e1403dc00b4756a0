"""Every gate against its cases, and against each small thing that may go wrong in the first one."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from dcctl import gates
from dcctl.facts import revive
from dcctl.model.outcome import GateFinding, Reading
from dcctl.model.status import GateStatus, ReadingStatus

CASES = Path(__file__).parents[2] / "cases" / "gates"
TOPICS = sorted(path.stem for path in CASES.glob("*.yml"))
KEYS = {"case", "before", "after", "unread", "parameters", "terms", "indifferent", "expect"}


def load(topic: str) -> list[dict[str, Any]]:
    return yaml.load((CASES / f"{topic}.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)


def reading(topic: str, data: Any, status: str = "") -> Reading:
    read = ReadingStatus.EMPTY if data is None else ReadingStatus.PARSED
    return Reading(
        topic=topic,
        status=ReadingStatus(status) if status else read,
        value=None if status else revive(topic, data),
        message=status,
    )


def judge(topic: str, case: dict[str, Any], after: Any) -> tuple[GateFinding, ...]:
    assert case.keys() <= KEYS
    terms = dict(case.get("terms", {"elapsed_s": 60, "restarted": False}))
    uptime = terms.pop("uptime_s", None)
    before = {topic: reading(topic, case["before"])}
    now = {topic: reading(topic, after, case.get("unread", ""))}
    if uptime is not None:
        version = {"os": "x", "release": "1", "uptime_s": uptime}
        now["version"] = reading("version", version)
    tailored = gates.tailor({topic: case.get("parameters", {})})
    return gates.compare(before, now, {topic: tailored[topic]}, (), "pe1", **terms)


@pytest.mark.parametrize(
    ("topic", "case"),
    [pytest.param(t, case, id=f"{t}: {case['case']}") for t in TOPICS for case in load(t)],
)
def test_case(topic: str, case: dict[str, Any]) -> None:
    found = judge(topic, case, case.get("after"))
    told = {status: sorted(map(str, names)) for status, names in case["expect"].items()}
    seen: dict[str, list[str]] = {}
    for one in found:
        seen.setdefault(one.status.value, []).append(one.subject)
        assert "{" not in str(one.message), "every placeholder is filled"
        assert one.gate == topic
        assert one.target == "pe1"
    assert {status: sorted(names) for status, names in seen.items()} == told


def test_every_gate_has_cases_and_every_case_a_gate() -> None:
    assert set(TOPICS) == set(gates.all_gates())


@pytest.mark.parametrize("topic", TOPICS)
def test_the_cases_hold_a_pass_a_failure_and_an_unknown(topic: str) -> None:
    assert {"pass", "fail", "unknown"} <= {
        status for case in load(topic) for status in case["expect"]
    }


def spoiled(data: Any, path: str = "", owner: str = "") -> Iterator[tuple[str, str, Any]]:
    """(field, field of which item, the whole with this one thing spoiled)."""
    for name, value in data.items():
        here = f"{path}.{name}" if path else name
        for wrong in _wrong(name, value):
            yield here, f"{here} of {owner}", {**data, name: wrong}
        if isinstance(value, list):
            for index, item in enumerate(value):
                rest = [*value[:index], *value[index + 1 :]]
                whose = _owner(item)
                yield here, f"{here} of {whose}", {**data, name: rest}
                if isinstance(item, dict):
                    for deeper, one, changed in spoiled(item, here, whose):
                        whole = [*value[:index], changed, *value[index + 1 :]]
                        yield deeper, one, {**data, name: whole}


def _owner(item: Any) -> str:
    if not isinstance(item, dict):
        return str(item)
    return str(item.get("name") or item.get("interface") or item.get("neighbor") or "")


_WRONG: tuple[tuple[str, Any], ...] = (  # end of a field's name, what its value might become
    ("_alarm_dbm", lambda value: (value + 12.0,)),
    ("_warning_dbm", lambda value: (value + 12.0,)),
    ("_dbm", lambda value: (value - 6.0, value + 6.0, math.nan)),
    ("_ber", lambda value: (max(value, 1e-10) * 10, math.nan, None)),
    ("_db", lambda value: (value - 2.0, math.nan)),
    ("prefixes_received", lambda value: (value // 2, 0, value * 10)),
    ("count", lambda value: (value // 2, 0, value * 10)),
    ("uptime_s", lambda _value: (3,)),
    ("severity", lambda _value: ("critical", "else")),
    ("", lambda value: (value + 10**6, math.nan) if isinstance(value, float) else (value + 10**6,)),
)


def _wrong(name: str, value: Any) -> tuple[Any, ...]:
    """What a value might become that a gate must not let pass."""
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, str) and name != "severity":
        return ("else",)
    if value is None or isinstance(value, list):
        return ()
    return next(make(value) for end, make in _WRONG if name.endswith(end))


@pytest.mark.parametrize("topic", TOPICS)
def test_each_thing_that_goes_wrong_flips_the_passing_case(topic: str) -> None:
    case = load(topic)[0]
    assert set(case["expect"]) == {"pass"}, "the first case passes"
    indifferent, seen = set(case.get("indifferent", ())), set()
    for field, whose, after in spoiled(copy.deepcopy(case["after"])):
        stops = any(one.stops for one in judge(topic, case, after))
        if {field, whose} & indifferent:
            seen |= {field, whose} & indifferent
        elif not stops and _was_new(case, whose):
            continue
        else:
            assert stops, f"{whose} may go wrong, and nobody tells"
    assert seen == indifferent, "what the case calls indifferent is there"


def _was_new(case: dict[str, Any], whose: str) -> bool:
    """Whether it is of something that was not there before, and so nothing is asked of it."""
    name = whose.rpartition(" of ")[2]
    items = case["before"].get("items", ())
    return bool(name) and bool(items) and name not in {_owner(item) for item in items}


@pytest.mark.parametrize("topic", TOPICS)
def test_what_is_indifferent_is_so(topic: str) -> None:
    case = load(topic)[0]
    whole = {field for field in case.get("indifferent", ()) if " of " not in field}
    for field, whose, after in spoiled(copy.deepcopy(case["after"])):
        if field in whole:
            told = [str(one) for one in judge(topic, case, after) if one.stops]
            assert topic == "alarms" or not told, f"{whose} matters: {told}"


@pytest.mark.parametrize("topic", TOPICS)
def test_nothing_at_all_afterwards_is_no_pass(topic: str) -> None:
    case = load(topic)[0]
    if topic != "alarms":  # no alarm is as it should be
        assert any(one.stops for one in judge(topic, case, None))


def test_a_gate_status_that_stops_is_a_failure_or_an_unknown() -> None:
    finding = judge("isis", load("isis")[0], None)[0]
    assert finding.status is GateStatus.FAIL
    assert finding.settle_s == gates.all_gates()["isis"].settle_s
