"""`dcctl audit evaluate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from dcctl.cli import options, terminal
from dcctl.cli.audit._honesty import honesty
from dcctl.cli.audit._options import (
    AsOfLaw,
    Declared,
    Form,
    OneLevel,
    Priority,
    Standards,
    law_of,
    one_level,
    own,
    required_standard,
)
from dcctl.cli.report import deliver
from dcctl.cli.site import opened
from dcctl.cli.words import _, spoken, status_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.model.assessment import Assessment, Result
    from dcctl.model.record import RunRecord

_BAD = ("fail", "partial", "not_evaluated", "waived")


def command(
    run: options.RunName = "latest",
    *,
    as_of: AsOfLaw = None,
    level: OneLevel = None,
    standard: Standards = None,
    priority: Priority = 2,
    form: Form = None,
    out: options.Out = None,
    language: options.Language = None,
    declared: Declared = None,
    site: options.Site = None,
    lab: options.Lab = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Judge what a run collected, by the law of a day; asks no device."""
    from dcctl import reports
    from dcctl.workflows.audit.evaluate import EvaluateRequest, evaluate
    from dcctl.workflows.audit.kept import read_kept
    from dcctl.workflows.report import ReportRequest, rendered

    if form is not None:
        reports.get(form)  # a wrong format is told before anything is judged
    request = EvaluateRequest(
        run=run,
        as_of=law_of(as_of),
        level=one_level(level),
        standards=tuple(required_standard(name).id for name in standard or ()),
        priority=priority,
        declared=read_kept(declared).declarations if declared else None,
    )
    with opened(site, lab=lab) as services:
        record = evaluate(request, services)
        asked = ReportRequest(run=run, format=form or "", language=language or "")
        content = rendered(record, asked, services) if form else b""
    if form is None:
        _show(record, output)
    else:
        deliver(content, out)
    raise typer.Exit(int(record.exit_code()))


def _show(record: RunRecord, output: terminal.Output) -> None:
    found = record.assessment
    assert found is not None  # noqa: S101 - evaluate gives one
    headings = (_("row"), _("target"), _("status"), _("what was found"))
    terminal.show(found, output, headings, list(_rows(found)))
    if output is terminal.Output.TABLE:
        for line in _summary(found):
            terminal.put(line)


def _rows(found: Assessment) -> Iterator[tuple[str, str, str, str]]:
    """What is not fine: the worst first, what is alike on many targets once."""
    titles = {one.id: own(one.title) for one in found.requirements}
    reasons = {one.id: own(one.unanswered) for one in found.requirements if one.unanswered}
    alike: dict[tuple[str, str, str], list[str]] = {}
    for result in sorted(found.results, key=_weight):
        if result.status.value in _BAD:
            told = reasons.get(result.requirement) or spoken(result.message)
            if result.waivers:
                told = f"{', '.join(result.waivers)}: {told}"
            key = (result.requirement, status_word(result.status), told)
            alike.setdefault(key, []).append(result.target or "-")
    for (row, status, message), names in alike.items():
        who = ", ".join(names[:3]) + (f" +{len(names) - 3}" if len(names) > 3 else "")  # noqa: PLR2004
        yield f"{row} {titles[row]}", who, status, message


def _weight(result: Result) -> tuple[int, str]:
    return _BAD.index(result.status.value) if result.status.value in _BAD else 9, result.requirement


def _summary(found: Assessment) -> Iterator[str]:
    from dcctl.model.assessment import score

    counts = found.counts()
    told = score(counts)
    words = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    yield _("as of {day}; rows judged: {words}", day=found.as_of, words=words)
    yield _(
        "passed / answered = {passed} / {answered}; passed / applying = {passed} / {applying}",
        passed=told.passed,
        answered=told.answered,
        applying=told.applying,
    )
    yield _(
        "answered: passed, partial, failed; applying: these and what was waived or not evaluated"
    )
    if told.waived:
        yield _(
            "waived / (waived + partial + failed) = {waived} / {unmet}",
            waived=told.waived,
            unmet=told.unmet,
        )
    yield from honesty(found)
    yield from _declared(found)


def _declared(found: Assessment) -> Iterator[str]:
    """What became of each waiver, and of each attestation that does not count."""
    from dcctl.reports import _declared as told
    from dcctl.text import user_language

    for waiver in found.waivers:
        for line in told.of_waiver(waiver, user_language()):
            yield _("waiver {name}: {line}", name=waiver.name, line=line)
    for attestation in found.attestations:
        if attestation.problem is not None:
            (line,) = told.of_attestation(attestation, user_language())
            yield _("attestation {name}: {line}", name=attestation.name, line=line)
