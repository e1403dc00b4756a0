"""The record of a run, from its plan and its events alone: nothing planned may be missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl.journal.fold import StepState, fold, in_order
from dcctl.model import plain
from dcctl.model.event import Event, EventKind
from dcctl.model.outcome import Finding, Outcome
from dcctl.model.plan import StepKind
from dcctl.model.record import Run, RunRecord
from dcctl.model.status import (
    FindingStatus,
    NotEvaluated,
    NotStarted,
    RunStatus,
    Severity,
    StepStatus,
)
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dcctl.model.plan import Plan, Step

_WHY_NO_FINDING = {
    StepStatus.UNREACHABLE: NotEvaluated.UNREACHABLE,
    StepStatus.NOT_STARTED: NotEvaluated.NOT_STARTED,
}


def make_record(
    run: Run,
    plan: Plan,
    events: Iterable[Event],
    blobs: frozenset[str] | None = None,
    readings: Mapping[str, Mapping[str, Any]] | None = None,
) -> RunRecord:
    """Everything about `run`; `blobs` are the digests that the journal has (None: don't look).

    `readings` stand in for what the events tell of them.
    """
    ordered = in_order(events)
    states = fold(ordered)
    outcomes = {
        step.id: outcome_of(step, states.get(step.id), run.status, plan) for step in plan.steps
    }
    return RunRecord(
        run=run,
        plan=plan,
        outcomes=outcomes,
        findings=tuple(_findings(plan, ordered, outcomes)),
        readings=_readings(ordered, plan) if readings is None else readings,
        orphans=tuple(_orphans(plan, ordered, blobs)),
    )


def outcome_of(step: Step, state: StepState | None, status: RunStatus, plan: Plan) -> Outcome:
    """The one outcome of `step`: what was written, else what its absence means."""
    if state is not None and state.outcome is not None and not state.open:
        return state.outcome
    if state is not None and state.open:
        return Outcome(
            step=step.id,
            target=step.target,
            status=StepStatus.ERROR,
            reason="in_doubt" if step.changes else "",
            message=Text(_RUNNING if status is RunStatus.RUNNING else _IN_DOUBT),
            attempts=state.started,
            started_at=state.started_at,
        )
    target = plan.targets.get(step.target)
    reason = NotStarted.INTERRUPTED
    if target is not None and not target.managed:
        reason = NotStarted.UNMANAGED
    return Outcome(
        step=step.id,
        target=step.target,
        status=StepStatus.ERROR if status is RunStatus.FINISHED else StepStatus.NOT_STARTED,
        reason="" if status is RunStatus.FINISHED else reason,
        message=Text(N_("no outcome was recorded")),
        attempts=0,
    )


_RUNNING = N_("begun, and not finished yet")
_IN_DOUBT = N_("begun, and no outcome was recorded: it may be done, half done or not done")


def planned_checks(plan: Plan) -> Iterator[tuple[Step, str]]:
    """Every check that the plan's steps promise, each target's once (by its last step)."""
    last: dict[tuple[str, str], Step] = {}
    for step in plan.steps:
        for check in step.settings.get("checks", ()):
            last[step.target, check] = step
    for (_, check), step in last.items():
        yield step, check


def _findings(
    plan: Plan, events: list[Event], outcomes: Mapping[str, Outcome]
) -> Iterator[Finding]:
    found = {
        (event.target, event.data["finding"]["check"]): event.data["finding"]
        for event in events
        if event.kind is EventKind.FINDING
    }
    severities = {check: data.get("severity") for (_, check), data in sorted(found.items())}
    for step, check in planned_checks(plan):
        data = found.get((step.target, check))
        if data is not None:
            yield plain.from_plain(Finding, data)
            continue
        outcome = outcomes[step.id]
        yield Finding(
            check=check,
            target=step.target,
            status=FindingStatus.NOT_EVALUATED,
            severity=Severity(severities.get(check) or Severity.MEDIUM),
            reason=_why(outcome),
            message=outcome.message if outcome.message.msgid else Text(_NOT_JUDGED),
        )


_NOT_JUDGED = N_("no finding was recorded")


def _why(outcome: Outcome) -> NotEvaluated:
    if outcome.reason == NotStarted.UNMANAGED:
        return NotEvaluated.UNMANAGED
    if outcome.reason == NotStarted.UNREACHABLE:
        return NotEvaluated.UNREACHABLE
    return _WHY_NO_FINDING.get(outcome.status, NotEvaluated.ERROR)


def _readings(events: list[Event], plan: Plan) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for event in events:
        if event.kind is EventKind.READING and event.target in plan.targets:
            found.setdefault(event.target, {})[str(event.data["topic"])] = dict(event.data)
    return {target: dict(sorted(topics.items())) for target, topics in sorted(found.items())}


def _orphans(plan: Plan, events: list[Event], blobs: frozenset[str] | None) -> Iterator[str]:
    owners = {step.id: step.target for step in plan.steps}
    observed = {  # and the steps that others stand for: of them it is told what they would do
        str(one["id"]): step.target
        for step in plan.steps
        if step.kind is StepKind.OBSERVE
        for one in step.settings.get("of", ())
    } | owners
    checks = {(step.target, check) for step, check in planned_checks(plan)}
    for event in events:
        known = observed if event.kind is EventKind.STEP_PROGRESS else owners
        why = _stray(event, known.get(event.step), plan, checks, blobs)
        if why:
            yield f"shard {event.shard}, event {event.sequence} ({event.kind}): {why}"


def _stray(
    event: Event,
    owner: str | None,
    plan: Plan,
    checks: set[tuple[str, str]],
    blobs: frozenset[str] | None,
) -> str:
    """Why an event belongs to nothing that was planned, or is not whole.

    `owner` is the target of its step, as the plan has it.
    """
    if event.step and owner is None:
        return f"{event.step} is not in the plan"
    if owner is not None and event.target != owner:
        return f"{event.step} was told of {event.target}, not {owner}"
    if event.target and event.target not in plan.targets:
        return f"{event.target} is not in the plan"
    if event.kind is EventKind.FINDING:
        check = event.data["finding"]["check"]
        if (event.target, check) not in checks:
            return f"nobody asked for {check} on {event.target}"
    elif event.kind is EventKind.EVIDENCE and blobs is not None:
        digest = str(event.data.get("digest", ""))
        if digest not in blobs:
            return f"the evidence {digest} of {event.target} is lost or damaged"
    return ""
