"""`dcctl backup`."""

from __future__ import annotations

import typer

from dcctl.cli.backup import diff, export, history, key, restore, run, show
from dcctl.cli.words import _

app = typer.Typer(no_args_is_help=True)
app.command("run", help=_("Keep the configurations, proven whole and sealed."))(run.command)
app.command("history", help=_("What was kept of a target."))(history.command)
app.command("show", help=_("A kept configuration, secrets replaced by marks."))(show.command)
app.command("diff", help=_("What changed between two backups of a target."))(diff.command)
app.command("restore", help=_("Bring a backup back, as a guarded change."))(restore.command)
app.command("export", help=_("Write the newest backups into a git repository."))(export.command)
app.command("key", help=_("Make the key that configurations are sealed with."))(key.command)
