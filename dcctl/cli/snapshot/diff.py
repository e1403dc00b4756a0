"""`dcctl snapshot diff`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _


def command(
    before: Annotated[
        str, typer.Argument(help=_("The older one: name or id (default: the last but one)."))
    ] = "latest",
    after: Annotated[str, typer.Argument(help=_("The newer one."))] = "latest",
    *,
    site: options.Site = None,
    lab: options.Lab = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Exit 3: something is worse; else 4: something could not be compared; else 0."""
    from dcctl.workflows.snapshot import diff

    with opened(site, lab=lab) as services:
        found = diff(before, after, services)
    headings = (_("target"), _("topic"), _("what"), _("before"), _("after"), _("difference"), "")
    rows = [
        (
            one.target,
            one.difference.topic,
            " ".join(part for part in (one.difference.item, one.difference.field) if part),
            _shown(one.difference.before),
            _shown(one.difference.after),
            "" if one.difference.delta is None else f"{one.difference.delta:+g}",
            one.difference.verdict,
        )
        for one in found.differences
    ]
    terminal.show(found, output, headings, rows)
    if not found.differences:
        terminal.say(_("no difference"))
    raise typer.Exit(int(found.exit_code()))


def _shown(value: Any) -> str:
    return "-" if value is None else str(value)
