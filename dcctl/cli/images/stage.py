"""`dcctl images stage`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.images.check import show
from dcctl.cli.show_record import finish
from dcctl.cli.site import opened
from dcctl.cli.words import _
from dcctl.errors import ExitCode
from dcctl.model.upgrade import Way


def command(
    *,
    limit: options.Limit = None,
    image: options.Image = "",
    way: Annotated[
        Way,
        typer.Option(
            "--way", help=_("pull: elements fetch; push: dcctl sends; auto: pull where it can.")
        ),
    ] = Way.AUTO,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--from", exists=True, file_okay=False, help=_("Push the files of this folder.")
        ),
    ] = None,
    site: options.Site = None,
    lab: options.Lab = False,
    yes: options.Yes = False,
    concurrency: options.Concurrency = None,
    serial: options.Serial = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Plan, ask, put the files there, prove them."""
    from dcctl.workflows.images import ImagesRequest, stage_images

    request = ImagesRequest(limit=limit, image=image, way=way, folder=folder)
    overrides = {"concurrency": concurrency}
    with opened(site, lab=lab, serial=serial, yes=yes, overrides=overrides) as services:
        record = stage_images(request, services)
    if output is not terminal.Output.TABLE:
        finish(record, output)
    show(record)
    code = record.exit_code()
    if record.was_interrupted():
        code = ExitCode.INTERRUPTED
    raise typer.Exit(int(code))
