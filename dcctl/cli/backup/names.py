"""Arguments that the verbs of `dcctl backup` share."""

from __future__ import annotations

from typing import Annotated

import typer

from dcctl.cli.words import _

Target = Annotated[str, typer.Argument(help=_("The target's name."))]
Which = Annotated[
    str, typer.Argument(help=_("The backup: `latest`, a run, or the beginning of its seal."))
]
