"""`dcctl snapshot list`."""

from __future__ import annotations

from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _


def command(
    *,
    count: Annotated[int, typer.Option("--count", "-n", min=1, help=_("How many."))] = 20,
    site: options.Site = None,
    lab: options.Lab = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """The newest snapshots first."""
    from dcctl.workflows.snapshot import snapshots

    with opened(site, lab=lab) as services:
        found = snapshots(services, limit=count)
    if not found:
        terminal.say(_("no snapshot yet"))
    headings = (_("snapshot"), _("name"), _("started"), _("targets"), _("operator"))
    rows = [
        (
            run.id,
            run.request.get("name") or "",
            run.started_at[:19],
            run.request.get("limit") or "all",
            run.operator,
        )
        for run in found
    ]
    terminal.show(list(found), output, headings, rows)
