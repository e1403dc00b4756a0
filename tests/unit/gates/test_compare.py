"""Two whole snapshots: nothing vanishes, waivers are exact, and what may settle is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dcctl import gates
from dcctl.contracts import Gate
from dcctl.errors import InvalidInput, NotFound
from dcctl.facts import all_facts, revive
from dcctl.gates import _comparing
from dcctl.model import plain
from dcctl.model.outcome import Reading
from dcctl.model.status import GateStatus, ReadingStatus
from dcctl.model.upgrade import Waiver

TRANSCRIPTS = Path(__file__).parents[2] / "transcripts"
DAY = date(2026, 11, 22)
LOST = {"items": [{"interface": "A", "neighbor": "r1", "state": "up"}]}
WAIVER = Waiver(
    name="w1",
    gate="isis",
    subject="A *",
    targets="pe*",
    reason="r1 is being moved",
    by="Nguyen Van A",
    until="2026-11-22",
)


def read(topic: str, data: Any) -> Reading:
    value = revive(topic, data)
    return Reading(topic=topic, status=ReadingStatus.PARSED, value=value)


def empty(topic: str) -> Reading:
    return Reading(topic=topic, status=ReadingStatus.EMPTY)


def compared(before: Any, after: Any, waivers: tuple[Waiver, ...] = (), **terms: Any) -> Any:
    given = {one.topic: one for one in before}, {one.topic: one for one in after}
    return gates.compare(*given, gates.tailor(), waivers, "pe1", today=DAY, **terms)


@pytest.mark.parametrize(
    "path", sorted(TRANSCRIPTS.glob("*/expected.yaml")), ids=lambda p: p.parent.name
)
def test_a_real_device_compared_with_itself_passes(path: Path) -> None:
    facts = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    same = [
        empty(topic) if data is None else read(topic, data)
        for topic, data in facts.items()
        if topic in gates.all_gates()
    ]
    found = compared(same, same, elapsed_s=600)
    assert {one.gate for one in found} == {one.topic for one in same}
    assert [f"{one.gate} {one.subject}: {one.message}" for one in found if one.stops] == []


@pytest.mark.parametrize("topic", list(gates.all_gates()))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_fact_fails_against_itself(topic: str, data: st.DataObject) -> None:
    fact = data.draw(st.from_type(all_facts()[topic]))
    one = Reading(topic=topic, status=ReadingStatus.PARSED, value=fact)
    elapsed = data.draw(st.none() | st.floats(1, 1e6))
    restarted = data.draw(st.none() | st.booleans())
    for found in compared([one], [one], elapsed_s=elapsed, restarted=restarted):
        assert found.status is not GateStatus.FAIL, found
        assert "itself failed" not in str(found.message)


@pytest.mark.parametrize("topic", list(gates.all_gates()))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_two_facts_break_a_gate(topic: str, data: st.DataObject) -> None:
    kind = st.from_type(all_facts()[topic])
    pair = [
        Reading(topic=topic, status=ReadingStatus.PARSED, value=data.draw(kind)) for _ in range(2)
    ]
    found = compared(pair[:1], pair[1:], elapsed_s=600)
    assert found
    for one in found:
        assert "itself failed" not in str(one.message), one.message
        plain.to_plain(one)


def test_a_topic_that_is_not_read_again_is_unknown_and_one_that_never_was_is_left_out() -> None:
    before = [
        read("isis", LOST),
        Reading(topic="ospf", status=ReadingStatus.ERROR, message="garbled"),
        Reading(topic="ptp", status=ReadingStatus.NO_TEMPLATE),
        Reading(topic="lag", status=ReadingStatus.NO_TEMPLATE, evidence=("ab",)),
    ]
    after = [read("ospf", {"items": []}), empty("ptp"), empty("lag")]
    found = {one.gate: one for one in compared(before, after)}
    assert set(found) == {"isis", "ospf", "lag"}
    assert {one.status for one in found.values()} == {GateStatus.UNKNOWN}
    assert found["isis"].settle_s > 0
    assert found["ospf"].settle_s == 0, "waiting makes no snapshot A"
    assert "garbled" in str(found["ospf"].message)


def test_a_gate_that_breaks_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_before: Any, _after: Any, _terms: Any) -> Any:
        return 1 / 0

    own = {"isis": Gate(topic="isis", title="", compare=broken)}
    now = {"isis": read("isis", LOST)}
    (found,) = _comparing.compare(own, now, now, {"isis": {}}, "x", elapsed_s=None, restarted=None)
    assert found.status is GateStatus.UNKNOWN
    assert "ZeroDivisionError" in str(found.message)
    (found,) = _comparing.compare({}, now, now, {"isis": {}}, "x", elapsed_s=None, restarted=None)
    assert found.status is GateStatus.UNKNOWN


def test_readings_from_the_journal_are_compared_alike() -> None:
    live = read("isis", LOST)
    kept = replace(live, value=plain.to_plain(live.value))
    assert compared([live], [empty("isis")]) == compared([kept], [empty("isis")])


def test_a_waiver_covers_what_it_names_until_its_last_day() -> None:
    (found,) = compared([read("isis", LOST)], [empty("isis")], (WAIVER,))
    assert found.status is GateStatus.WAIVED
    assert (found.waiver, found.waived_by) == ("w1", "Nguyen Van A")
    assert found.waived_for == "r1 is being moved"
    assert "gone" in str(found.message), "what was waived is still told"
    assert not found.stops
    assert gates.waiver_notes([WAIVER], [found], DAY) == ()


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ({"until": "2026-11-21"}, "expired"),
        ({"gate": "ospf"}, "covered nothing"),
        ({"subject": "B *"}, "covered nothing"),
        ({"targets": "core*"}, "covered nothing"),
    ],
)
def test_a_waiver_of_something_else_covers_nothing_and_is_told(
    change: dict[str, str], note: str
) -> None:
    waiver = replace(WAIVER, **change)
    (found,) = compared([read("isis", LOST)], [empty("isis")], (waiver,))
    assert found.status is GateStatus.FAIL
    (text,) = gates.waiver_notes([waiver], [found], DAY)
    assert note in str(text)


def test_an_unknown_is_waived_only_where_that_is_said() -> None:
    broken = Reading(topic="isis", status=ReadingStatus.ERROR)
    blind = replace(WAIVER, subject="*")
    (found,) = compared([read("isis", LOST)], [broken], (blind,))
    assert found.status is GateStatus.UNKNOWN
    (found,) = compared([read("isis", LOST)], [broken], (replace(blind, unknown=True),))
    assert found.status is GateStatus.WAIVED


def test_it_is_worth_waiting_only_for_what_may_come_right() -> None:
    lost = compared([read("isis", LOST)], [empty("isis")])
    assert gates.worth_waiting(lost, 10)
    assert not gates.worth_waiting(lost, 10_000)
    name = {"os": "x", "release": "1", "hostname": "pe1"}
    other = compared([read("version", name)], [read("version", {**name, "hostname": "Router"})])
    assert not gates.worth_waiting([*lost, *other], 10), "a lost name doesn't come back"
    good = compared([read("isis", LOST)], [read("isis", LOST)])
    assert not gates.worth_waiting(good, 10)


def test_the_documentation_states_each_gates_parameters() -> None:
    text = (Path(__file__).parents[3] / "docs" / "gates.md").read_text(encoding="utf-8")
    for topic, gate in gates.all_gates().items():
        shown = ", ".join(f"`{name}: {_shown(value)}`" for name, value in gate.parameters.items())
        assert f"| `{topic}` | {shown} | {gate.settle_s} |" in text, topic


def _shown(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def test_a_site_tailors_gates_and_is_told_what_there_is_not() -> None:
    assert gates.tailor({"optics": {"max_drop_db": 1.0}})["optics"]["max_drop_db"] == 1.0
    assert gates.tailor({"optics": {"rx_low_alarm_dbm": -20}})["optics"]["rx_low_alarm_dbm"] == -20
    with pytest.raises(NotFound):
        gates.tailor({"optic": {}})
    with pytest.raises(NotFound):
        gates.tailor({"optics": {"max_drop": 1.0}})
    for name in ("rx_low_alarm_dbm", "max_drop_db"):
        for wrong in ("2 dB", True, float("nan"), float("inf")):
            with pytest.raises(InvalidInput):
                gates.tailor({"optics": {name: wrong}})
