"""`dcctl inventory`."""

from __future__ import annotations

import typer

from dcctl.cli.inventory import check, list_, schema, show, trust
from dcctl.cli.words import _

app = typer.Typer(no_args_is_help=True)
app.command("check", help=_("Validate every file of the estate."))(check.command)
app.command("list", help=_("The targets that a pattern selects."))(list_.command)
app.command("show", help=_("One target, merged, as everything else sees it."))(show.command)
app.command("schema", help=_("JSON Schemas of the estate's files, for editors."))(schema.command)
app.command("trust", help=_("Pin a target's host key after showing its fingerprint."))(
    trust.command
)
