"""`dcctl backup key`."""

from __future__ import annotations

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _


def command(*, site: options.Site = None, lab: options.Lab = False) -> None:
    """Make the key; readable by its owner only."""
    from dcctl.workflows.backup_key import make_key

    with opened(site, lab=lab) as services:
        path = make_key(services)
    terminal.say(_("made {path}; without it no backup can be brought back", path=str(path)))
    terminal.say(_("keep a copy of it elsewhere, as safe as the passwords that it protects"))
