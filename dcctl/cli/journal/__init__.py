"""`dcctl journal`."""

from __future__ import annotations

import typer

from dcctl.cli.journal import checkpoint, evidence, key, prove, reveal, verify, witness
from dcctl.cli.words import _

app = typer.Typer(no_args_is_help=True)
app.command("key", help=_("Make a key that signs or witnesses the evidence log."))(key.command)
app.command("checkpoint", help=_("Add what is new to the evidence log, and sign its head."))(
    checkpoint.command
)
app.command("witness", help=_("Cosign a checkpoint as a witness, or take a cosignature in."))(
    witness.command
)
app.command("prove", help=_("That one thing is in the log, as a file to be checked offline."))(
    prove.command
)
app.command("evidence", help=_("All that shows what a run did, in one file to be checked."))(
    evidence.command
)
app.command("reveal", help=_("Prove what a redaction took out, to somebody who may know it."))(
    reveal.command
)
app.command("verify", help=_("Count the log again from the raw journal (exit 3: it differs)."))(
    verify.command
)
