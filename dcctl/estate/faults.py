"""What the YAML parser found, in words that say what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from dcctl.errors import Place
from dcctl.text import N_

if TYPE_CHECKING:
    from dcctl.estate.complaints import Complaints


def translate(error: yaml.YAMLError, text: str, shown: str, complaints: Complaints) -> None:
    """Add to `complaints` what the YAML parser found wrong in `text`."""
    if isinstance(error, yaml.reader.ReaderError):
        data = text.encode()[: error.position]
        complaints.add(
            Place(shown, data.count(b"\n") + 1),
            N_("a control character, which YAML forbids"),
            hint=N_("take it out, or write it escaped in double quotes"),
        )
        return
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or error)
    line = mark.line + 1 if mark else 1
    lines = text.splitlines()
    here = lines[line - 1] if line <= len(lines) else ""
    if "\\t" in problem or "'\t'" in problem or "\t" in here[: len(here) - len(here.lstrip())]:
        complaints.add(
            Place(shown, line),
            N_("a tab where YAML wants spaces"),
            hint=N_("indent with spaces"),
        )
        return
    if mark and line > len(lines):
        opened = getattr(error, "context_mark", None)
        known = opened is not None and opened.line < len(lines)
        complaints.add(
            Place(shown, max(1, len(lines))),
            N_("the file ends too early: what line {line} opens is never closed")
            if known
            else N_("the file ends too early: something is opened and never closed"),
            hint=N_("close it, or bring back the rest of the file"),
            line=opened.line + 1 if opened else line,
        )
        return
    context = getattr(error, "context", None)
    complaints.add(
        Place(shown, line, mark.column + 1 if mark else None),
        N_("is not YAML here: {problem}"),
        hint=N_("check the indentation, colons and quotes on this line and the one above"),
        problem=f"{context}: {problem}" if context else problem,
    )
