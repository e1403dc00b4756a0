"""`dcctl audit`: what is asked for by law and standard, and what answers it."""

from __future__ import annotations

import typer

from dcctl.cli.audit import (
    attestation,
    catalogue,
    collect,
    compare,
    crosswalk,
    evaluate,
    kit,
    merge,
    remediate,
    standards,
    waiver,
)
from dcctl.cli.words import _

app = typer.Typer(no_args_is_help=True)
app.command("collect", help=_("Read what the catalogue asks for; judges and changes nothing."))(
    collect.command
)
app.command("kit", help=_("Make a bundle that reads a site without a link."))(kit.command)
app.command("merge", help=_("Take in what a kit brought back."))(merge.command)
app.command("evaluate", help=_("Judge what a run collected, by the law of a day."))(
    evaluate.command
)
app.command("compare", help=_("What differs: the system, the standard, a waiver or the check?"))(
    compare.command
)
app.command("remediate", help=_("A plan of what dcctl can mend, and what would then pass."))(
    remediate.command
)
app.add_typer(
    waiver.app, name="waiver", help=_("What need not be met for a while: write, sign, list.")
)
app.add_typer(
    attestation.app,
    name="attestation",
    help=_("What people sign for, since no device can tell it: write, sign, list."),
)
app.command("catalogue", help=_("Every row: what answers it, and which clauses ask for it."))(
    catalogue.command
)
app.command("standards", help=_("Every standard, and whether it applied on a day."))(
    standards.command
)
app.command("crosswalk", help=_("What other standards say where one clause says something."))(
    crosswalk.command
)
