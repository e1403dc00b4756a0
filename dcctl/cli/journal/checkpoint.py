"""`dcctl journal checkpoint`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _


def command(
    *,
    key: options.LogKey,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-O", help=_("A folder for the requests to the witnesses.")),
    ] = None,
    since: Annotated[
        int | None,
        typer.Option(
            "--since", min=0, help=_("How many leaves the witnesses cosigned last, if they say so.")
        ),
    ] = None,
    site: options.Site = None,
    lab: options.Lab = False,
) -> None:
    """Extend, sign, say who must still cosign."""
    from dcctl.workflows.journal.checkpoint import checkpoint

    with opened(site, lab=lab) as services:
        made = checkpoint(key, services, out=out, since=since)
    terminal.put(str(made.head.path))
    terminal.say(
        _(
            "{size} leaves, {root}",
            size=made.head.size,
            root=made.head.checkpoint.root.hex(),
        )
    )
    for path in made.requests:
        terminal.say(_("written: {path}", path=path))
    if made.missing:
        terminal.say(_("still to cosign: {names}", names=", ".join(made.missing)))
