"""`dcctl backup show`."""

from __future__ import annotations

from dcctl.cli import options, terminal
from dcctl.cli.backup.names import Target, Which
from dcctl.cli.site import opened


def command(
    target: Target,
    which: Which = "latest",
    *,
    site: options.Site = None,
    lab: options.Lab = False,
) -> None:
    """The configuration, without its secrets."""
    from dcctl.workflows.backup import find, text_of

    with opened(site, lab=lab) as services:
        terminal.put(text_of(find(target, which, services), services))
