"""`dcctl audit kit`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _, spoken


def command(
    *,
    out: Annotated[Path, typer.Option("--out", "-O", help=_("The ZIP file to write."))],
    limit: options.Limit = None,
    direct: Annotated[
        bool, typer.Option("--direct", help=_("Dial straight there, without jump hosts."))
    ] = False,
    without_tool: Annotated[
        bool,
        typer.Option(
            "--without-tool", help=_("Without dcctl itself: the machine there has this version.")
        ),
    ] = False,
    site: options.Site = None,
    lab: options.Lab = False,
) -> None:
    """Make what reads a site without a link: it is carried there, and its result comes back."""
    from dcctl.workflows.audit.kit.make import KitRequest, make

    with opened(site, lab=lab) as services:
        request = KitRequest(limit=limit, direct=direct, tool=not without_tool)
        made = make(request, out, services)
    terminal.say(_("written: {path}", path=made.path))
    terminal.say(_("seal: {seal}", seal=made.seal))
    terminal.say(_("kit {run} reads {count} targets", run=made.run, count=made.targets))
    for need in made.needs:
        terminal.say(_("have ready there: {what}", what=spoken(need)))
    if made.unpinned:
        names = ", ".join(made.unpinned[:5]) + (" …" if len(made.unpinned) > 5 else "")  # noqa: PLR2004 - so many are named
        terminal.say(
            _(
                "{count} targets will not be read, their host keys are not pinned: {names}",
                count=len(made.unpinned),
                names=names,
            ),
            style="yellow",
        )
    start = f"python3 {made.path.name}" if made.python else f"dcctl audit collect --kit {made.path}"
    terminal.say(_("there: {command}", command=f"{start} -O result.zip"))
    if made.python:
        terminal.say(_("it needs exactly: {python}", python=made.python))
