"""Boards and programmable devices after an upgrade: no fact holds them, the platform tells."""

from __future__ import annotations

from dcctl.contracts import Verdict
from dcctl.gates._judging import failed, passed
from dcctl.model.upgrade import Installed
from dcctl.text import N_


def boards(installed: Installed) -> tuple[Verdict, ...]:
    """A failure for each board of another release and each problem; a pass where there is none."""
    message = N_("runs {after}, and the element {before}")
    other = [
        failed(f"board {board}", message, installed.running, release)
        for board, release in installed.boards.items()
    ]
    problems = [
        failed(problem, N_("is not as the image wants it")) for problem in installed.problems
    ]
    if other or problems:
        return (*other, *problems)
    return (passed("boards", N_("every board runs {after}"), None, installed.running),)
