"""`dcctl audit crosswalk`."""

from __future__ import annotations

from typing import Annotated

import typer

from dcctl.cli import options, terminal
from dcctl.cli.audit._options import Level, own, required_level, required_standard
from dcctl.cli.words import _, status_word
from dcctl.errors import NotFound
from dcctl.text import N_


def command(
    standard: Annotated[str, typer.Argument(help=_("The standard, or a part of its name."))],
    clause: Annotated[str, typer.Argument(help=_("The clause's number, as it stands there."))],
    *,
    level: Level = 4,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """What other standards say where one clause says something, and the rows that say so."""
    from dcctl.standards import crosswalk
    from dcctl.workflows.catalogue import catalogue

    found = required_standard(standard)
    cited = found.clause(clause, required_level(level))
    if cited is None:
        raise NotFound(
            N_("{standard} has no clause {clause} at level {level} that a row answers"),
            standard=found.id,
            clause=clause,
            level=level,
        )
    near = crosswalk(cited, level, catalogue())
    said = {
        "standard": found.id,
        "clause": clause,
        "level": level,
        "title": dict(cited.title),
        "gist": dict(cited.gist),
        "certainty": cited.certainty,
        "others": near,
    }
    if output is terminal.Output.TABLE:
        words = ": ".join(part for part in (own(cited.title), own(cited.gist)) if part)
        terminal.put(f"{found.id} {clause} [{status_word(cited.certainty)}] {words}".rstrip())
    rows = [
        (name, other, ", ".join(because))
        for name, others in near.items()
        for other, because in others.items()
    ]
    terminal.show(said, output, (_("standard"), _("clause"), _("because of rows")), rows)
