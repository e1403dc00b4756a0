"""Which software runs, which would run after a reload, and whether it was made permanent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Install:
    """The state of the installed software.

    `committed` is False while what runs would be taken back by a reload or a timer, None where the
    platform knows no such thing.
    """

    running: str  # release or image
    next_boot: str = ""  # release or image; empty: the device doesn't say
    committed: bool | None = None
    packages: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()  # added or activated, not yet committed
    abort_timer_s: int | None = None  # until it takes itself back


FACT = Install
