"""`dcctl snapshot`."""

from __future__ import annotations

import typer

from dcctl.cli.snapshot import diff, list_, take
from dcctl.cli.words import _

app = typer.Typer(no_args_is_help=True)
app.command("take", help=_("Read all topics of some targets and keep them."))(take.command)
app.command("diff", help=_("What became of them: exit 3 when something is worse."))(diff.command)
app.command("list", help=_("The snapshots in the journal."))(list_.command)
