"""`dcctl backup run`."""

from __future__ import annotations

import typer

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _, spoken


def command(
    *,
    limit: options.Limit = None,
    site: options.Site = None,
    lab: options.Lab = False,
    concurrency: options.Concurrency = None,
    serial: options.Serial = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Keep the configurations."""
    from dcctl.workflows.backup import BackupRequest, backup

    with opened(site, lab=lab, serial=serial, overrides={"concurrency": concurrency}) as services:
        record = backup(BackupRequest(limit=limit), services)
    rows = [
        (
            step.target,
            outcome.status.value,
            outcome.data.get("backup", {}).get("lines", ""),
            outcome.data.get("backup", {}).get("proof", ""),
            outcome.data.get("backup", {}).get("sealed", "")[:12],
            spoken(outcome.message),
        )
        for step, outcome in record.steps()
    ]
    headings = (_("target"), _("status"), _("lines"), _("proof"), _("seal"), _("message"))
    terminal.show(record, output, headings, rows)
    terminal.say(_("run {run}", run=record.run.id))
    raise typer.Exit(int(record.exit_code()))
