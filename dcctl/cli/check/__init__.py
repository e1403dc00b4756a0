"""`dcctl check`: read and judge; and what the checks are."""

from __future__ import annotations

import typer

from dcctl.cli.check import explain, list_, run
from dcctl.cli.words import _

app = typer.Typer(invoke_without_command=True)
app.callback()(run.command)
app.command("list", help=_("Every check: id, pack, severity, title."))(list_.command)
app.command("explain", help=_("One check: what it judges, why, and what to do."))(explain.command)
