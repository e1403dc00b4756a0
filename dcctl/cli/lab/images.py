"""`dcctl lab images`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _


def command(
    folder: Annotated[Path, typer.Argument(help=_("Where the files are written."))],
    *,
    site: options.Site = None,
) -> None:
    """Write the lab's own files of images.yml."""
    from dcctl.workflows import lab

    with opened(site) as services:
        for name in lab.images(services, folder):
            terminal.say(name)
