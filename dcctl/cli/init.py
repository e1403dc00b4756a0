"""`dcctl init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dcctl.cli import terminal
from dcctl.cli.words import _


def command(
    folder: Annotated[Path, typer.Argument(help=_("The new site's folder; empty or not there."))],
) -> None:
    """Make a new site."""
    from dcctl.workflows.init import init

    made = init(folder)
    terminal.say(_("a new site: {folder}", folder=made.folder))
    terminal.say(
        _("next: cd {folder} && dcctl inventory check && dcctl doctor", folder=made.folder)
    )
