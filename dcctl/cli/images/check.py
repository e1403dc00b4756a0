"""`dcctl images check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.show_record import finish, summary
from dcctl.cli.site import opened
from dcctl.cli.words import _, spoken, status_word

if TYPE_CHECKING:
    from dcctl.model.record import RunRecord


def command(
    *,
    limit: options.Limit = None,
    image: options.Image = "",
    staged: Annotated[
        bool, typer.Option("--staged", help=_("A file that is not there is a fault (exit 3)."))
    ] = False,
    site: options.Site = None,
    lab: options.Lab = False,
    concurrency: options.Concurrency = None,
    serial: options.Serial = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """Look, and say what was found of every element."""
    from dcctl.workflows.images import ImagesRequest, check_images

    request = ImagesRequest(limit=limit, image=image, staged=staged)
    overrides = {"concurrency": concurrency}
    with opened(site, lab=lab, serial=serial, overrides=overrides) as services:
        record = check_images(request, services)
    if output is not terminal.Output.TABLE:
        finish(record, output)
    show(record)
    raise typer.Exit(int(record.exit_code()))


def show(record: RunRecord) -> None:
    """A row an element, and a line a file that is not whole."""
    rows = [
        (step.target, step.name, status_word(outcome.status), spoken(outcome.message))
        for step, outcome in record.steps()
    ]
    terminal.table((_("target"), _("image"), _("status"), _("what was found")), rows)
    terminal.put(summary(record))
