"""`dcctl check` itself."""

from __future__ import annotations

from typing import Annotated

import typer

from dcctl.cli import completion, options, terminal
from dcctl.cli.show_record import finish
from dcctl.cli.site import opened
from dcctl.cli.words import _


def command(
    context: typer.Context,
    *,
    limit: options.Limit = None,
    pack: Annotated[
        list[str] | None,
        typer.Option(
            "--pack",
            "-p",
            autocompletion=completion.packs,
            help=_("Packs, check ids or wildcards (default: health)."),
        ),
    ] = None,
    site: options.Site = None,
    lab: options.Lab = False,
    concurrency: options.Concurrency = None,
    serial: options.Serial = False,
    console: options.Console = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Read the targets and judge them, unless a subcommand was named."""
    if context.invoked_subcommand is not None:
        return
    from dcctl.workflows.check import CheckRequest, check

    request = CheckRequest(limit=limit, checks=tuple(pack or ("health",)))
    with opened(
        site,
        lab=lab,
        serial=serial,
        overrides={"concurrency": concurrency, "console": console or None},
    ) as services:
        record = check(request, services)
    finish(record, output)
