"""`dcctl images`."""

from __future__ import annotations

import typer

from dcctl.cli.images import check, generation, stage
from dcctl.cli.words import _

app = typer.Typer(no_args_is_help=True)
app.command("check", help=_("Whether elements have an image's files, or room; changes nothing."))(
    check.command
)
app.command("stage", help=_("Put an image's files on elements, days ahead; proven there."))(
    stage.command
)
app.command(
    "generation",
    help=_("Make each FRR router's next configuration file, and its lines of images.yml."),
)(generation.command)
