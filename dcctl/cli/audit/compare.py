"""`dcctl audit compare`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dcctl.cli import completion, options, terminal
from dcctl.cli.audit._options import AsOf, own, required_level
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
    "standard": N_("the standard changed"),
    "system": N_("the system changed"),
}


def command(
    old: Annotated[
        str,
        typer.Argument(
            autocompletion=completion.runs, help=_("The earlier run: its id or its beginning.")
        ),
    ],
    new: Annotated[
        str,
        typer.Argument(autocompletion=completion.runs, help=_("The later run (default: latest).")),
    ] = "latest",
    *,
    as_of_old: Annotated[
        datetime | None,
        typer.Option(
            "--as-of-old",
            formats=["%Y-%m-%d"],
            help=_("The day whose law counted then (default: the day it was collected)."),
        ),
    ] = None,
    as_of: AsOf = None,
    level: Annotated[
        int | None,
        typer.Option("--level", help=_("3, 4 or 5 for every target (default: each one's own).")),
    ] = None,
    kept: Annotated[
        Path | None,
        typer.Option(
            "--kept", help=_("What was told then: a file of `dcctl audit evaluate --output json`.")
        ),
    ] = None,
    site: options.Site = None,
    lab: options.Lab = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """What differs, and whether the system, the standard, a waiver or the check made it so."""
    from dcctl.workflows.audit.compare import CompareRequest, compare
    from dcctl.workflows.audit.evaluate import EvaluateRequest

    wanted = required_level(level) if level is not None else None
    request = CompareRequest(
        old=EvaluateRequest(run=old, as_of=as_of_old.date() if as_of_old else None, level=wanted),
        new=EvaluateRequest(run=new, as_of=as_of.date() if as_of else None, level=wanted),
        kept=kept,
    )
    with opened(site, lab=lab) as services:
        found = compare(request, services)
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
    if any(change.worse for change in found.changes):
        raise typer.Exit(int(ExitCode.WRONG))


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
