"""`dcctl upgrade rollback`."""

from __future__ import annotations

import typer

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.upgrade.show import say_next, show_campaign
from dcctl.errors import ExitCode


def command(
    run: options.RunName = "latest",
    *,
    limit: options.Limit = None,
    accept_cuts: options.AcceptCuts = False,
    windows: options.Windows = None,
    site: options.Site = None,
    lab: options.Lab = False,
    serial: options.Serial = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Plan it like any other campaign: certified, and approved by a second person."""
    from dcctl.workflows.upgrade.run import rollback

    with opened(site, lab=lab, serial=serial) as services:
        kept = not lab if windows is None else windows
        made = rollback(run, services, limit=limit, accept_cuts=accept_cuts, windows=kept)
    show_campaign(made, output)
    say_next(made)
    raise typer.Exit(int(ExitCode.CHANGES_PENDING))
