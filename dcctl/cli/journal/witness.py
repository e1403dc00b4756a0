"""`dcctl journal witness`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _
from dcctl.errors import InvalidInput
from dcctl.text import N_


def command(
    file: Annotated[
        Path, typer.Argument(help=_("A request (*.add-checkpoint); with --take, a cosignature."))
    ],
    *,
    key: Annotated[
        Path | None, typer.Option("--key", "-k", help=_("The witness's private key."))
    ] = None,
    policy: Annotated[
        Path,
        typer.Option("--policy", help=_("The witness's own copy of the policy; needs no site.")),
    ] = Path("inventory/evidence.policy"),
    seen: Annotated[
        Path | None,
        typer.Option("--seen", help=_("Note of what was cosigned last (default: KEY.seen).")),
    ] = None,
    take: Annotated[
        bool, typer.Option("--take", help=_("Take a cosignature into the site's checkpoint."))
    ] = False,
    site: options.Site = None,
    lab: options.Lab = False,
) -> None:
    """Cosign, or take in."""
    from dcctl.workflows.journal import witness

    if take == (key is not None):
        raise InvalidInput(
            N_("a witness gives --key; the operator takes a cosignature in with --take"),
            hint=N_("one of the two"),
        )
    if key is not None:
        made = witness.cosign(file, key, policy, seen=seen)
        terminal.put(str(made.answer))
        terminal.say(
            _(
                "cosigned as {witness}: {size} leaves, which begin with the {before} from before",
                witness=made.witness,
                size=made.head.size,
                before=made.before,
            )
        )
        return
    with opened(site, lab=lab) as services:
        head = witness.take(file, services)
    terminal.put(str(head.path))
    terminal.say(_("cosigned by: {names}", names=", ".join(head.cosigned)))
