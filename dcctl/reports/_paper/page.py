"""The paper as one page that needs nothing else, to be read on a screen and printed on A4."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from dcctl.reports._paper import words
from dcctl.reports._rows import clean
from dcctl.reports._templates import template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.model.procedure import Procedure


def render(paper: Procedure, languages: Sequence[str]) -> bytes:
    """Same paper, same bytes; all that others wrote is escaped."""
    spoken = tuple(languages)
    return (
        template("procedure.html.j2")
        .render(
            paper=paper,
            languages=spoken,
            say=partial(_say, spoken),
            days=words.days,
            local=words.local,
            words=words.WORDS,
            roles=words.ROLES,
            kinds=words.KINDS,
        )
        .encode()
    )


def _say(languages: tuple[str, ...], told: Any, /, **params: Any) -> list[tuple[str, str]]:
    """(language, words) in each language; what is the same in both only once."""
    shown = words.both(told, languages, **params)
    return [(language, clean(one)) for language, one in zip(languages, shown, strict=False)]
