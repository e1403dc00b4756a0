"""A whole run as the journal tells it: the only thing that reports are made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dcctl.errors import ExitCode
from dcctl.model.assessment import Assessment
from dcctl.model.outcome import Finding, Outcome
from dcctl.model.plan import Plan, Step
from dcctl.model.status import FindingStatus, NotStarted, RunStatus, StepStatus

_WRONG_STEPS = {StepStatus.FAILED}
_UNSURE_STEPS = {StepStatus.ERROR, StepStatus.UNREACHABLE, StepStatus.NOT_STARTED}
_WRONG_FINDINGS = {FindingStatus.FAIL, FindingStatus.PARTIAL}

# Policy's refusals. What waited for a refused step was refused with it.
_REFUSED = {
    NotStarted.STALE,
    NotStarted.LOCKED,
    NotStarted.REDUNDANCY,
    NotStarted.CANARY,
    NotStarted.REFUSED,
    NotStarted.WINDOW,
}
_PUT_OFF = {NotStarted.WINDOW, NotStarted.PAUSED}  # nobody broke it off: it goes on later
_NOT_RUN = _REFUSED | {NotStarted.DEPENDENCY, NotStarted.TOGETHER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The head of a run. Times are ISO 8601 UTC."""

    id: str
    verb: str
    status: RunStatus
    plan_hash: str
    estate: str = ""
    lab: bool = False
    operator: str = ""
    started_at: str = ""
    finished_at: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    request: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """Everything about one run.

    Each step of the plan has exactly one outcome, each planned check one finding.
    """

    run: Run
    plan: Plan
    outcomes: Mapping[str, Outcome]  # by step id, in the plan's order
    findings: tuple[Finding, ...] = ()
    readings: Mapping[str, Mapping[str, Any]] = field(
        default_factory=dict
    )  # target -> topic -> plain reading
    orphans: tuple[str, ...] = ()  # events that fit no step of the plan, told plainly
    assessment: Assessment | None = None  # what an audit makes of its findings
    checkpoint: str = ""  # the first signed head of the log over all of it: origin, size, root

    def steps(self) -> tuple[tuple[Step, Outcome], ...]:
        """Every step with its outcome."""
        return tuple((step, self.outcomes[step.id]) for step in self.plan.steps)

    def step_counts(self) -> Counter[str]:
        """How many steps ended each way."""
        return Counter(outcome.status.value for outcome in self.outcomes.values())

    def finding_counts(self) -> Counter[str]:
        """How many findings of each status."""
        return Counter(finding.status.value for finding in self.findings)

    def was_refused(self) -> bool:
        """Whether there was something to change, and policy let none of it begin."""
        changing = [self.outcomes[step.id] for step in self.plan.steps if step.changes]
        reasons = {outcome.reason for outcome in changing}
        return (
            all(outcome.status is StepStatus.NOT_STARTED for outcome in changing)
            and bool(reasons & _REFUSED)
            and reasons <= _NOT_RUN
        )

    def was_interrupted(self) -> bool:
        """Whether it was broken off; one whose rest waits for a window or a pause was not."""
        reasons = {outcome.reason for outcome in self.outcomes.values()}
        broken = bool(reasons & {NotStarted.INTERRUPTED, "in_doubt"})
        return self.run.status is RunStatus.INTERRUPTED and (broken or not reasons & _PUT_OFF)

    def exit_code(self) -> ExitCode:
        """6 when every change was refused.

        Else 3 when something is wrong on a device, else 4 when we could not tell, else 0.
        """
        if self.was_refused():
            return ExitCode.REFUSED
        steps = {outcome.status for outcome in self.outcomes.values()}
        findings = {finding.status for finding in self.findings}
        if self.assessment is not None:
            findings |= {result.status for result in self.assessment.results}
        if steps & _WRONG_STEPS or findings & _WRONG_FINDINGS:
            return ExitCode.WRONG
        if steps & _UNSURE_STEPS or FindingStatus.NOT_EVALUATED in findings:
            return ExitCode.COULD_NOT_TELL
        return ExitCode.OK
