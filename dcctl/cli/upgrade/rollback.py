"""`dcctl upgrade rollback`."""

from __future__ import annotations

import typer

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.upgrade.show import show_campaign
from dcctl.cli.words import _, typed
from dcctl.errors import ExitCode


def command(
    run: options.RunName = "latest",
    *,
    limit: options.Limit = None,
    site: options.Site = None,
    lab: options.Lab = False,
    serial: options.Serial = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Plan it like any other campaign: certified, and approved by a second person."""
    from dcctl.workflows.upgrade.run import rollback

    with opened(site, lab=lab, serial=serial) as services:
        made = rollback(run, services, limit=limit)
    show_campaign(made, output)
    told = typed(made.hash[:12], lab=lab)
    terminal.say(_("have it approved: dcctl approve {hash}", hash=told))
    terminal.say(_("then run exactly this: dcctl upgrade run {hash}", hash=told))
    raise typer.Exit(int(ExitCode.CHANGES_PENDING))
