"""A run's record as a terminal shows it: what is alike is told once."""

from __future__ import annotations

import re

import pytest
import typer

from dcctl.cli import terminal
from dcctl.cli.show_record import finish, show_record
from dcctl.errors import ExitCode
from dcctl.journal.reader import make_record
from dcctl.model.outcome import Outcome
from dcctl.model.record import Run, RunRecord
from dcctl.model.status import RunStatus, StepStatus
from tests.unit.running.device import Made, change, collect, target

CHECKS = ("interfaces.links_up", "isis.adjacencies", "optics.receive_power", "version.release")


def interrupted(count: int) -> RunRecord:
    """A run over two targets that was interrupted before it read anything."""
    steps = [collect(name, *CHECKS[:count]) for name in ("a", "b")]
    plan = Made({name: target(name, 1) for name in ("a", "b")}, steps).plan()
    run = Run(id="r", verb="check", status=RunStatus.INTERRUPTED, plan_hash=plan.hash)
    return make_record(run, plan, ())


def shown(record: RunRecord, capsys: pytest.CaptureFixture[str]) -> list[str]:
    terminal.console.cache_clear()
    try:
        show_record(record, terminal.Output.TABLE)
    finally:
        terminal.console.cache_clear()
    lines = capsys.readouterr().out.splitlines()
    return [line for line in lines if "not evaluated" in line and "findings" not in line]


def test_what_was_never_read_is_one_row_a_target(capsys, monkeypatch) -> None:
    monkeypatch.setenv("DCCTL_LANG", "en")
    record = interrupted(len(CHECKS))
    assert len(record.findings) == 2 * len(CHECKS)
    rows = shown(record, capsys)
    assert [re.split(r"\s{2,}", row.strip())[:2] for row in rows] == [
        ["a", "4 checks"],
        ["b", "4 checks"],
    ]


def test_a_few_are_named(capsys, monkeypatch) -> None:
    monkeypatch.setenv("DCCTL_LANG", "en")
    rows = shown(interrupted(2), capsys)
    assert len(rows) == 2
    assert all(name in rows[0] for name in CHECKS[:2])


@pytest.mark.parametrize(
    ("reasons", "code"),
    [
        (("window", "window"), ExitCode.REFUSED),
        (("window", "canary"), ExitCode.REFUSED),
        (("paused", "paused"), ExitCode.COULD_NOT_TELL),
        (("", "window"), ExitCode.COULD_NOT_TELL),
        (("", "paused"), ExitCode.COULD_NOT_TELL),
        (("window", "interrupted"), ExitCode.INTERRUPTED),
        (("paused", "in_doubt"), ExitCode.INTERRUPTED),
        (("", "interrupted"), ExitCode.INTERRUPTED),
    ],
)
def test_what_waits_for_its_window_was_not_interrupted(
    reasons: tuple[str, str], code: ExitCode
) -> None:
    steps = [change(name, "k1") for name in ("a", "b")]
    plan = Made({name: target(name, 1) for name in ("a", "b")}, steps).plan()
    run = Run(id="r", verb="upgrade", status=RunStatus.INTERRUPTED, plan_hash=plan.hash)
    outcomes = {
        step.id: Outcome(
            step=step.id,
            target=step.target,
            status=StepStatus.NOT_STARTED if reason else StepStatus.CHANGED,
            reason=reason,
        )
        for step, reason in zip(steps, reasons, strict=True)
    }
    with pytest.raises(typer.Exit) as ended:
        finish(RunRecord(run=run, plan=plan, outcomes=outcomes), terminal.Output.JSON)
    assert ended.value.exit_code == code
