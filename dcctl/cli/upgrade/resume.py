"""`dcctl upgrade resume`."""

from __future__ import annotations

from dcctl.cli import options, terminal
from dcctl.cli.show_record import finish
from dcctl.cli.site import opened


def command(
    run: options.RunName = "latest",
    *,
    site: options.Site = None,
    lab: options.Lab = False,
    serial: options.Serial = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Go on."""
    from dcctl.workflows.upgrade.run import resume_upgrade

    with opened(site, lab=lab, serial=serial) as services:
        record = resume_upgrade(run, services)
    finish(record, output)
