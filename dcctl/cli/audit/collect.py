"""`dcctl audit collect`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.audit import _there
from dcctl.cli.audit._honesty import read_well
from dcctl.cli.show_record import finish
from dcctl.cli.site import opened
from dcctl.cli.words import _


def command(
    *,
    limit: options.Limit = None,
    kit: Annotated[
        Path | None, typer.Option("--kit", help=_("Read what this kit asks for; needs no site."))
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-O", help=_("With --kit: where its result goes (result.zip).")),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option("--key", "-k", help=_("With --kit: your key of the evidence log signs it.")),
    ] = None,
    sample: Annotated[
        str,
        typer.Option("--sample", help=_("Only a sample of each site's platforms: 10% or 300.")),
    ] = "",
    seed: Annotated[
        str, typer.Option("--seed", help=_("With --sample: which ones (default: made up, kept)."))
    ] = "",
    site: options.Site = None,
    lab: options.Lab = False,
    concurrency: options.Concurrency = None,
    serial: options.Serial = False,
    console: options.Console = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Read what the catalogue asks for and keep every raw answer; judges and changes nothing."""
    if kit is not None:
        _there.collect(kit, out, key)
        return
    from dcctl.workflows.audit.collect import CollectRequest, collect

    with opened(
        site,
        lab=lab,
        serial=serial,
        overrides={"concurrency": concurrency, "console": console or None},
    ) as services:
        record = collect(CollectRequest(limit=limit, sample=sample, seed=seed), services)
    if output is terminal.Output.TABLE:
        for line in read_well(record):
            terminal.put(line)
    finish(record, output)
