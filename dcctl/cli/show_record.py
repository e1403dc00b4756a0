"""A run's record as a person reads it: what is wrong first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from dcctl.cli import terminal
from dcctl.cli.words import _, spoken, status_word, typed
from dcctl.errors import ExitCode
from dcctl.model.status import FindingStatus, RunStatus, Severity, StepStatus

if TYPE_CHECKING:
    from dcctl.model.outcome import Finding, Outcome
    from dcctl.model.record import RunRecord

_GOOD_STEPS = {StepStatus.OK, StepStatus.CHANGED, StepStatus.SKIPPED}
_GOOD_FINDINGS = {FindingStatus.PASS, FindingStatus.NOT_APPLICABLE, FindingStatus.WAIVED}
_NAMED = 3  # so many checks in one row are named


def show_record(record: RunRecord, output: terminal.Output) -> None:
    """Everything as data, or the summary with all that is not fine."""
    if output is not terminal.Output.TABLE:
        terminal.structured(record, output)
        return
    bad_steps = list(_steps(record))
    if bad_steps:
        terminal.table((_("step"), _("status"), _("what happened")), bad_steps)
    bad_findings = list(_findings(record))
    if bad_findings:
        headings = (_("target"), _("check"), _("status"), _("severity"), _("what was found"))
        terminal.table(headings, bad_findings)
    terminal.put(summary(record))


def summary(record: RunRecord) -> str:
    """One line for steps, one for findings, one for what to do next."""
    lines = [
        _(
            "run {run} ({verb}) {status}: {steps}",
            run=record.run.id,
            verb=record.run.verb,
            status=status_word(record.run.status),
            steps=_counts(record.step_counts()) or _("no steps"),
        )
    ]
    if record.findings:
        lines.append(_("findings: {counts}", counts=_counts(record.finding_counts())))
    run = typed(record.run.id, lab=record.plan.lab)
    if record.run.status in {RunStatus.INTERRUPTED, RunStatus.RUNNING}:
        lines.append(_("carry on with: dcctl runs resume {run}", run=run))
    elif record.run.verb == "audit":
        lines.append(_("judge it with: dcctl audit evaluate {run}", run=run))
    else:
        lines.append(_("the whole report: dcctl report {run} --format html", run=run))
    return "\n".join(lines)


def finish(record: RunRecord, output: terminal.Output) -> None:
    """Show the record and end with its exit code."""
    show_record(record, output)
    code = record.exit_code()
    if record.was_interrupted():
        code = ExitCode.INTERRUPTED
    raise typer.Exit(int(code))


def _steps(record: RunRecord) -> Iterator[tuple[str, str, str]]:
    for step, outcome in record.steps():
        if outcome.status not in _GOOD_STEPS:
            yield step.id, outcome.status, _why(outcome)


def _findings(record: RunRecord) -> Iterator[tuple[str, str, str, str, str]]:
    alike: dict[tuple[str, ...], list[Finding]] = {}
    for finding in record.findings:
        if finding.status not in _GOOD_FINDINGS:
            # What kept a target from being read at all is told once, not once a check.
            unread = finding.status is FindingStatus.NOT_EVALUATED
            key = (finding.target, _why(finding), "" if unread else finding.check)
            alike.setdefault(key, []).append(finding)
    for (target, why, _name), found in alike.items():
        first = min(found, key=lambda finding: list(Severity).index(finding.severity))
        many = _("{n} checks", n=len(found)) if len(found) > _NAMED else ""
        names = many or ", ".join(finding.check for finding in found)
        yield target, names, first.status, first.severity, why


def _why(item: Outcome | Finding) -> str:
    said = spoken(item.message)
    return " ".join(
        part for part in (item.reason and f"[{status_word(item.reason)}]", said) if part
    )


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {status_word(status)}" for status, count in sorted(counts.items()))
