"""The command line: one verb, one file. Typer and Rich live here only."""

from __future__ import annotations


def main() -> None:
    """Run `dcctl` and exit with its code."""
    try:
        from dcctl.cli import foreign

        foreign.install()
        from dcctl.cli.app import run

        run()
    except KeyboardInterrupt:  # before anything could be begun, or after all was told
        raise SystemExit(130) from None
