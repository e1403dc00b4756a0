"""`dcctl upgrade status`."""

from __future__ import annotations

from dcctl.cli import options, terminal
from dcctl.cli.site import opened
from dcctl.cli.words import _, phase_word, spoken, status_word
from dcctl.model.plan import StepKind
from dcctl.model.status import StepStatus


def command(
    run: options.RunName = "latest",
    *,
    site: options.Site = None,
    lab: options.Lab = False,
    output: options.OutputFormat = terminal.Output.TABLE,
) -> None:
    """A row an element, in the order of the waves."""
    from dcctl.workflows.upgrade.run import paused, status

    with opened(site, lab=lab) as services:
        record, elements = status(run, services)
        who, at = paused(record.run.id, services)
    headings = (
        _("wave"),
        _("element"),
        _("from"),
        _("image"),
        _("state"),
        _("phase"),
        _("since"),
        _("message"),
    )
    said = {
        step.target: spoken(outcome.message)
        for step, outcome in record.steps()
        if step.kind is StepKind.UPGRADE
    }
    rows = [
        (
            *(e.wave + 1, e.name, e.running, e.image, _state(e.status), phase_word(e.phase)),
            *(e.since[11:19], said[e.name] if e.status != "waiting" else ""),
        )
        for e in sorted(elements, key=lambda one: (one.wave, one.name))
    ]
    terminal.show(list(elements), output, headings, rows)
    if output is terminal.Output.TABLE:
        done = sum(1 for e in elements if e.status in {"changed", "ok"})
        terminal.put(
            _(
                "run {run}: {status}, {done} of {all} elements are done",
                run=record.run.id,
                status=status_word(record.run.status),
                done=done,
                all=len(elements),
            )
        )
        if who:
            told = _("no further element is begun: paused by {who} at {at}", who=who, at=at[:19])
            terminal.put(told)


def _state(status: str) -> str:
    """A step's status, which has a colour; what a campaign knows beside those, in words."""
    return StepStatus(status) if status in tuple(StepStatus) else status_word(status)
