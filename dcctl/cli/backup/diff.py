"""`dcctl backup diff`."""

from __future__ import annotations

from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.backup.names import Target
from dcctl.cli.site import opened
from dcctl.cli.words import _
from dcctl.errors import ExitCode, NotFound
from dcctl.text import N_


def command(
    target: Target,
    old: Annotated[str, typer.Argument(help=_("The older one (default: the last but one)."))] = "",
    new: Annotated[str, typer.Argument(help=_("The newer one."))] = "latest",
    *,
    site: options.Site = None,
    lab: options.Lab = False,
) -> None:
    """A unified diff; exit 3 when they differ."""
    from dcctl.workflows.backup import diff, find, history

    with opened(site, lab=lab) as services:
        newer = find(target, new, services)
        if old:
            older = find(target, old, services)
        else:
            before = [one for one in history(target, services) if one.taken_at < newer.taken_at]
            if not before:
                raise NotFound(N_("there is no older backup of {target}"), target=target)
            older = before[0]
        lines = diff(older, newer, services)
    for line in lines:
        terminal.put(line)
    if not lines:
        terminal.say(_("no difference"))
    raise typer.Exit(int(ExitCode.WRONG if lines else ExitCode.OK))
