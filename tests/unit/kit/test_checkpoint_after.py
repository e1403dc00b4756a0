"""A checkpoint after each run where the policy says so; never a run that fails because of it."""

from __future__ import annotations

import re

import pytest

from dcctl import clock
from dcctl.model.status import RunStatus
from dcctl.running import SerialRunner
from dcctl.workflows.audit.collect import CollectRequest, collect
from dcctl.workflows.audit.kit.merge import merge
from dcctl.workflows.journal import key, verify
from dcctl.workflows.rehearsal import sessions
from dcctl.workflows.services import open_site
from tests.unit.upgrading.scene import Scene


@pytest.fixture
def signed(trip, tmp_path):
    """The site with an evidence policy; `policy` writes dcctl.yml, and what was told is kept."""
    root = trip.root / "site"
    lines = [key.make(tmp_path / who, f"{who}.example/1", who) for who in ("operator", "auditor")]
    (root / "inventory/evidence.policy").write_text("\n".join([*lines, "quorum none", ""]))
    told: list[str] = []

    def opened(policy: str, **more):
        text = (root / "dcctl.yml").read_text()
        text = re.sub(r"(?m)^policy:.*\n(?:  .*\n)*", "", text)
        (root / "dcctl.yml").write_text(f"{text}\npolicy: {{{policy}}}\n")
        return open_site(
            root, operator="minh", on_notice=lambda text: told.append(str(text)), **more
        )

    return opened, told


def test_after_a_run_that_was_carried_out_here_and_one_that_came_back(trip, signed, tmp_path):
    opened, told = signed
    with clock.use(trip.time):
        scene = Scene(name="p01-pe1", time=trip.time)
        runner = SerialRunner(build=sessions.simulated(scene.network))
        with opened(f"checkpoint_key: {tmp_path / 'operator'}", runner=runner) as services:
            collect(CollectRequest(limit="p01-pe1"), services)
            assert len(told) == 1
            assert "checkpoint over" in told[0]
            assert verify.verify(services).pending == 0
            merge(trip.result, services)
            assert len(told) == 2
            found = verify.verify(services)
            assert (found.wrong, found.pending, found.checkpoints) == ((), 0, 2)


# What is wrong with the key -> what is told.
WORDS = {
    "operator.lost": "is not here",
    "auditor": "only the operator signs checkpoints",
    "broken": "holds no private key",
}


@pytest.mark.parametrize("name", WORDS)
def test_what_goes_wrong_is_told_and_the_run_stands(trip, signed, tmp_path, name):
    opened, told = signed
    (tmp_path / "broken").touch(mode=0o600)
    (tmp_path / "broken").write_text("what")
    with clock.use(trip.time), opened(f"checkpoint_key: {tmp_path / name}") as services:
        taken = merge(trip.result, services)
    assert taken.record.run.status is RunStatus.FINISHED
    assert len(told) == 1
    assert "no checkpoint was made" in told[0]
    assert WORDS[name] in told[0]


def test_the_policy_decides(trip, signed, tmp_path):
    opened, told = signed
    only = f"checkpoint_key: {tmp_path / 'operator'}, checkpoint_after: [build, upgrade]"
    with clock.use(trip.time), opened(only) as services:
        merge(trip.result, services)
    assert told == []
