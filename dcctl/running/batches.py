"""Steps that are done for many targets at once, by an executor that can (Ansible)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dcctl.model.plan import StepKind
from dcctl.running import observing, reconciling, single

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dcctl.model.plan import Step
    from dcctl.running.shard import Lane, ShardWork


def run(work: ShardWork) -> None:
    """Take what every waiting target has next for a batch executor, and do it together."""
    for name in sorted(name for name, executor in work.executors.items() if executor.batches):
        ready = [lane for lane in work.lanes.values() if _next_is(work, lane, name)]
        for lanes in _rounds(ready, work.shard.options.get("site_caps") or {}):
            if work.cancelled():
                return
            steps = [step for lane in lanes for step in _chunk(work, lane, name)]
            watching = [step for step in steps if step.kind is StepKind.OBSERVE]
            if watching:
                observing.predict(work, watching)
            doing = [step for step in steps if step.kind is not StepKind.OBSERVE]
            in_doubt = [step for step in doing if step.id in work.ledger.attempts]
            again = reconciling.reconcile(work, in_doubt)
            redone = {step.id for step in again}
            gone = {step.id for step in in_doubt} - redone
            doing = [reconciling.completing(step) if step.id in redone else step for step in doing]
            single.hand_over(work, _still_allowed(work, doing, gone))


def _still_allowed(work: ShardWork, steps: Sequence[Step], gone: set[str]) -> list[Step]:
    """What is left after looking at the steps in doubt, one of which may have turned out badly."""
    left = [step for step in steps if step.id not in gone]
    together = frozenset(step.id for step in left)
    allowed = []
    for step in left:
        verdict = work.ledger.verdict(step, together=together)
        if verdict is None:
            allowed.append(step)
        else:
            together -= {step.id}
            work.finish(step, verdict)
    return allowed


def _next_is(work: ShardWork, lane: Lane, name: str) -> bool:
    return bool(
        lane.queue and lane.queue[0].executor == name and single.is_batched(work, lane.queue[0])
    )


def _chunk(work: ShardWork, lane: Lane, name: str) -> Iterator[Step]:
    """The target's next steps for executor `name`, up to one that is done otherwise."""
    together: set[str] = set()
    kind = lane.queue[0].kind
    while _next_is(work, lane, name) and (lane.queue[0].kind is StepKind.OBSERVE) is (
        kind is StepKind.OBSERVE
    ):
        step = lane.queue.popleft()
        verdict = work.ledger.verdict(step, together=frozenset(together))
        verdict = verdict or observing.idle(work, step)
        if verdict is None:
            together.add(step.id)
            yield step
        else:
            work.finish(step, verdict)


def _rounds(lanes: Sequence[Lane], caps: dict[str, int]) -> Iterator[list[Lane]]:
    """Lanes in rounds that keep within each site's cap."""
    left = list(lanes)
    while left:
        taken: Counter[str] = Counter()
        this, later = [], []
        for lane in left:
            cap = caps.get(lane.target.site)
            if cap is not None and taken[lane.target.site] >= max(1, cap):
                later.append(lane)
            else:
                taken[lane.target.site] += 1
                this.append(lane)
        yield this
        left = later
