"""`dcctl runs cancel`."""

from __future__ import annotations

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _
from dcctl.model.status import RunStatus


def command(
    run: options.RunName = "latest",
    *,
    site: options.Site = None,
    lab: options.Lab = False,
) -> None:
    """Ask a running run to end soon."""
    from dcctl.workflows.runs import cancel

    with opened(site, lab=lab) as services:
        cancelled = cancel(run, services)
    if cancelled.status is RunStatus.CANCELLED:
        terminal.say(_("run {run} is cancelled", run=cancelled.id))
    else:
        terminal.say(_("run {run} was asked to start nothing new", run=cancelled.id))
