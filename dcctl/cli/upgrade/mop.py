"""`dcctl upgrade mop`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from dcctl.cli import completion, options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _


def command(
    plan: Annotated[
        str,
        typer.Argument(
            autocompletion=completion.changing_plans,
            help=_("The plan's hash, or the beginning of it."),
        ),
    ],
    *,
    language: Annotated[str, typer.Option("--language", help=_("vi, en or both."))] = "both",
    form: Annotated[str, typer.Option("--format", "-f", help=_("html or markdown."))] = "html",
    out: Annotated[
        Path | None, typer.Option("--out", "-O", help=_("A file (default: stdout)."))
    ] = None,
    certificate: Annotated[
        Path | None,
        typer.Option(
            "--certificate",
            help=_(
                "Write what the independent checker of the waves reads, and the checker beside it."
            ),
        ),
    ] = None,
    site: options.Site = None,
    lab: options.Lab = False,
) -> None:
    """Write it; the same plan and approvals give the same bytes."""
    from dcctl.workflows.report import write, write_json
    from dcctl.workflows.upgrade.mop import MopRequest, campaign_plan, checker, for_checker, mop

    request = MopRequest(plan=plan, language=language, format=form)
    with opened(site, lab=lab) as services:
        content = mop(request, services)
        if certificate is not None:
            write_json(certificate, for_checker(campaign_plan(plan, services), services))
            beside = write(certificate.with_name("certificate_checker.py"), checker())
            for path in (certificate, beside):
                terminal.say(_("written: {path}", path=path))
    if out is None and certificate is not None:
        return  # the paper was not what was asked for
    if out is None:
        sys.stdout.buffer.write(content)
        return
    write(out, content)
    terminal.say(_("written: {path} ({size} bytes)", path=out, size=len(content)))
