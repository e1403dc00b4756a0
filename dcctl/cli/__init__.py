"""The command line: one verb, one file. Typer and Rich live here only."""

from __future__ import annotations

import os
import signal
from typing import Any

INTERRUPTED = 130
_taken = 0  # interrupts outside a run, which has its own way with them


def _interrupted(_number: int, _frame: Any) -> None:
    """The first ends what is done; a second, while that winds up, ends the process at once."""
    global _taken  # noqa: PLW0603 - a signal handler has no other place
    _taken += 1
    if _taken > 1:
        os._exit(INTERRUPTED)
    raise KeyboardInterrupt


def main() -> None:
    """Run `dcctl` and exit with its code."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupted)
    try:
        from dcctl.cli import foreign

        foreign.install()
        from dcctl.cli.app import run

        run()
    except KeyboardInterrupt:  # before anything could be begun, or after all was told
        raise SystemExit(INTERRUPTED) from None
    finally:
        # All is said and done: an interrupt of the interpreter's own end would only spoil the code.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
