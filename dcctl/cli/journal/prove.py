"""`dcctl journal prove`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _


def command(
    what: Annotated[
        str,
        typer.Argument(help=_("A leaf's number, evidence's SHA-256, or a run (how it ended).")),
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-O", help=_("The file to write, *.tlog-proof (default: stdout).")),
    ] = None,
    site: options.Site = None,
    lab: options.Lab = False,
) -> None:
    """Write the proof."""
    from dcctl.workflows.journal import heads
    from dcctl.workflows.journal.prove import prove

    with opened(site, lab=lab) as services:
        text = prove(what, services)
    if out is None:
        terminal.put(text.removesuffix("\n"))
        return
    heads.write(out, text)
    terminal.say(_("written: {path}", path=out))
