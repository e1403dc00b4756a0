"""`dcctl audit waiver`."""

from __future__ import annotations

import typer

from dcctl.cli.audit.waiver import list_, new, sign
from dcctl.cli.words import _

app = typer.Typer(no_args_is_help=True)
app.command("new", help=_("Write one that nobody has signed yet."))(new.command)
app.command("sign", help=_("Sign as who asks for it, or as who approves it."))(sign.command)
app.command("list", help=_("Every waiver, and whether it counts on a day."))(list_.command)
