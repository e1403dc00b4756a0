"""`dcctl lab down`."""

from __future__ import annotations

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _


def command(*, site: options.Site = None) -> None:
    """Stop it all."""
    from dcctl.workflows import lab

    with opened(site) as services:
        lab.down(services)
    terminal.say(_("the lab is down"))
