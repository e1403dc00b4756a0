"""Waves: never two members of a redundancy group, nothing lost, the same each time."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from dcctl.model.plan import Step, StepKind
from dcctl.planning.waves import kinds, make_waves

NAMES = [f"t{n}" for n in range(12)]


def step(target: str, *, changes: bool = True, executor: str = "x") -> Step:
    kind = StepKind.CONFIG if changes else StepKind.COLLECT
    return Step(
        id=f"{target}/{kind}:a",
        target=target,
        kind=kind,
        name="a",
        executor=executor,
        changes=changes,
    )


GROUPS = st.dictionaries(
    st.sampled_from("abcd"), st.lists(st.sampled_from(NAMES), min_size=2, unique=True)
)


@given(
    st.lists(st.sampled_from(NAMES), unique=True),
    GROUPS,
    st.integers(0, 3),
    st.integers(0, 4),
)
def test_laws(targets: list[str], groups: dict[str, list[str]], canary: int, size: int):
    steps = [s for name in targets for s in (step(name), step(name, changes=False))]
    waves = make_waves(steps, groups, canary=canary, size=size)
    assert sorted(i for wave in waves for i in wave.steps) == sorted(s.id for s in steps)
    assert [wave.index for wave in waves] == list(range(len(waves)))
    for wave in waves:
        if wave.title == "read":
            continue
        assert not size or len(wave.targets) <= size
        for members in groups.values():
            assert len(set(members) & set(wave.targets)) <= 1
    assert make_waves(steps, groups, canary=canary, size=size) == waves


def test_reading_comes_last_in_one_wave():
    steps = [step("a"), step("a", changes=False), step("b"), step("b", changes=False)]
    waves = make_waves(steps, {"pair": ["a", "b"]})
    assert [(w.title, w.targets) for w in waves] == [
        ("change", ("a",)),
        ("change", ("b",)),
        ("read", ("a", "b")),
    ]


def test_a_canary_is_one_whose_change_proves_something():
    steps = [step("idle"), step("unseen"), step("moves"), step("also")]
    waves = make_waves(steps, {}, canary=1, last_resort={"idle", "unseen"})
    assert [(w.title, w.targets) for w in waves] == [
        ("canary", ("moves",)),
        ("change", ("idle", "unseen", "also")),
    ]
    assert make_waves(steps[:2], {}, canary=1, last_resort={"idle"})[0].targets == ("unseen",)
    assert make_waves(steps[:1], {}, canary=1, last_resort={"idle"})[0].targets == ("idle",)


def test_the_canary_wave_takes_some_of_each_executor():
    steps = [step("s1", executor="e"), step("s2", executor="e"), step("r1", executor="f")]
    waves = make_waves(steps, {}, canary=1)
    assert [(w.title, w.targets) for w in waves] == [
        ("canary", ("s1", "r1")),
        ("change", ("s2",)),
    ]


def linked(target: str, *neighbours: str) -> Step:
    witnesses = [{"target": {"name": name}, "views": []} for name in neighbours]
    return replace(step(target), settings={"witnesses": witnesses})


def test_a_neighbour_that_is_asked_does_not_change_in_the_same_wave():
    """It would not see its own line while it changes, and the other would be taken back for it."""
    steps = [linked("a", "b"), linked("b", "a", "c"), linked("c", "b"), linked("d", "elsewhere")]
    waves = make_waves(steps, {})
    assert [wave.targets for wave in waves] == [("a", "c", "d"), ("b",)]
    joined = make_waves(steps, {}, together=[("a", "b")])
    assert [wave.targets for wave in joined] == [("a", "b", "d"), ("c",)]


def test_each_system_has_its_own_canary_of_an_upgrade() -> None:
    def upgrade(name: str, platform: str) -> Step:
        return Step(
            id=f"{name}/upgrade:x",
            target=name,
            kind=StepKind.UPGRADE,
            name="x",
            executor="device_session",
            changes=True,
            settings={"order": {"image": {"platform": platform}}},
        )

    steps = [upgrade("a", "cisco_xe"), upgrade("b", "juniper_junos"), upgrade("c", "cisco_xe")]
    found = kinds(steps)
    assert found["a"] == found["c"] != found["b"]
