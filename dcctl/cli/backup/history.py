"""`dcctl backup history`."""

from __future__ import annotations

from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.backup.names import Target
from dcctl.cli.site import opened
from dcctl.cli.words import _


def command(
    target: Target,
    *,
    site: options.Site = None,
    lab: options.Lab = False,
    most: Annotated[int, typer.Option("--most", min=1, help=_("So many at most."))] = 20,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """What was kept, newest first."""
    from dcctl.workflows.backup import history

    with opened(site, lab=lab) as services:
        kept = history(target, services, most)
    older = [one.fingerprint for one in kept[1:]] + [""]
    rows = [
        (
            one.taken_at[:19],
            one.run,
            one.sealed[:12],
            one.lines,
            _("same") if one.fingerprint == before else _("changed") if before else _("first"),
            one.occasion,
        )
        for one, before in zip(kept, older, strict=True)
    ]
    headings = (_("taken at"), _("run"), _("seal"), _("lines"), _("content"), _("occasion"))
    terminal.show(kept, output, headings, rows)
