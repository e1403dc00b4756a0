"""Twins begin from the last backups: what a device shows of itself makes its twin the same."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dcctl.executors.evidence import steady
from dcctl.model.backup import BEFORE_CHANGE, Backup
from dcctl.model.plan import StepKind
from dcctl.model.status import StepStatus
from dcctl.workflows.rehearsal.twins import outdated
from tests.unit.upgrading.scene import scene

ELEMENTS = (
    "p01-pe1",
    "hl-cor-r1",
    "p08-pe1",
    "p38-pe1",
    "p40-pe1",
    "p42-pe1",
    "p46-pe1",
    "p48-pe1",
)


@pytest.mark.parametrize("name", ELEMENTS)
def test_a_twin_of_a_backup_is_the_same(name: str) -> None:
    with scene(name) as one:
        network, platform = one.network, one.platform

        def shown() -> list[str]:
            return steady(one.executor.session(one.target).send(platform.config_command), platform)

        def ports() -> dict[str, bool]:
            return {port: state.up for port, state in network.view(name).ports.items()}

        before, up = shown(), ports()
        peers = {(a.port, a.neighbor) for a in network.view(name).adjacencies if a.up}
        assert peers
        network.boot(name, "\n".join(before) + "\n")
        one.pass_time(600)
        assert shown() == before
        assert ports() == up
        assert {(a.port, a.neighbor) for a in network.view(name).adjacencies if a.up} == peers


def kept(occasion: str, run: str = "r", target: str = "a") -> Backup:
    return Backup(
        target=target,
        platform="cisco_xe",
        run=run,
        taken_at="2026-11-22T00:00:00+00:00",
        sealed="0" * 64,
        fingerprint="f",
        lines=1,
        proof="second_read",
        occasion=occasion,
    )


@pytest.mark.parametrize(
    ("occasion", "kind", "status", "names"),
    [
        (BEFORE_CHANGE, StepKind.CONFIG, StepStatus.CHANGED, ("a",)),
        (BEFORE_CHANGE, StepKind.CONFIG, StepStatus.FAILED, ()),  # it was taken back
        (BEFORE_CHANGE, StepKind.COLLECT, StepStatus.CHANGED, ()),
        ("backup", StepKind.CONFIG, StepStatus.CHANGED, ()),
    ],
)
def test_a_backup_from_before_a_change_is_too_old(occasion, kind, status, names) -> None:
    steps = [(SimpleNamespace(target="a", kind=kind), SimpleNamespace(status=status))]
    record = SimpleNamespace(steps=lambda: steps)
    assert outdated([kept(occasion)], lambda _run: record) == names
