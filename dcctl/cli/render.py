"""`dcctl render`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _, error_line
from dcctl.errors import ExitCode


def command(
    *,
    limit: options.Limit = None,
    site: options.Site = None,
    lab: options.Lab = False,
    output_dir: Annotated[
        Path | None,
        typer.Option("--output-dir", "-d", help=_("Write one file a host there, not to stdout.")),
    ] = None,
) -> None:
    """What the templates make of the estate; every target with an error is named (exit 2)."""
    from dcctl.workflows.render import render, write

    wrong = done = 0
    with opened(site, lab=lab) as services:
        for one in render(limit, services):
            if one.problem is not None:
                wrong += 1
                terminal.say(_("error: {line}", line=error_line(one.problem)), style="red")
            elif output_dir is not None:
                done += 1
                write(one, output_dir.expanduser())
            else:
                terminal.put(one.text)
    if output_dir is not None:
        terminal.say(_("{count} configurations in {folder}", count=done, folder=str(output_dir)))
    raise typer.Exit(int(ExitCode.USAGE if wrong else ExitCode.OK))
