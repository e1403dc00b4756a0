"""A plan as a person reads it before saying yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.cli import terminal
from dcctl.cli.words import _, wave_word

if TYPE_CHECKING:
    from dcctl.model.plan import Plan, Step

_SHOWN = 12  # predicted lines shown for a step


def show_plan(plan: Plan, output: terminal.Output, *, to_stderr: bool = False) -> None:
    """For each target what would change; unknown is shown as unknown."""
    if output is not terminal.Output.TABLE:
        terminal.structured(plan, output)
        return
    write = terminal.say if to_stderr else terminal.put
    for wave in plan.waves:
        members = set(wave.steps)
        steps = [step for step in plan.steps if step.id in members and step.changes]
        if not steps:
            continue
        title = _("wave {n} {title}", n=wave.index + 1, title=wave_word(wave.title))
        write(f"{title}: {', '.join(wave.targets)}")
        for step in steps:
            for line in _lines(step):
                write(line)
    for name, problem in plan.problems.items():
        write(_("  ! {target}: {problem}", target=name, problem=problem))
    counts = _counts(plan)
    write(
        _(
            "plan {hash}: {change} steps would change something, {same} would not, "
            "{unknown} unknown",
            hash=plan.hash[:12],
            **counts,
        )
    )


def _lines(step: Step) -> list[str]:
    if step.predicted is None:
        return [f"  ? {step.id}: " + _("unknown")]
    if not step.predicted:
        return [f"  = {step.id}"]
    shown = [f"      {line}" for line in step.predicted[:_SHOWN]]
    more = len(step.predicted) - _SHOWN
    if more > 0:
        shown.append("      " + _("… and {n} more (--output json shows all)", n=more))
    return [f"  ~ {step.id}", *shown]


def _counts(plan: Plan) -> dict[str, int]:
    changing = [step for step in plan.steps if step.changes]
    return {
        "change": sum(1 for step in changing if step.predicted),
        "same": sum(1 for step in changing if step.predicted == ()),
        "unknown": sum(1 for step in changing if step.predicted is None),
    }
