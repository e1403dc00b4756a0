"""`dcctl runs`."""

from __future__ import annotations

import typer

from dcctl.cli.runs import cancel, list_, rerun, resume, show, watch
from dcctl.cli.words import _

app = typer.Typer(no_args_is_help=True)
app.command("list", help=_("The newest runs."))(list_.command)
app.command("show", help=_("One run: what is not fine, and the counts."))(show.command)
app.command("watch", help=_("Follow a run that another process does."))(watch.command)
app.command("resume", help=_("Carry on a run that was interrupted or killed."))(resume.command)
app.command("cancel", help=_("Ask a run to start nothing new and finish what runs."))(
    cancel.command
)
app.command("rerun", help=_("Plan and run again what a run planned."))(rerun.command)
