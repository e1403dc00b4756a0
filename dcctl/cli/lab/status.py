"""`dcctl lab status`."""

from __future__ import annotations

from typing import Any

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _


def command(
    *,
    site: options.Site = None,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """What runs."""
    from dcctl.workflows import lab

    with opened(site) as services:
        found = lab.status(services)
    show_status(found, output)


def show_status(status: Any, output: terminal.Output) -> None:
    """One row a twin."""
    rows = [(twin.name, twin.kind, twin.address, twin.port, twin.state) for twin in status.twins]
    headings = (_("name"), _("kind"), _("address"), _("port"), _("state"))
    terminal.show(status, output, headings, rows)
