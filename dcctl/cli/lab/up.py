"""`dcctl lab up`."""

from __future__ import annotations

from dcctl.cli import options, terminal
from dcctl.cli.lab.status import show_status
from dcctl.cli.site import opened
from dcctl.cli.words import spoken


def command(
    *,
    limit: options.Limit = None,
    site: options.Site = None,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Start twins."""
    from dcctl.workflows import lab

    with opened(site) as services:
        request = lab.LabUpRequest(limit=limit or lab.demo_limit(services))
        status = lab.up(request, services, progress=lambda text: terminal.say(spoken(text)))
    show_status(status, output)
