"""Whether a device's configuration was the same before and after it was read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """Two looks at the configuration, without what moves by itself and without its secrets.

    `before` and `after` are SHA-256 over what is kept of the two looks; of `same` the secrets were
    compared too, while they were at hand.
    """

    same: bool
    before: str
    after: str
    looked_at: int  # lines of a configuration, or files
    differing: tuple[str, ...] = ()  # lines with + or -, or files; the first of them


FACT = Unchanged
