"""Opening a site for a verb, with somebody watching and somebody to ask."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from dcctl import secrets
from dcctl.cli import state, terminal
from dcctl.cli.words import _

if TYPE_CHECKING:
    from dcctl.model.plan import Plan
    from dcctl.workflows.services import Services


@contextmanager
def opened(
    site: Path | None,
    *,
    lab: bool = False,
    serial: bool = False,
    yes: bool = False,
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
            approve=lambda plan: yes or _approve(plan),
            overrides=overrides or {},
        ) as services,
    ):
        yield services


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
