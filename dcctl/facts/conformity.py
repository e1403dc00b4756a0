"""What runs, held against what the estate wants: what lacks and what is extra."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformity:
    """Both lists of lines, each below the sections that it stands in (`interface x > mtu 9000`).

    Secrets are not compared: they were taken out of both configurations before.
    """

    lacking: tuple[str, ...]
    extra: tuple[str, ...]
    compared: int  # lines of the intended configuration


FACT = Conformity
