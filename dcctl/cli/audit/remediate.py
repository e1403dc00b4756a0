"""`dcctl audit remediate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.audit._options import AsOf, required_level
from dcctl.cli.show_plan import show_plan
from dcctl.cli.site import opened
from dcctl.cli.words import _, spoken, status_word, typed
from dcctl.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.model.remedy import Remediation, Remedy


def command(
    run: options.RunName = "latest",
    *,
    limit: options.Limit = None,
    as_of: AsOf = None,
    level: Annotated[
        int | None,
        typer.Option("--level", help=_("3, 4 or 5 for every target (default: each one's own).")),
    ] = None,
    site: options.Site = None,
    lab: options.Lab = False,
    offline: options.Offline = False,
    settle: options.Settle = 120,
    detail: options.Detail = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """What mends each finding, what would then pass or newly fail, and a plan of it."""
    from dcctl.workflows.audit.evaluate import EvaluateRequest
    from dcctl.workflows.audit.remediate import RemediateRequest, remediate

    judged = EvaluateRequest(
        run=run,
        as_of=as_of.date() if as_of else None,
        level=required_level(level) if level is not None else None,
    )
    request = RemediateRequest(judged=judged, limit=limit, offline=offline, settle_s=settle)
    with opened(site, lab=lab) as services:
        found, plan = remediate(request, services)
    headings = (_("row"), _("target"), _("check"), _("now"), _("by"), _("foretold"))
    terminal.show(found, output, headings, list(_rows(found)))
    if output is terminal.Output.TABLE:
        for line in _summary(found):
            terminal.put(line)
    if plan is not None:
        if output is terminal.Output.TABLE:
            show_plan(plan, output, detail=detail)  # in the others its hash stands
        told = typed(plan.hash[:12], lab=lab)
        terminal.say(_("run exactly this with: dcctl apply {hash}", hash=told))
    raise typer.Exit(int(ExitCode.CHANGES_PENDING if plan is not None else ExitCode.OK))


def _rows(found: Remediation) -> Iterator[tuple[str, str, str, str, str, str]]:
    for one in found.remedies:
        then = status_word(one.foretold) if one.foretold is not None else _("not known")
        yield one.requirement, one.target, one.check, status_word(one.status), _by(one), then


def _by(one: Remedy) -> str:
    words = {
        "role": _("role {role}", role=one.role),
        "configuration": _("intended configuration"),
        "design": _("role {role}, once the inventory gives it", role=one.role),
        "hand": _("by hand: {advice}", advice=spoken(one.advice)),
    }
    return words[one.means.value]


def _summary(found: Remediation) -> Iterator[str]:
    worse = [one for one in found.foretold if one.worse]
    yield _(
        "foretold: {better} results better, {worse} worse; {count} findings judged as of {day}",
        better=len(found.foretold) - len(worse),
        worse=len(worse),
        count=len(found.remedies),
        day=found.as_of,
    )
    for one in worse:
        yield _(
            "  ! {row} {target}: {before} -> {after}",
            row=one.requirement,
            target=one.target,
            before=status_word(one.before),
            after=status_word(one.after),
        )
    if not found.plan:
        yield _("there is nothing here that dcctl could mend")
    if found.unforetold:
        yield _(
            "not foretold, for want of a backup or of a twin: {names}",
            names=", ".join(found.unforetold),
        )
