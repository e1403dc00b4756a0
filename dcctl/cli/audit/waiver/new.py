"""`dcctl audit waiver new`."""

from __future__ import annotations

from typing import Annotated

import typer

from dcctl.cli import options
from dcctl.cli.audit._declaring import DeclaredName, From, Until, term, write
from dcctl.cli.words import _


def command(
    name: DeclaredName,
    *,
    control: Annotated[
        str,
        typer.Option("--control", help=_("What is waived: a row of the catalogue, or a check.")),
    ],
    hosts: Annotated[str, typer.Option("--hosts", help=_("Where, as an Ansible host pattern."))],
    reason: Annotated[str, typer.Option("--reason", help=_("Why it can't be met now."))],
    compensating: Annotated[
        list[str],
        typer.Option(
            "--compensating",
            help=_("A check or row that has to pass there, or CHECK@HOSTS; may be given again."),
        ),
    ],
    requested_by: Annotated[
        str, typer.Option("--requested-by", help=_("Who asks: a name of allowed_signers."))
    ],
    approved_by: Annotated[
        str, typer.Option("--approved-by", help=_("Who approves it: somebody else."))
    ],
    until: Until,
    first: From = None,
    where: Annotated[
        list[str] | None, typer.Option("--at", help=_("Only at these sites; may be given again."))
    ] = None,
    site: options.Site = None,
) -> None:
    """Write one; two people have to sign it before it counts."""
    from dcctl.estate.schema.declarations import AuditWaiver

    made = [dict(zip(("check", "hosts"), one.split("@", 1), strict=False)) for one in compensating]
    said = {
        "control": control,
        "hosts": hosts,
        "sites": where or [],
        "reason": reason,
        "compensating": made,
        "requested_by": requested_by,
        "approved_by": approved_by,
        **term(first, until),
    }
    write(AuditWaiver, name, said, site)
