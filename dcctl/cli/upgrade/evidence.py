"""`dcctl upgrade evidence`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _
from dcctl.errors import ExitCode, InvalidInput
from dcctl.text import N_


def command(
    run: options.RunName = "latest",
    *,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", "-O", help=_("The ZIP file to write."))
    ] = None,
    verify: Annotated[
        Path | None,
        typer.Option("--verify", help=_("Check this pack instead; needs no site (exit 3: wrong).")),
    ] = None,
    seal: Annotated[
        str, typer.Option("--seal", help=_("The seal that was told when the pack was made."))
    ] = "",
    site: options.Site = None,
    lab: options.Lab = False,
) -> None:
    """Write it, or check one."""
    if verify is not None:
        _verify(verify, seal)
        return
    from dcctl.workflows.upgrade.evidence import pack

    if out is None:
        raise InvalidInput(
            N_("say where to write it with --out FILE, or check one with --verify FILE")
        )
    with opened(site, lab=lab) as services:
        packed = pack(run, out, services)
    terminal.say(_("written: {path}", path=packed.path))
    terminal.say(_("seal: {seal}", seal=packed.seal))


def _verify(path: Path, seal: str) -> None:
    from dcctl.workflows.upgrade.verifying import check

    found = check(path, seal)
    for told in found.wrong:
        terminal.put(f"! {told}")
    terminal.put(
        _(
            "run {run}, plan {plan}: {files} files, {approvals} approvals, seal {seal}",
            run=found.run or "-",
            plan=found.plan[:12] or "-",
            files=found.files,
            approvals=found.approvals,
            seal=found.seal,
        )
    )
    if found.wrong:
        terminal.put(_("this pack is not what was written: {count} faults", count=len(found.wrong)))
        raise typer.Exit(int(ExitCode.WRONG))
    terminal.put(_("whole and true, as far as it tells of itself"))
