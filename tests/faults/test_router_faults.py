"""Each check that real routers are judged by fails when its fault is planted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dcctl import lab, platforms
from dcctl.model.status import StepStatus
from dcctl.planning.render import render
from dcctl.planning.steps import config_step
from dcctl.workflows.execute import select
from dcctl.workflows.services import LAB_FOLDER, open_site
from tests.faults.planting import (
    Entry,
    Site,
    copied,
    cycles,
    door,
    host_site,
    raised,
    run_cycle,
    table,
)
from tests.lab.conftest import need_root

LIMIT = "hl-oob-r1,hl-oob-r2,hl-oob-r3"
TABLE = table("routers.yml")
CYCLES = cycles(TABLE)

pytestmark = [
    pytest.mark.lab,
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Three routers in a triangle, with their configuration and without their Debian's roles."""
    need_root()
    root = copied(tmp_path_factory.mktemp("routers"))
    made = host_site(root, LIMIT)
    try:
        raised(root, LIMIT)
        configure(root)
        made.settle(TABLE)
        yield made
    finally:
        lab.down(root / LAB_FOLDER)


def configure(root: Path) -> None:
    """Give the routers their configuration, over dcctl's own sessions."""
    with open_site(root, lab=True) as services:
        targets = select(services, LIMIT)
        steps = [
            config_step(target, platforms.get("frr"), render(target, services.template_paths))
            for target in targets.values()
        ]
    executor = door(root)
    try:
        ended = {outcome.status for outcome in executor.run(steps, targets)}
    finally:
        executor.close()
    assert ended == {StepStatus.CHANGED}


@pytest.mark.parametrize(
    "cycle", CYCLES, ids=lambda cycle: "+".join(f"{one.target}:{one.check}" for one in cycle)
)
def test_a_fault_flips_its_check_and_only_what_is_declared(site: Site, cycle: list[Entry]) -> None:
    assert run_cycle(site, cycle) == []
