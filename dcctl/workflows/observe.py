"""Observe: a read-only run before a plan: what is there, what would change, what passes now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dcctl.errors import Interrupted
from dcctl.model.plan import Step, StepKind
from dcctl.model.record import RunRecord
from dcctl.model.status import FindingStatus, RunStatus, StepStatus
from dcctl.model.target import Target
from dcctl.planning.plan import Observation
from dcctl.planning.steps import observe_steps
from dcctl.text import N_
from dcctl.workflows.execute import execute, simple_plan
from dcctl.workflows.services import Services

_DONE = frozenset({StepStatus.OK, StepStatus.CHANGED})
_WRONG = frozenset({FindingStatus.FAIL, FindingStatus.PARTIAL})


def observe(
    targets: Mapping[str, Target],
    changing: Sequence[Step],
    reading: Sequence[Step],
    checks: Mapping[str, Mapping[str, Any]],
    services: Services,
) -> dict[str, Observation]:
    """Predict and fingerprint the `changing` steps; judge `checks` as things are (`reading`).

    Raises:
        Interrupted: somebody asked to stop; no plan may come of what was seen by then.
    """
    steps = (*reading, *observe_steps(changing))
    if not steps:
        return {}
    plan = simple_plan("observe", targets, steps, services, checks=checks)
    record = execute(plan, services, request={"verb": "observe"})
    if record.run.status is not RunStatus.FINISHED:
        raise Interrupted(N_("interrupted while observing; no plan was made, nothing was changed"))
    return observations(record)


def observations(record: RunRecord) -> dict[str, Observation]:
    """What an observing run says of each target; one that could not be observed has a problem."""
    found: dict[str, Observation] = {}
    for step, outcome in record.steps():
        if step.kind is not StepKind.OBSERVE:
            continue
        before = found.get(step.target, Observation())
        if outcome.status not in _DONE:
            found[step.target] = replace(before, problem=str(outcome.message), fingerprint="")
            continue
        predicted = {
            name: None if lines is None else tuple(lines)
            for name, lines in outcome.data.get("predicted", {}).items()
        }
        fingerprint = str(outcome.data.get("fingerprint", "")) or before.fingerprint
        found[step.target] = Observation(
            fingerprint="" if before.problem else fingerprint,
            predicted={**before.predicted, **predicted},
            remediations={**before.remediations, **outcome.data.get("remediations", {})},
            problem=before.problem,
            note=str(outcome.message) or before.note,
        )
    for finding in record.findings:
        seen = found.get(finding.target)
        if seen is None:
            continue
        if finding.status is FindingStatus.PASS:
            found[finding.target] = replace(seen, passed=(*seen.passed, finding.check))
        elif finding.status in _WRONG:
            failing = {**seen.failing, finding.check: str(finding.message)}
            found[finding.target] = replace(seen, failing=failing)
    return found
