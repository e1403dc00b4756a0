"""`dcctl images generation`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _


def command(
    name: Annotated[str, typer.Argument(help=_("The generation's name, as its routers tell it."))],
    *,
    folder: Annotated[Path, typer.Option("--to", "-d", help=_("Where the files are written."))],
    limit: options.Limit = None,
    site: options.Site = None,
    lab: options.Lab = False,
) -> None:
    """Files to FOLDER, their lines of images.yml to stdout."""
    from dcctl.workflows.generations import generations, write

    with opened(site, lab=lab) as services:
        made = generations(name, limit, services)
    for one in made:
        write(one, folder.expanduser())
        terminal.put(one.entry().rstrip())
    words = _(
        "{count} files in {folder}; the lines belong below `images:` in inventory/images.yml",
        count=len(made),
        folder=str(folder),
    )
    terminal.say(words)
