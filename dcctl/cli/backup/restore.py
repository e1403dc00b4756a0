"""`dcctl backup restore`."""

from __future__ import annotations

from dcctl.cli import options, terminal
from dcctl.cli.backup.names import Target, Which
from dcctl.cli.show_record import finish
from dcctl.cli.site import opened


def command(
    target: Target,
    which: Which = "latest",
    *,
    site: options.Site = None,
    lab: options.Lab = False,
    yes: options.Yes = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Plan, ask, bring back, prove."""
    from dcctl.workflows.backup import find, restore

    with opened(site, lab=lab, yes=yes) as services:
        record = restore(find(target, which, services), services)
    finish(record, output)
