"""The command line: one verb, one file. Typer and Rich live here only."""

from __future__ import annotations


def main() -> None:
    """Run `dcctl` and exit with its code."""
    from dcctl.cli.app import run

    run()
