"""Carrying out plans: waves of shards, done by workers, watched, interrupted and resumed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.model.status import FindingStatus, StepStatus
from dcctl.running.campaign import run
from dcctl.running.lifeline import await_end
from dcctl.running.local import LocalRunner
from dcctl.running.runners import Runner, SerialRunner
from dcctl.running.shard import run_shard

if TYPE_CHECKING:
    from dcctl.model.record import RunRecord

__all__ = [
    "LocalRunner",
    "Runner",
    "SerialRunner",
    "await_end",
    "failed_targets",
    "in_doubt",
    "run",
    "run_shard",
]

_STEPS_WELL = frozenset({StepStatus.OK, StepStatus.CHANGED, StepStatus.SKIPPED})
_FINDINGS_BAD = frozenset({FindingStatus.FAIL, FindingStatus.PARTIAL, FindingStatus.NOT_EVALUATED})


def failed_targets(record: RunRecord) -> tuple[str, ...]:
    """The managed targets where a step did not end well or a check did not pass."""
    bad = {o.target for o in record.outcomes.values() if o.status not in _STEPS_WELL}
    bad |= {finding.target for finding in record.findings if finding.status in _FINDINGS_BAD}
    return tuple(name for name, t in record.plan.targets.items() if name in bad and t.managed)


def in_doubt(record: RunRecord) -> tuple[str, ...]:
    """The steps that were begun and have no outcome: done, half done or not done."""
    return tuple(name for name, o in record.outcomes.items() if o.reason == "in_doubt")
