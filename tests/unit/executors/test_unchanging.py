"""What doors that change nothing say of themselves: their fingerprint and what they foretell."""

from __future__ import annotations

from dcctl.executors import _outcomes
from dcctl.model.outcome import Reading
from dcctl.model.plan import Step, StepKind
from dcctl.model.status import ReadingStatus


def step(name: str, *topics: str, changes: bool = False) -> Step:
    return Step(
        id=f"a/collect:{name}",
        target="a",
        kind=StepKind.COLLECT,
        name=name,
        executor="bmc",
        changes=changes,
        settings={"topics": topics},
    )


def fingerprint(*steps: Step, value: object = 1, status: ReadingStatus = ReadingStatus.PARSED):
    return _outcomes.fingerprint(
        steps,
        lambda topics: {t: Reading(topic=t, status=status, value=value) for t in topics},
    )


def test_a_fingerprint_is_of_topics_values_and_how_they_were_read() -> None:
    one = fingerprint(step("x", "b", "a"), step("y", "a"))
    assert one == fingerprint(step("z", "a", "b"))
    assert one != fingerprint(step("z", "a"))
    assert one != fingerprint(step("z", "a", "b"), value=2)
    assert one != fingerprint(step("z", "a", "b"), status=ReadingStatus.EMPTY)


def test_what_would_change_is_nothing_or_unknown() -> None:
    found = _outcomes.unchanging((step("x"), step("y", changes=True)))
    assert found == {"a/collect:x": (), "a/collect:y": None}
