"""Steps of all-or-nothing groups: handed over only when every member has come to its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dcctl import concurrency
from dcctl.model.status import NotStarted, StepStatus
from dcctl.running import observing, reconciling, single
from dcctl.running.ledger import not_started

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dcctl.model.plan import Step
    from dcctl.running.shard import Lane, ShardWork


def run(work: ShardWork, *, threads: bool) -> None:
    """Do every group whose members all wait for it; several groups side by side."""
    groups = _waiting(work)
    if work.cancelled() or not groups:
        return
    if not threads:
        for lanes in groups:
            _go(work, lanes)
        return
    concurrency.side_by_side(lambda lanes: _go(work, lanes), groups, _at_once(work, groups))


def _waiting(work: ShardWork) -> list[list[Lane]]:
    found: dict[str, list[Lane]] = {}
    ahead: set[str] = set()  # groups of which a member has something else to do first
    for lane in work.lanes.values():
        for step in lane.queue:
            name = str((step.settings.get("together") or {}).get("name", ""))
            if name and step is lane.queue[0]:
                found.setdefault(name, []).append(lane)
            elif name:
                ahead.add(name)
    return [lanes for name, lanes in found.items() if name not in ahead]


def _at_once(work: ShardWork, groups: Sequence[Sequence[Lane]]) -> int:
    """How many groups fit into the shard's part of what may be touched at the same time."""
    options = work.shard.options
    caps = options.get("site_caps") or {}
    sites = {lane.target.site for lanes in groups for lane in lanes}
    room = [int(options.get("concurrency") or 1), *(int(caps[site]) for site in sites & set(caps))]
    return max(1, min(room) // max(len(lanes) for lanes in groups))


def _go(work: ShardWork, lanes: Sequence[Lane]) -> None:
    """One group: all of it, or none."""
    steps = [lane.queue.popleft() for lane in lanes]
    verdicts = {step.id: work.ledger.verdict(step) or observing.idle(work, step) for step in steps}
    ended = _ended(work, steps)
    left = []
    broken = StepStatus.FAILED.value in ended.values()
    for step in steps:
        verdict = verdicts[step.id]
        if verdict is None:
            left.append(step)
            continue
        work.finish(step, verdict)
        broken = broken or verdict.status is StepStatus.NOT_STARTED
        ended[step.target] = verdict.status.value
    going = []
    for step in left:
        told = _told(step, ended)
        if step.id in work.ledger.attempts:
            told = reconciling.completing(told)
            going.append(_undone(told) if broken else told)
        elif broken:
            work.finish(step, not_started(step, NotStarted.TOGETHER))
        else:
            going.append(told)
    single.hand_over(work, going)


def _ended(work: ShardWork, steps: Sequence[Step]) -> dict[str, str]:
    """How the members ended that are not to be done now: before a crash, or refused."""
    here = {step.id for step in steps}
    members: Mapping[str, str] = steps[0].settings["together"]["steps"]
    return {
        target: (StepStatus.CHANGED if work.ledger.is_good(name) else StepStatus.FAILED).value
        for target, name in members.items()
        if name not in here
    }


def _told(step: Step, ended: Mapping[str, str]) -> Step:
    group = {**step.settings["together"], "ended": dict(ended)}
    return replace(step, settings={**step.settings, "together": group})


def _undone(step: Step) -> Step:
    return replace(step, settings={**step.settings, "undo": True})
