"""A plan as a person reads it before saying yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.cli import terminal
from dcctl.cli.words import _, wave_word

if TYPE_CHECKING:
    from dcctl.model.plan import Plan, Step

_SHOWN = 12  # predicted lines shown for a step


def show_plan(
    plan: Plan, output: terminal.Output, *, to_stderr: bool = False, detail: bool = False
) -> None:
    """For each target what would change; unknown is shown as unknown.

    `detail`: every line that differs, and all that would be sent.
    """
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
            for line in _lines(step, detail=detail):
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


def _lines(step: Step, *, detail: bool) -> list[str]:
    if step.predicted is None:
        return [f"  ? {step.id}: " + _("unknown")]
    if not step.predicted:
        return [f"  = {step.id}", *_odd(step)]
    body = _by_section(step) if step.remediation else list(step.predicted)
    shown = [f"      {line}" for line in (body if detail else body[:_SHOWN])]
    more = len(body) - len(shown)
    if more > 0:
        shown.append("      " + _("… and {n} more (--detail shows all)", n=more))
    taken = [f"    ! {line.strip()}" for line in step.remediation.get("destructive", ())]
    if taken:
        taken.insert(0, "    " + _("taken away, which has to be approved by itself:"))
    sent = step.remediation.get("sent", ())
    if detail and sent:
        shown += ["    " + _("to be sent:"), *(f"      > {line}" for line in sent)]
    return [f"  ~ {step.id}", *_group(step), *shown, *taken, *_odd(step)]


def _by_section(step: Step) -> list[str]:
    """The diff under the sections that it touches, each with how much comes and goes."""
    lines = []
    for title, diff in step.remediation.get("sections", ()):
        come = sum(line.startswith("+") for line in diff)
        go = sum(line.startswith("-") for line in diff)
        lines += [f"[{title}] +{come} -{go}", *diff]
    return lines


def _group(step: Step) -> list[str]:
    members = (step.settings.get("together") or {}).get("steps", {})
    if not members:
        return []
    return ["    " + _("all or none: {names}", names=", ".join(members))]


def _odd(step: Step) -> list[str]:
    return [
        "    ? " + _("not understood: {line}", line=line.strip())
        for line in step.remediation.get("not_understood", ())
    ]


def _counts(plan: Plan) -> dict[str, int]:
    changing = [step for step in plan.steps if step.changes]
    return {
        "change": sum(1 for step in changing if step.predicted),
        "same": sum(1 for step in changing if step.predicted == ()),
        "unknown": sum(1 for step in changing if step.predicted is None),
    }
