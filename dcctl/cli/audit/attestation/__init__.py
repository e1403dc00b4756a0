"""`dcctl audit attestation`."""

from __future__ import annotations

import typer

from dcctl.cli.audit.attestation import list_, new, sign
from dcctl.cli.words import _

app = typer.Typer(no_args_is_help=True)
app.command("new", help=_("Write one that nobody has signed yet."))(new.command)
app.command("sign", help=_("Sign it in the role that its row names."))(sign.command)
app.command("list", help=_("What has to be attested, by whom, and whether it counts on a day."))(
    list_.command
)
