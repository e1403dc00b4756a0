"""`dcctl audit waiver list`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from dcctl.cli import options, terminal
from dcctl.cli.audit._options import AsOf
from dcctl.cli.site import opened
from dcctl.cli.words import _, spoken
from dcctl.errors import ExitCode

if TYPE_CHECKING:
    from dcctl.model.declaration import Waiver


def command(
    *,
    as_of: AsOf = None,
    site: options.Site = None,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Every one; exit 6 where one of them does not count. What makes up for it is not asked."""
    from dcctl.workflows.audit.declare import standing

    with opened(site) as services:
        found = [one.told for one in standing(services, as_of.date() if as_of else None).waivers]
    headings = (_("waiver"), _("waives"), _("where"), _("days"), _("asked, approved"), _("verdict"))
    terminal.show(found, output, headings, [_row(one) for one in found])
    if any(one.problem is not None for one in found):
        raise typer.Exit(int(ExitCode.REFUSED))


def _row(one: Waiver) -> tuple[str, ...]:
    return (
        one.name,
        one.control,
        " ".join([one.hosts, *(f"@{site}" for site in one.sites)]),
        f"{one.effective_from} - {one.until}",
        f"{one.requested_by}, {one.approved_by}",
        spoken(one.problem) if one.problem is not None else _("counts"),
    )
