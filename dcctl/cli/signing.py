"""What every verb that signs with a person's key asks for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from dcctl.cli import terminal
from dcctl.cli.words import _
from dcctl.errors import InvalidInput, Refused
from dcctl.text import N_

Key = Annotated[
    Path | None,
    typer.Option(
        "--key", "-k", help=_("Private key, or public one of the agent (default: the agent's).")
    ),
]
Name = Annotated[str, typer.Option("--as", help=_("Who signs (default: whose key it is)."))]
Statement = Annotated[
    bool, typer.Option("--statement", help=_("Sign nothing; print exactly what is to be signed."))
]
Signature = Annotated[
    Path | None,
    typer.Option(
        "--signature", help=_("A signature made elsewhere: FILE.sig, with what was signed in FILE.")
    ),
]


def files(signature: Path) -> tuple[str, str]:
    """What was signed, and the signature."""
    from dcctl.workflows.approve import read_text

    if signature.suffix != ".sig":
        raise InvalidInput(
            N_("{path}: a signature's file ends in .sig, beside the file that was signed"),
            path=str(signature),
        )
    return read_text(signature.with_suffix("")), read_text(signature)


def interactive() -> bool:
    """Whether ssh-keygen may speak with a person."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(text: str, *, yes: bool) -> None:
    """Show what is to be signed, and ask.

    Raises:
        Refused: the answer is no, or nobody can be asked.
    """
    terminal.say(_("to be signed: {text}", text=text.strip()))
    if yes:
        return
    if not sys.stdin.isatty():
        raise Refused(
            N_("nobody can be asked here, and nothing was signed"), hint=N_("--yes signs unasked")
        )
    if not typer.confirm(_("Sign exactly this?"), err=True):
        raise Refused(N_("nothing was signed"))
