"""`dcctl journal verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _, spoken
from dcctl.errors import ExitCode


def command(
    *,
    against: Annotated[
        list[Path] | None,
        typer.Option(
            "--against", help=_("A checkpoint that somebody kept elsewhere; may be given again.")
        ),
    ] = None,
    output: options.OutputFormat = terminal.Output.TABLE,
    site: options.Site = None,
    lab: options.Lab = False,
) -> None:
    """Count again, compare, say what differs."""
    from dcctl.workflows.journal.verify import verify

    with opened(site, lab=lab) as services:
        found = verify(services, against=against or ())
    if output is not terminal.Output.TABLE:
        terminal.structured(found, output)
    else:
        for told in found.wrong:
            terminal.put(f"! {spoken(told)}")
        terminal.put(_("{size} leaves, {root}", size=found.size, root=found.root))
        terminal.put(
            _(
                "{checkpoints} checkpoints, the newest over {newest}; {evidence} pieces of "
                "evidence; {pending} events that are no leaf yet",
                checkpoints=found.checkpoints,
                newest=found.newest,
                evidence=found.evidence,
                pending=found.pending,
            )
        )
    if found.missing:
        terminal.say(_("still to cosign: {names}", names=", ".join(found.missing)))
    if found.wrong:
        terminal.say(
            _("the journal is not what was logged: {count} faults", count=len(found.wrong))
        )
        raise typer.Exit(int(ExitCode.WRONG))
    if not found.checkpoints:
        terminal.say(_("no checkpoint is known: nobody can tell whether this is the whole log"))
        raise typer.Exit(int(ExitCode.COULD_NOT_TELL))
    terminal.say(_("the journal is what was logged"))
