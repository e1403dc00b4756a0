"""`dcctl runs list`."""

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
    """The newest runs first."""
    from dcctl.workflows.runs import list_runs

    with opened(site, lab=lab) as services:
        runs = list_runs(services, limit=count)
    if not runs:
        terminal.say(_("no run yet"))
    headings = (_("run"), _("verb"), _("status"), _("started"), _("operator"), _("plan"))
    rows = [
        (run.id, run.verb, run.status, run.started_at[:19], run.operator, run.plan_hash[:12])
        for run in runs
    ]
    terminal.show(list(runs), output, headings, rows)
