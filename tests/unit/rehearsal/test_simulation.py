"""Whole campaigns from seeds; each repeats itself, and none breaks a promise."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from dcctl.lab.elements.model import Note
from dcctl.lab.elements.site import plan_of
from dcctl.workflows.rehearsal import estates, makes
from dcctl.workflows.rehearsal.simulation import simulate
from dcctl.workflows.rehearsal.tasks import Tasks
from dcctl.workflows.rehearsal.truth import Truth
from dcctl.workflows.rehearsal.world import network_of
from tests.unit.rehearsal.conftest import Campaign

CASES = yaml.load(
    (Path(__file__).parents[2] / "cases" / "seeds.yml").read_text("utf-8"), yaml.CSafeLoader
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["seed"]))
def test_what_once_went_wrong(case: dict[str, Any], campaign: Campaign) -> None:
    campaign(case["seed"], size=case["size"], makes=makes.named(*case["makes"]))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2000, 2200))
def test_campaigns_of_eight(seed: int, campaign: Campaign) -> None:
    campaign(seed, size=8)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1100))
def test_campaigns_of_twenty(seed: int, campaign: Campaign) -> None:
    campaign(seed)


def test_a_seed_repeats_itself(tmp_path: Path) -> None:
    first, second = ([], [])
    for name, into in (("a", first), ("b", second)):
        (tmp_path / name).mkdir()
        into.extend(simulate(6, tmp_path / name, size=4).trace)
    assert first == second
    assert len(first) > 50


def observed() -> tuple[Truth, tuple[str, ...]]:
    """A truth over a drawn estate, and two fellows of it."""
    estate = estates.draw(Random(1), 6, Path(), {}, makes.named("c8500-12x4qc"))
    truth, tasks = Truth(estate), Tasks(1)
    network_of(plan_of(list(estate.targets.values()), "test"), truth, tasks, ())
    return truth, estate.redundancy[1].members


def test_both_of_a_pair_down_is_blamed() -> None:
    truth, (one, other) = observed()
    truth.observe(one, 10.0, Note(kind="boot", text="down", subject="17.12.4"), 0)
    assert not truth.wrong
    truth.observe(other, 20.0, Note(kind="boot", text="down", subject="17.12.4"), 0)
    assert truth.wrong == [f"{other} goes down by us while its fellow {one} is down"]


def test_a_change_that_was_not_written_down_is_blamed() -> None:
    truth, (one, _) = observed()
    truth.observe(one, 10.0, Note(kind="change"), 3)
    assert truth.wrong
    truth.wrong.clear()
    truth.started.add(one)
    truth.observe(one, 11.0, Note(kind="change"), 3)
    assert not truth.wrong


def test_a_second_reload_into_the_new_release_is_blamed() -> None:
    truth, (one, _) = observed()
    truth.before[one] = "17.9.4a"
    for at in (10.0, 500.0):
        truth.observe(one, at, Note(kind="boot", text="down", subject="17.12.4"), 0)
        truth.observe(one, at + 180, Note(kind="boot", text="up", subject="17.12.4"), 0)
    assert truth.wrong == [f"{one} is reloaded into 17.12.4 again without cause"]
