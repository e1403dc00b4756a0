"""`dcctl snapshot take`."""

from __future__ import annotations

from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.show_facts import show_statuses
from dcctl.cli.site import opened
from dcctl.cli.words import _


def command(
    name: Annotated[str, typer.Argument(help=_("What to call it, such as `before`."))] = "",
    *,
    topics: Annotated[
        list[str] | None,
        typer.Option("--topic", "-t", help=_("Only this topic; may be given several times.")),
    ] = None,
    limit: options.Limit = None,
    site: options.Site = None,
    lab: options.Lab = False,
    concurrency: options.Concurrency = None,
    serial: options.Serial = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """All topics that each platform can tell; exit 4 when some could not be read."""
    from dcctl.workflows.facts import ALL, FactsRequest, exit_code
    from dcctl.workflows.snapshot import take

    request = FactsRequest(limit=limit, topics=tuple(topics or (ALL,)))
    with opened(site, lab=lab, serial=serial, overrides={"concurrency": concurrency}) as services:
        record = take(request, services, name=name)
    show_statuses(record, output)
    terminal.say(_("snapshot {run}", run=record.run.id))
    raise typer.Exit(int(exit_code(record)))
