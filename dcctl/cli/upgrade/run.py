"""`dcctl upgrade run`."""

from __future__ import annotations

from typing import Annotated

import typer

from dcctl.cli import completion, options, terminal
from dcctl.cli.show_record import finish
from dcctl.cli.site import opened
from dcctl.cli.words import _


def command(
    plan: Annotated[
        str,
        typer.Argument(
            autocompletion=completion.changing_plans,
            help=_("The plan's hash, or the beginning of it."),
        ),
    ],
    *,
    site: options.Site = None,
    lab: options.Lab = False,
    serial: options.Serial = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Run exactly that plan."""
    from dcctl.workflows.upgrade.run import run_upgrade

    with opened(site, lab=lab, serial=serial) as services:
        record = run_upgrade(plan, services)
    finish(record, output)
