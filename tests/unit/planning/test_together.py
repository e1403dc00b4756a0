"""All-or-nothing groups: one wave, one shard, never redundant halves unless asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dcctl.errors import InvalidInput, Refused
from dcctl.model.estate import RedundancyGroup
from dcctl.model.plan import Plan
from dcctl.model.record import Run
from dcctl.model.status import RunStatus
from dcctl.model.target import Target
from dcctl.planning.together import refuse_redundant, with_groups
from dcctl.planning.waves import make_waves
from dcctl.running.split import Share, make_shards
from tests.unit.planning.test_waves import step

NAMES = [f"t{n}" for n in range(12)]
GROUPS = st.lists(st.sampled_from(NAMES), unique=True, max_size=8).map(
    lambda names: [tuple(names[:3]), tuple(names[3:])]
)


@given(GROUPS, st.integers(0, 3), st.integers(0, 4))
def test_a_group_shares_a_wave_whatever_its_size_and_its_canaries(groups, canary, size):
    groups = [group for group in groups if len(group) > 1]
    steps = [step(name) for name in NAMES]
    pair = {"pair": ["t0", "t1"]}
    waves = make_waves(steps, pair, canary=canary, size=size, together=groups)
    assert sorted(one for wave in waves for one in wave.steps) == sorted(s.id for s in steps)
    for group in groups:
        assert len([wave for wave in waves if set(group) & set(wave.targets)]) == 1
    joined = any({"t0", "t1"} <= set(group) for group in groups)
    for wave in waves:
        assert joined or not {"t0", "t1"} <= set(wave.targets)


@given(GROUPS, st.integers(1, 4))
def test_a_group_shares_a_shard(groups, processes):
    groups = [group for group in groups if len(group) > 1]
    many = [f"t{n}" for n in range(90)]
    steps = with_groups([step(name) for name in many], groups)
    # A member that needs another executor before must not part from its fellows.
    steps += (replace(step("t1", executor="other"), id="t1/role:a"),)
    plan = Plan(
        verb="build",
        estate="e",
        lab=True,
        targets={name: Target(name=name, platform="x", kind="router") for name in many},
        steps=steps,
        waves=(),
    )
    share = Share(
        plan=plan,
        run=Run(id="r", verb="build", status=RunStatus.RUNNING, plan_hash="", estate="e"),
        wave=0,
        generation=1,
        processes=processes,
        site_root="/",
        folder=Path,
        resume={},
        done=frozenset(),
    )
    shards = make_shards(share, steps)
    placed = sorted(one.id for shard in shards for one in shard.steps)
    assert placed == sorted(one.id for one in steps)
    for group in groups:
        names = [{target.name for target in shard.targets} for shard in shards]
        assert len([held for held in names if held & set(group)]) == 1


def test_a_shard_knows_of_members_that_are_done_and_not_in_it():
    steps = with_groups([step("a"), step("b")], [("a", "b")])
    targets = {name: Target(name=name, platform="x", kind="router") for name in "ab"}
    plan = Plan(verb="build", estate="e", lab=True, targets=targets, steps=steps, waves=())
    share = Share(
        plan=plan,
        run=Run(id="r", verb="build", status=RunStatus.RUNNING, plan_hash="", estate="e"),
        wave=0,
        generation=2,
        processes=1,
        site_root="/",
        folder=Path,
        resume={steps[1].id: 1},
        done=frozenset({steps[0].id}),
    )
    (shard,) = make_shards(share, steps[1:])
    assert shard.done == (steps[0].id,)


def test_what_can_not_be_a_group_is_refused_with_its_name():
    steps = [step("a"), step("b")]
    with pytest.raises(InvalidInput, match="a can't be in two groups"):
        with_groups(steps, [("a", "b"), ("a",)])
    with pytest.raises(InvalidInput, match="names c"):
        with_groups(steps, [("a", "c")])
    pair = RedundancyGroup(name="pe-p01", kind="pe_pair", members=("a", "b"))
    with pytest.raises(Refused, match="a, b are redundant to each other"):
        refuse_redundant([("a", "b")], [pair])
    refuse_redundant([("a", "c")], [pair])
