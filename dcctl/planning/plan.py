"""From steps and observations to the plan that is approved."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from dcctl.model.plan import Plan, Step, Wave
from dcctl.model.target import Target

# No fingerprint is ever this, so a target that could not be observed is not changed blindly.
UNOBSERVED = "unobserved"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What an observing run found out about one target.

    `predicted` is by step id; a step that is missing there is unknown. An empty `fingerprint`
    means that the target
    could not be observed.
    """

    fingerprint: str = ""
    predicted: Mapping[str, tuple[str, ...] | None] = dataclasses.field(default_factory=dict)
    remediations: Mapping[str, Mapping[str, Any]] = dataclasses.field(default_factory=dict)
    problem: str = ""
    note: str = ""  # why a step's prediction is unknown, though the target was observed
    passed: tuple[str, ...] = ()  # ids of the checks that passed as it was
    failing: Mapping[str, str] = dataclasses.field(default_factory=dict)  # id -> message


def make_plan(
    *,
    verb: str,
    estate: str,
    lab: bool,
    targets: Mapping[str, Target],
    steps: Sequence[Step],
    waves: Sequence[Wave],
    observations: Mapping[str, Observation] | None = None,
    checks: Mapping[str, Mapping[str, Any]] | None = None,
    options: Mapping[str, Any] | None = None,
    versions: Mapping[str, str] | None = None,
    digests: Mapping[str, str] | None = None,
    certificate: Mapping[str, Any] | None = None,
    created_at: str = "",
) -> Plan:
    """The plan, with its hash.

    Pure: the same arguments give the same hash, whatever `created_at` is.

    Without `observations` (offline) every prediction is unknown and no precondition is held.
    """
    seen = observations or {}
    plan = Plan(
        verb=verb,
        estate=estate,
        lab=lab,
        targets=dict(targets),
        steps=tuple(_predicted(step, seen.get(step.target)) for step in steps),
        waves=tuple(waves),
        preconditions={name: seen[name].fingerprint or UNOBSERVED for name in sorted(seen)},
        problems={
            name: told for name in sorted(seen) if (told := seen[name].problem or seen[name].note)
        },
        checks=dict(checks or {}),
        options=dict(options or {}),
        versions=dict(versions or {}),
        digests=dict(digests or {}),
        certificate=dict(certificate or {}),
        created_at=created_at,
    )
    return dataclasses.replace(plan, hash=plan.content_hash())


def _predicted(step: Step, observation: Observation | None) -> Step:
    if not step.changes or observation is None:
        return step
    return dataclasses.replace(
        step,
        predicted=observation.predicted.get(step.id),
        remediation=observation.remediations.get(step.id, {}),
    )


def pending(plan: Plan) -> tuple[Step, ...]:
    """The steps that would change something, or of which nobody knows."""
    return tuple(step for step in plan.steps if step.changes and step.predicted != ())
