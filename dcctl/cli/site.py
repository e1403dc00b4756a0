"""Opening a site for a verb, with somebody watching and somebody to ask."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from dcctl import secrets
from dcctl.cli import state, terminal
from dcctl.cli.words import _, spoken

if TYPE_CHECKING:
    from dcctl.model.approval import Approval
    from dcctl.model.plan import Plan
    from dcctl.text import Text
    from dcctl.workflows.services import Services


@contextmanager
def opened(
    site: Path | None,
    *,
    lab: bool = False,
    serial: bool = False,
    yes: bool = False,
    approvals: frozenset[Approval] = frozenset(),
    overrides: dict[str, Any] | None = None,
) -> Iterator[Services]:
    """The services of a site, for one verb."""
    from dcctl.cli.progress import watching
    from dcctl.model.event import SESSION_LOG
    from dcctl.workflows.services import open_site

    if state.verbose:
        os.environ[SESSION_LOG] = "1"  # workers inherit it; no part of what a plan approves
    secrets.ask = _ask if sys.stdin.isatty() else None
    with (
        watching(verbose=state.verbose > 0) as watcher,
        open_site(
            site,
            lab=lab,
            serial=serial,
            on_event=watcher.event,
            on_plan=watcher.plan,
            on_notice=_notice,
            approve=_warn if yes else _approve,
            approve_destructive=_approve_destructive,
            can_ask=sys.stdin.isatty() and not yes,
            approvals=approvals,
            overrides=overrides or {},
        ) as services,
    ):
        yield services


def _notice(text: Text) -> None:
    terminal.say(spoken(text))


def _ask(label: str) -> str:
    answer: str = typer.prompt(label, hide_input=True, err=True)
    return answer


def _approve(plan: Plan) -> bool:
    from dcctl.cli.show_plan import show_plan

    show_plan(plan, terminal.Output.TABLE, to_stderr=True)
    if not sys.stdin.isatty():
        terminal.say(_("nobody can be asked here: --yes approves without being asked"))
        return False
    return typer.confirm(_("Run exactly this?"), err=True)


def _warn(plan: Plan) -> bool:
    """Approved without being asked; what no parser understood is told all the same."""
    for step in plan.steps:
        for line in step.remediation.get("not_understood", ()):
            words = _("{target}: not understood: {line}", target=step.target, line=line.strip())
            terminal.say(f"  ? {words}", style="yellow")
    return True


def _approve_destructive(lines: Mapping[str, tuple[str, ...]]) -> bool:
    for name, taken in lines.items():
        for line in taken:
            terminal.say(f"  ! {name}: {line.strip()}", style="red")
    return typer.confirm(_("Take these away too?"), err=True)


def approvals(*, destructive: bool, reload: bool, no_safety_net: bool) -> frozenset[Approval]:
    """What the command line approves beyond the plan itself."""
    from dcctl.model.approval import Approval

    given = {
        Approval.DESTRUCTIVE: destructive,
        Approval.RELOAD: reload,
        Approval.NO_SAFETY_NET: no_safety_net,
    }
    return frozenset(one for one, wanted in given.items() if wanted)


def max_failures(text: str | None) -> int | str | None:
    """`--max-failures`: a number, or a share of the targets such as `10%`."""
    if text is None:
        return None
    number = text.removesuffix("%")
    if not number.isdecimal():
        raise typer.BadParameter(
            _("--max-failures is a number or a percentage, not {text}", text=text)
        )
    return text if text.endswith("%") else int(number)
