"""`dcctl lab`."""

from __future__ import annotations

import typer

from dcctl.cli.lab import down, fault, images, status, up
from dcctl.cli.words import _

app = typer.Typer(no_args_is_help=True)
app.command("up", help=_("Start twins of the selected targets."))(up.command)
app.command("status", help=_("What runs."))(status.command)
app.command("down", help=_("Stop it all and leave nothing behind."))(down.command)
app.command("images", help=_("Write the small images that the twins take."))(images.command)
app.command("fault", help=_("Break (or heal) something on purpose."))(fault.command)
