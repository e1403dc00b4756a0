"""`dcctl audit merge`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.show_record import finish
from dcctl.cli.site import opened
from dcctl.cli.words import _


def command(
    result: Annotated[Path, typer.Argument(help=_("What a kit brought back."))],
    *,
    seal: Annotated[
        str, typer.Option("--seal", help=_("The seal that was told where it was read."))
    ] = "",
    site: options.Site = None,
    lab: options.Lab = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Look at all of a kit's result and take it in, whole or not at all."""
    from dcctl.workflows.audit.kit.merge import merge

    with opened(site, lab=lab) as services:
        merged = merge(result, services, seal=seal)
    terminal.say(
        _(
            "taken in: {events} events and {evidence} answers of {count} targets, "
            "read by {reader} from {first} to {last}",
            events=merged.events,
            evidence=merged.evidence,
            count=len(merged.record.plan.targets),
            reader=merged.reader,
            first=merged.first_at[:19],
            last=merged.last_at[:19],
        )
    )
    terminal.say(_("seal: {seal}", seal=merged.seal))
    if merged.signed:
        terminal.say(_("signed by {name}", name=", ".join(merged.signed)))
    else:
        terminal.say(_("nobody signed it: whoever carried it could have made it anew"))
    finish(merged.record, output)
