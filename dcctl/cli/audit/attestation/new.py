"""`dcctl audit attestation new`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from dcctl.cli import options
from dcctl.cli.audit._declaring import DeclaredName, From, term, write
from dcctl.cli.words import _


def command(
    name: DeclaredName,
    *,
    row: Annotated[str, typer.Option("--row", help=_("The row of the catalogue."))],
    by: Annotated[str, typer.Option("--by", help=_("Who attests it: a name of allowed_signers."))],
    statement: Annotated[
        str, typer.Option("--statement", help=_("What is so, and by which documents."))
    ],
    says: Annotated[
        str, typer.Option("--says", help=_("pass, partial, fail or not_applicable."))
    ] = "pass",
    first: From = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            "--until",
            formats=["%Y-%m-%d"],
            help=_("Its last day (default: as long as the row allows)."),
        ),
    ] = None,
    site: options.Site = None,
) -> None:
    """Write one for the role that the row names; it counts once it is signed."""
    from dcctl.estate.schema.declarations import Attestation
    from dcctl.workflows.audit.declare import longest

    role, last = longest(row, first.date() if first else None)
    said = {
        "row": row,
        "role": role,
        "says": says,
        "statement": statement,
        "by": by,
        **term(first, until or last),
    }
    write(Attestation, name, said, site)
