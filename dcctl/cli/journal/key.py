"""`dcctl journal key`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dcctl.cli import terminal
from dcctl.cli.words import _


def command(
    name: Annotated[
        str, typer.Argument(help=_("The key's name, like an address: hoalac.example/journal."))
    ],
    *,
    out: Annotated[
        Path, typer.Option("--out", "-O", help=_("The new file of the private key (mode 0600)."))
    ],
    role: Annotated[
        str,
        typer.Option(
            "--role", help=_("operator signs checkpoints; any other role witnesses them.")
        ),
    ] = "operator",
) -> None:
    """Make it; the public line goes to stdout."""
    from dcctl.workflows.journal.key import make

    line = make(out, name, role)
    terminal.say(_("made {path}; keep it where only its owner gets at it", path=str(out)))
    terminal.say(_("its line for inventory/evidence.policy:"))
    terminal.put(line)
