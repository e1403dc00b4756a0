"""`dcctl audit compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from dcctl.cli import options, terminal
from dcctl.cli.audit._options import (
    AsOfLaw,
    AsOfOld,
    Earlier,
    Kept,
    Later,
    OneLevel,
    law_of,
    one_level,
    own,
)
from dcctl.cli.site import opened
from dcctl.cli.words import _, status_word
from dcctl.errors import ExitCode
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.model.assessment import Change
    from dcctl.model.status import FindingStatus
    from dcctl.workflows.audit.compare import Comparison

_CAUSES = {
    "check": N_("the check changed"),
    "waiver": N_("a waiver or an attestation changed"),
    "standard": N_("the standard or the day changed"),
    "system": N_("the system changed"),
}


def command(
    old: Earlier,
    new: Later = "latest",
    *,
    as_of_old: AsOfOld = None,
    as_of: AsOfLaw = None,
    level: OneLevel = None,
    kept: Kept = None,
    site: options.Site = None,
    lab: options.Lab = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """What differs, and whether the system, the standard, a waiver or the check made it so."""
    from dcctl.workflows.audit.compare import CompareRequest, compare
    from dcctl.workflows.audit.evaluate import EvaluateRequest

    wanted = one_level(level)
    request = CompareRequest(
        old=EvaluateRequest(run=old, as_of=law_of(as_of_old), level=wanted),
        new=EvaluateRequest(run=new, as_of=law_of(as_of), level=wanted),
        kept=kept,
    )
    with opened(site, lab=lab) as services:
        found = compare(request, services)
    _show(found, output)
    if any(change.worse for change in found.changes):
        raise typer.Exit(int(ExitCode.WRONG))


def _show(found: Comparison, output: terminal.Output) -> None:
    headings = (_("row"), _("target"), _("before"), _("after"), _("why"))
    terminal.show(found, output, headings, list(_rows(found)))
    if output is terminal.Output.TABLE:
        terminal.put(
            _(
                "{old} ({old_day}) and {new} ({new_day}): {count} answers differ",
                old=found.old.run,
                old_day=found.old.as_of,
                new=found.new.run,
                new_day=found.new.as_of,
                count=len(found.changes),
            )
        )


def _rows(found: Comparison) -> Iterator[tuple[str, str, str, str, str]]:
    """What got worse first."""
    titles = {one.id: own(one.title) for one in (*found.old.requirements, *found.new.requirements)}
    for change in sorted(found.changes, key=lambda one: not one.worse):
        yield (
            f"{change.requirement} {titles.get(change.requirement, '')}",
            change.target or "-",
            _word(change.before),
            _word(change.after),
            _why(change),
        )


def _word(status: FindingStatus | None) -> str:
    return status_word(status) if status is not None else _("not asked")


def _why(change: Change) -> str:
    told = []
    for cause, status in change.causes.items():
        words = _(_CAUSES[cause])
        told.append(words if len(change.causes) == 1 else f"{words} -> {status or '-'}")
    return "; ".join(told)
