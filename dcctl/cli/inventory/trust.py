"""`dcctl inventory trust`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _
from dcctl.errors import Refused
from dcctl.text import N_


def command(
    target: options.TargetName,
    *,
    site: options.Site = None,
    lab: options.Lab = False,
    fingerprint: Annotated[
        str | None,
        typer.Option("--fingerprint", help=_("Pin without asking when it is this one (SHA256:…).")),
    ] = None,
) -> None:
    """Show the fingerprint, ask, pin."""
    from dcctl.workflows.trust import offered_key, pin

    with opened(site, lab=lab) as services:
        offered = offered_key(target, services)
        terminal.say(f"{target} {offered.address}: {offered.key_type} {offered.fingerprint}")
        if offered.known:
            terminal.say(_("already pinned"))
            return
        if offered.replaces:
            terminal.say(
                _("ANOTHER key is pinned for it: {old}", old=offered.replaces), style="bold red"
            )
        if fingerprint is None and sys.stdin.isatty():
            agreed = typer.confirm(_("Compared with the console, and the same?"), err=True)
        else:
            agreed = fingerprint == offered.fingerprint
        if not agreed:
            raise Refused(
                N_("the host key of {target} was not pinned"),
                hint=N_("read the fingerprint at its console, then give it with --fingerprint"),
                target=target,
            )
        path = pin(target, offered, services)
    terminal.say(_("pinned in {path}", path=path))
