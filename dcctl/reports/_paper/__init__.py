"""A method of procedure on paper: pure functions of it, in one language or two."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dcctl.errors import NotFound
from dcctl.model.procedure import Procedure
from dcctl.reports._paper import page, text
from dcctl.text import N_

_FORMATS: Mapping[str, Callable[[Procedure, Sequence[str]], bytes]] = {
    "html": page.render,
    "markdown": text.render,
}


def procedure(paper: Procedure, format: str, languages: Sequence[str]) -> bytes:  # noqa: A002 - the word that everybody uses
    """The paper as `html` or `markdown`; of two languages the first leads.

    Raises:
        NotFound: no such format.
    """
    if format not in _FORMATS:
        raise NotFound(
            N_("there is no report format {format}"),
            hint=N_("formats: {formats}"),
            format=format,
            formats=", ".join(_FORMATS),
        )
    return _FORMATS[format](paper, languages)
