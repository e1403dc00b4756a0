"""`dcctl doctor`."""

from __future__ import annotations

import typer

from dcctl.cli import options, terminal
from dcctl.cli.words import _, spoken
from dcctl.errors import ExitCode


def command(
    *,
    site: options.Site = None,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """What is here, what is missing, and what that leaves out."""
    from dcctl.workflows.doctor import doctor

    items = doctor(site)
    rows = [(item.status, item.name, spoken(item.message)) for item in items]
    terminal.show(list(items), output, (_("status"), _("what"), _("finding")), rows)
    bad = any(item.status == "fail" for item in items)
    raise typer.Exit(int(ExitCode.USAGE if bad else ExitCode.OK))
