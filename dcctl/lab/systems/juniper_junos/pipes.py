"""Junos pipes: what `| match`, `| except`, `| last` and their like do to an output."""

from __future__ import annotations

import re


def split(line: str) -> list[str]:
    """A command and its pipes; a bar in quotes is none."""
    return re.split(r"\s+\|\s+(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", line)


def piped(text: str, pipes: list[str]) -> str:
    """Output through its pipes, one after the other."""
    for pipe in pipes:
        word, _, pattern = pipe.partition(" ")
        rows = text.splitlines()
        wanted = pattern.strip().strip('"')
        if word in ("no-more", "display", "compare", "save", "no-m"):
            continue
        if word.startswith("m"):
            rows = [row for row in rows if re.search(wanted, row, re.IGNORECASE)]
        elif word.startswith("e"):
            rows = [row for row in rows if not re.search(wanted, row, re.IGNORECASE)]
        elif word.startswith("f"):
            at = next((i for i, row in enumerate(rows) if re.search(wanted, row)), len(rows))
            rows = rows[at:]
        elif word.startswith("l"):
            rows = rows[-int(wanted or 10) :]
        elif word.startswith("c"):
            rows = [f"Count: {len(rows)} lines"]
        else:
            return "syntax error, expecting <command>.\n"
        text = "".join(f"{row}\n" for row in rows)
    return text
