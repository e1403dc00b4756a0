"""`dcctl report`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from dcctl.cli import completion, options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _


def command(
    run: options.RunName = "latest",
    *,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            autocompletion=completion.formats,
            help=_("html, json, junit, markdown, …"),
        ),
    ] = "markdown",
    out: options.Out = None,
    language: options.Language = None,
    site: options.Site = None,
    lab: options.Lab = False,
) -> None:
    """Make it from the journal alone."""
    from dcctl import reports
    from dcctl.workflows.report import ReportRequest, report

    reports.get(form)  # a wrong format is told before a site or a run is looked for
    request = ReportRequest(run=run, format=form, language=language or "")
    with opened(site, lab=lab) as services:
        content = report(request, services)
    deliver(content, out)


def deliver(content: bytes, out: Path | None) -> None:
    """To a file, or to stdout."""
    if out is None:
        sys.stdout.buffer.write(content)
        return
    from dcctl.workflows.report import write

    write(out, content)
    terminal.say(_("written: {path} ({size} bytes)", path=out, size=len(content)))
