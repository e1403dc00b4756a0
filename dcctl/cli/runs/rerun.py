"""`dcctl runs rerun`."""

from __future__ import annotations

from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.show_record import finish
from dcctl.cli.site import approvals, opened
from dcctl.cli.words import _


def command(
    run: options.RunName = "latest",
    *,
    failed: Annotated[
        bool, typer.Option("--failed", help=_("Only the targets where something went wrong."))
    ] = False,
    site: options.Site = None,
    lab: options.Lab = False,
    yes: options.Yes = False,
    approve_destructive: options.ApproveDestructive = False,
    approve_reload: options.ApproveReload = False,
    no_safety_net: options.NoSafetyNet = False,
    serial: options.Serial = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Do it again, from what is true now."""
    from dcctl.workflows.runs import rerun

    given = approvals(
        destructive=approve_destructive, reload=approve_reload, no_safety_net=no_safety_net
    )
    with opened(site, lab=lab, serial=serial, yes=yes, approvals=given) as services:
        record = rerun(run, services, failed=failed)
    finish(record, output)
