"""`dcctl runs watch`."""

from __future__ import annotations

from dcctl.cli import options, terminal
from dcctl.cli.show_record import finish
from dcctl.cli.site import opened


def command(
    run: options.RunName = "latest",
    *,
    site: options.Site = None,
    lab: options.Lab = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Follow it until it ends."""
    from dcctl.cli.progress import Lines
    from dcctl.workflows.runs import watch

    lines = Lines()
    with opened(site, lab=lab) as services:
        record = watch(run, services, on_event=lines.event)
    finish(record, output)
