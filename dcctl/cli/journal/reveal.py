"""`dcctl journal reveal`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _


def command(
    run: options.RunName,
    digest: Annotated[str, typer.Argument(help=_("The evidence's SHA-256, or its beginning."))],
    number: Annotated[int, typer.Argument(min=0, help=_("Which redaction of it, from 0."))],
    *,
    out: Annotated[
        Path,
        typer.Option("--out", "-O", help=_("A file to add the line to; it holds the secret.")),
    ],
    value: Annotated[
        str,
        typer.Option(
            "--value", help=_("Where the secret lies: prompt:LABEL, file:PATH, env:NAME.")
        ),
    ] = "prompt:secret",
    site: options.Site = None,
    lab: options.Lab = False,
) -> None:
    """Write what opens the commitment."""
    from dcctl.workflows.journal import reveal

    with opened(site, lab=lab) as services:
        reveal.write(out, reveal.reveal(run, digest, number, value, services))
    terminal.say(_("written: {path}", path=out))
