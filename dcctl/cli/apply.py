"""`dcctl apply`."""

from __future__ import annotations

from typing import Annotated

import typer

from dcctl.cli import completion, options, terminal
from dcctl.cli.show_record import finish
from dcctl.cli.site import approvals, opened
from dcctl.cli.words import _


def command(
    plan: Annotated[
        str,
        typer.Argument(
            autocompletion=completion.plans, help=_("The plan's hash, or the beginning of it.")
        ),
    ],
    *,
    site: options.Site = None,
    lab: options.Lab = False,
    yes: options.Yes = False,
    approve_destructive: options.ApproveDestructive = False,
    approve_reload: options.ApproveReload = False,
    no_safety_net: options.NoSafetyNet = False,
    serial: options.Serial = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Run exactly that plan, with the concurrency, failures and settling that it was made with."""
    from dcctl.workflows.apply import ApplyRequest, apply

    given = approvals(
        destructive=approve_destructive, reload=approve_reload, no_safety_net=no_safety_net
    )
    with opened(site, lab=lab, serial=serial, yes=yes, approvals=given) as services:
        record = apply(ApplyRequest(plan=plan), services)
    finish(record, output)
