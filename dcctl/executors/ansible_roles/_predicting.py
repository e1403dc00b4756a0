"""What check mode's events say that each step would change, or why they can't say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.executors.ansible_roles import _words
from dcctl.executors.ansible_roles._plays import handlers
from dcctl.secrets import redact
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from dcctl.errors import DcctlError
    from dcctl.executors.ansible_roles._fold import Fold
    from dcctl.executors.ansible_roles._plays import Play
    from dcctl.executors.ansible_roles._reach import Reach


def prediction(
    fold: Fold, target: str, folders: Sequence[Path]
) -> dict[str, tuple[str, ...] | None]:
    """Of one target; what fails in check mode after a predicted change counts as a change."""
    predicted: dict[str, tuple[str, ...] | None] = {}
    change_before = False
    for play in fold.plays:
        if target not in play.steps:
            continue
        record = fold.records[play.index, target]
        change_before = change_before or bool(record.changed)
        known = record.unreachable is None and record.seen and fold.stats is not None
        if record.failure is not None:
            wrong_arguments = record.failure.action.endswith(_words.ARGUMENTS)
            known = known and change_before and not wrong_arguments
        lines = list(dict.fromkeys([*record.changed, *record.uncertain]))
        if record.uncertain:
            # Which handlers a task would have notified is not known.
            lines += [name for name in handlers(play.role, folders) if name not in lines]
        predicted[play.steps[target].id] = tuple(map(redact, lines)) if known else None
    return predicted


def why_not(fold: Fold, refused: Mapping[str, DcctlError], reach: Reach) -> dict[str, Text]:
    """Of each step: why it has no prediction, should it have none."""
    return {
        step.id: refused[target].text if target in refused else _why_not(fold, play, target, reach)
        for play in fold.plays
        for target, step in play.steps.items()
    }


def _why_not(fold: Fold, play: Play, target: str, reach: Reach) -> Text:
    record = fold.records[play.index, target]
    if record.unreachable is not None:
        return reach.why(target, record.unreachable)
    if record.failure is not None:
        return _words.failed(record.failure, play.role)
    before = [fold.records[one.index, target] for one in fold.plays if target in one.steps]
    if any(one.lost for one in before):
        return Text(N_("an earlier role did not succeed"))
    return _words.could_not_begin(fold.stray)
