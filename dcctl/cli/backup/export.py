"""`dcctl backup export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _


def command(
    folder: Annotated[Path, typer.Argument(help=_("The repository; made where there is none."))],
    *,
    limit: options.Limit = None,
    site: options.Site = None,
    lab: options.Lab = False,
) -> None:
    """One commit for an export that differs."""
    from dcctl.workflows.backup import export

    with opened(site, lab=lab) as services:
        written = export(folder.expanduser().resolve(), services, limit)
    terminal.say(_("{count} configurations in {folder}", count=len(written), folder=str(folder)))
