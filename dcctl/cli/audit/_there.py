"""`dcctl audit collect --kit`: what a kit's own command does, without a site."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from dcctl import secrets
from dcctl.cli import terminal
from dcctl.cli.words import _, spoken, status_word
from dcctl.errors import ExitCode
from dcctl.model.status import StepStatus

if TYPE_CHECKING:
    from dcctl.workflows.audit.kit.there import Brought


def collect(kit: Path, out: Path | None, key: Path | None) -> None:
    """Read what the kit asks for, and say what is to be brought home."""
    from dcctl.cli import state
    from dcctl.cli.progress import watching
    from dcctl.workflows.audit.kit.there import ReadRequest, read

    secrets.ask = _ask if sys.stdin.isatty() else None
    request = ReadRequest(kit=kit, out=out or Path("result.zip"), key=key)
    with watching(verbose=state.verbose > 0) as watcher:
        brought = read(request, on_event=watcher.event)
    _show(brought)


def _ask(label: str) -> str:
    answer: str = typer.prompt(label, hide_input=True, err=True)
    return answer


def _show(brought: Brought) -> None:
    well = [one for one in brought.outcomes if one.status is StepStatus.OK]
    rest = [one for one in brought.outcomes if one.status is not StepStatus.OK]
    if rest:
        rows = [(one.target, status_word(one.status), spoken(one.message)) for one in rest]
        terminal.table((_("target"), _("status"), _("what happened")), rows)
    count, every = len(well), len(brought.outcomes)
    terminal.put(
        _("kit {run}: {count} of {all} read whole", run=brought.run, count=count, all=every)
    )
    if brought.path is None:
        terminal.put(_("interrupted: the same command goes on where it ended"))
        raise typer.Exit(int(ExitCode.INTERRUPTED))
    terminal.put(_("bring home: {path}", path=brought.path))
    terminal.put(_("seal: {seal}", seal=brought.seal))
    if brought.signed:
        terminal.put(_("signed by {name}", name=brought.signed))
    if rest:
        terminal.put(_("the same command reads again what was not read whole"))
        raise typer.Exit(int(ExitCode.COULD_NOT_TELL))
