"""What a reading after changes need not wait for: pure, from what was observed before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dcctl.model.plan import Step
from dcctl.model.target import Target
from dcctl.planning.plan import Observation


def idle_targets(steps: Sequence[Step], seen: Mapping[str, Observation]) -> frozenset[str]:
    """The targets of the changing `steps` that were observed to need none of them."""
    names = {step.target for step in steps if step.target in seen}
    need = {
        s.target for s in steps if s.target in seen and seen[s.target].predicted.get(s.id) != ()
    }
    return frozenset(names - need)


def with_expectations(
    step: Step,
    target: Target,
    targets: Mapping[str, Target],
    changing: Sequence[Step],
    seen: Mapping[str, Observation],
) -> Step:
    """The reading `step`, told what the plan's changes may bring up.

    Settings: `awaited`, the neighbours whose link to `target` may come up; `failing`, check id ->
    its message, of what failed before on a target that nothing will change.
    """
    moving = {step.target for step in changing} - idle_targets(changing, seen)
    peers = {interface.peer for interface in target.interfaces if interface.peer in targets}
    awaited = sorted(peer for peer in peers if target.name in moving or peer in moving)
    observed = seen.get(target.name)
    failing = dict(observed.failing) if observed and target.name not in moving else {}
    return replace(step, settings={**step.settings, "awaited": awaited, "failing": failing})
