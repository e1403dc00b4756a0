"""`dcctl journal evidence`."""

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
        Path | None, typer.Option("--out", "-O", help=_("The ZIP file to write."))
    ] = None,
    verify: Annotated[
        Path | None,
        typer.Option("--verify", help=_("Check this pack instead; needs no site (exit 3: wrong).")),
    ] = None,
    seal: Annotated[
        str, typer.Option("--seal", help=_("The seal that was told when the pack was made."))
    ] = "",
    policy: Annotated[
        Path | None,
        typer.Option("--policy", help=_("With --verify: your own copy of evidence.policy.")),
    ] = None,
    seen: Annotated[
        Path | None,
        typer.Option("--seen", help=_("With --verify: a checkpoint that you kept.")),
    ] = None,
    site: options.Site = None,
    lab: options.Lab = False,
) -> None:
    """Write it, or check one."""
    if verify is not None:
        _verify(verify, seal, policy, seen)
        return
    from dcctl.workflows.evidence.pack import pack

    if out is None:
        raise InvalidInput(
            N_("say where to write it with --out FILE, or check one with --verify FILE")
        )
    with opened(site, lab=lab) as services:
        packed = pack(run, out, services)
    terminal.say(_("written: {path}", path=packed.path))
    terminal.say(_("seal: {seal}", seal=packed.seal))
    if not packed.checkpoint:
        terminal.say(_("no checkpoint is in it: nobody's signature proves it"))
    for digest in packed.missing:
        terminal.say(_("evidence {digest} is missing", digest=digest))
    if packed.missing:
        raise typer.Exit(int(ExitCode.WRONG))


def _verify(path: Path, seal: str, policy: Path | None, seen: Path | None) -> None:
    from dcctl.workflows.evidence.check import check

    found = check(path, seal, policy=policy, seen=seen)
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
    if not found.proven:
        terminal.put(
            _("whole and true, as far as it tells of itself; nobody's signature proves it")
        )
        raise typer.Exit(int(ExitCode.COULD_NOT_TELL))
    terminal.put(_("whole, true, and in the log that your keys signed"))
