"""`dcctl inventory schema`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dcctl.cli import terminal
from dcctl.cli.words import _


def command(
    folder: Annotated[
        Path | None, typer.Argument(help=_("Write one file a schema here (default: stdout)."))
    ] = None,
) -> None:
    """JSON Schemas for editors."""
    from dcctl import estate
    from dcctl.workflows.report import make_folder, write_json

    schemas = estate.schemas()
    if folder is None:
        terminal.structured(schemas, terminal.Output.JSON)
        return
    make_folder(folder)
    for name, schema in schemas.items():
        path = write_json(folder / f"{name}.schema.json", schema)
        terminal.say(_("written: {path}", path=path))
