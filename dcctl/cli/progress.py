"""What a run looks like while it goes on: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dcctl.cli import terminal
from dcctl.cli.words import _, phase_word, status_word, wave_word
from dcctl.model.event import Event, EventKind
from dcctl.model.plan import Plan
from dcctl.model.status import StepStatus
from dcctl.text import visible

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_CLOCK = slice(11, 19)  # HH:MM:SS of an ISO 8601 time


class Lines:
    """One line for each step that ends."""

    def __init__(self, *, verbose: bool = False) -> None:
        self.verbose = verbose

    def plan(self, plan: Plan) -> None:
        """A plan was made."""
        terminal.say(
            _(
                "plan {hash}: {steps} steps on {targets} targets in {waves} waves",
                hash=plan.hash[:12],
                steps=len(plan.steps),
                targets=len(plan.targets),
                waves=len(plan.waves),
            )
        )

    def event(self, event: Event) -> None:
        """Something happened."""
        if event.kind is EventKind.STEP_FINISHED:
            outcome = event.data.get("outcome", event.data)
            status = str(outcome.get("status", "?"))
            said = _message(outcome)
            line = f"{event.at[_CLOCK]} {event.step:<44} {status_word(status)}{said}"
            terminal.say(line, style=terminal.COLOURS.get(status, ""))
        elif self.verbose and event.kind in {EventKind.STEP_STARTED, EventKind.STEP_PROGRESS}:
            said = phase_word(str(event.data.get("phase") or event.kind.value))
            terminal.say(f"{event.at[_CLOCK]} {event.step:<44} {said}")


class Bars:
    """A bar for each wave, and one for each target that is being worked on."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.waves: dict[str, TaskID] = {}
        self.wave_of: dict[str, str] = {}
        self.targets: dict[str, TaskID] = {}
        self.left: dict[str, int] = {}

    def plan(self, plan: Plan) -> None:
        """A plan was made (or an observing one, before it)."""
        for task in (*self.waves.values(), *self.targets.values()):
            self.progress.remove_task(task)
        self.waves, self.targets, self.wave_of, self.left = {}, {}, {}, {}
        for wave in plan.waves:
            members = set(wave.targets)
            steps = wave.steps or tuple(s.id for s in plan.steps if s.target in members)
            name = _("wave {n} {title}", n=wave.index + 1, title=wave_word(wave.title)).strip()
            self.waves[name] = self.progress.add_task(name, total=len(steps))
            self.wave_of.update(dict.fromkeys(steps, name))
        for step in plan.steps:
            self.left[step.target] = self.left.get(step.target, 0) + 1

    def event(self, event: Event) -> None:
        """Something happened."""
        if event.kind is EventKind.STEP_STARTED and event.target not in self.targets:
            total = self.left.get(event.target, 1)
            self.targets[event.target] = self.progress.add_task(f"  {event.target}", total=total)
        if event.kind is EventKind.STEP_STARTED:
            self._describe(event.target, event.step)
        if event.kind is EventKind.STEP_PROGRESS and event.target in self.targets:
            phase = phase_word(str(event.data.get("phase") or ""))
            self._describe(event.target, f"{event.step} {phase}".rstrip())
        if event.kind is EventKind.STEP_FINISHED:
            self._finish(event)

    def _describe(self, target: str, step: str) -> None:
        self.progress.update(self.targets[target], description=f"  {step}")

    def _finish(self, event: Event) -> None:
        wave = self.wave_of.get(event.step)
        if wave is not None:
            self.progress.advance(self.waves[wave])
        self.left[event.target] = self.left.get(event.target, 1) - 1
        task = self.targets.get(event.target)
        if task is not None:
            self.progress.advance(task)
            if self.left[event.target] <= 0:
                self.progress.remove_task(self.targets.pop(event.target))
        outcome = event.data.get("outcome", event.data)
        status = str(outcome.get("status", "?"))
        if status not in {StepStatus.OK, StepStatus.CHANGED}:
            line = f"{event.step} {status_word(status)}{_message(outcome)}"
            self.progress.console.print(visible(line), style=terminal.COLOURS.get(status, ""))


@contextmanager
def watching(*, verbose: bool = False) -> Iterator[Lines | Bars]:
    """What listens to a run."""
    if not terminal.interactive() or verbose:
        yield Lines(verbose=verbose)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=terminal.console(), transient=True) as progress:
        yield Bars(progress)


def _message(outcome: dict[str, Any]) -> str:
    message = outcome.get("message") or {}
    text = message.get("msgid", "") if isinstance(message, dict) else str(message)
    if not text:
        changed = outcome.get("changed") or ()
        return f" ({len(changed)})" if changed else ""
    from dcctl.text import Text

    params = message.get("params", {}) if isinstance(message, dict) else {}
    return ": " + Text(text, params).in_language(_language())


def _language() -> str:
    from dcctl.text import user_language

    return user_language()
