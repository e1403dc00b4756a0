"""`dcctl runs show`."""

from __future__ import annotations

from dcctl.cli import options, terminal
from dcctl.cli.show_record import show_record
from dcctl.cli.site import opened


def command(
    run: options.RunName = "latest",
    *,
    site: options.Site = None,
    lab: options.Lab = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """One run, from the journal."""
    from dcctl.workflows.runs import show

    with opened(site, lab=lab) as services:
        record = show(run, services)
    show_record(record, output)
