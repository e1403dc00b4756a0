"""`dcctl upgrade`."""

from __future__ import annotations

import typer

from dcctl.cli.upgrade import mop, pause, plan, rehearse, resume, rollback, run, status
from dcctl.cli.words import _

app = typer.Typer(no_args_is_help=True)
app.command("plan", help=_("Waves from the graph, certified; nothing is changed (exit 5)."))(
    plan.command
)
app.command("mop", help=_("The plan as a method of procedure, to read, print and do by hand."))(
    mop.command
)
app.command("rehearse", help=_("The whole night on twins, then with a fault at every step."))(
    rehearse.command
)
app.command("run", help=_("Carry out exactly an approved plan, wave by wave."))(run.command)
app.command("status", help=_("Where each element of a campaign stands."))(status.command)
app.command("pause", help=_("Begin no further element; finish those under way."))(pause.command)
app.command("resume", help=_("Go on; what was begun is read from the elements first."))(
    resume.command
)
app.command("rollback", help=_("Plan the way back to the releases before a campaign (exit 5)."))(
    rollback.command
)
