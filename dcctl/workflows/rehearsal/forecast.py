"""How long a campaign will take: what earlier runs took where they are known, else its rehearsal.

A wave's elements go side by side, as many at once as the plan allows.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from datetime import datetime
from statistics import median
from typing import TYPE_CHECKING

from dcctl.model.event import EventKind
from dcctl.model.plan import StepKind
from dcctl.model.rehearsal import WaveForecast
from dcctl.model.status import StepStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dcctl.journal import Journal
    from dcctl.model.event import Event
    from dcctl.model.outcome import Outcome
    from dcctl.model.plan import Plan

COMMAND_S = 0.3  # of one command over a line to a province, where nothing was ever measured
LOGIN_S = 2.0  # of a login there
_RUNS = 20  # that are looked at
_LONGEST_S = 60.0  # a gap that is longer is no command's
_READING = frozenset({"observe", "check", "upgrade"})

Took = dict[tuple[str, str], float]  # (platform, phase) -> seconds


def took(journal: Journal, plan: Plan) -> Took:
    """Median length of each phase in earlier campaigns, of the elements that were upgraded."""
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for run in journal.runs(_RUNS):
        if run.verb != plan.verb or run.lab != plan.lab:
            continue
        record = journal.record(run.id)
        for step, outcome in record.steps():
            if step.kind is StepKind.UPGRADE and outcome.status is StepStatus.CHANGED:
                platform = record.plan.targets[step.target].platform
                for phase, seconds in lengths(outcome).items():
                    found[platform, phase].append(seconds)
    return {key: median(values) for key, values in found.items()}


def lengths(outcome: Outcome) -> dict[str, float]:
    """Phase -> how long it took in all."""
    told: dict[str, float] = defaultdict(float)
    for one in outcome.data.get("took", ()):
        told[str(one["phase"])] += float(one["seconds"])
    return dict(told)


def pace(journal: Journal, plan: Plan) -> tuple[float, float] | None:
    """Seconds of a command and of a login, as this plan's elements were last read."""
    for run in journal.runs(_RUNS):
        if run.verb in _READING and run.lab == plan.lab:
            commands, logins = _gaps(journal.events(run.id), plan)
            if commands:
                command = median(commands)
                return command, max(0.0, median(logins or [LOGIN_S]) - command)
    return None


def _gaps(events: Sequence[Event], plan: Plan) -> tuple[list[float], list[float]]:
    """The time from one answer to the next, and from a step's begin to its first answer."""
    answered: dict[str, datetime] = {}
    begun: dict[str, datetime] = {}
    commands: list[float] = []
    logins: list[float] = []
    for event in events:
        if event.target not in plan.targets:
            continue
        at = datetime.fromisoformat(event.at)
        if event.kind is EventKind.STEP_STARTED:
            begun.setdefault(event.target, at)
        if event.kind is not EventKind.EVIDENCE:
            answered.pop(event.target, None)
            continue
        before, list_ = answered.get(event.target), commands
        if before is None and event.target in begun:
            before, list_ = begun.pop(event.target), logins
        if before is not None and 0.0 < (gap := (at - before).total_seconds()) < _LONGEST_S:
            list_.append(gap)
        answered[event.target] = at
    return commands, logins


def blended(platform: str, rehearsed: Mapping[str, float], known: Took) -> tuple[float, float]:
    """(length, how much of it is known from earlier runs) of one element."""
    total, measured = 0.0, 0.0
    for phase, seconds in rehearsed.items():
        earlier = known.get((platform, phase))
        total += seconds if earlier is None else earlier
        measured += earlier or 0.0
    return total, measured


def waves(plan: Plan, seconds: Mapping[str, float], last_s: float) -> tuple[WaveForecast, ...]:
    """The length of each wave; `last_s` is that of the reading at the end."""
    most = max(1, int(plan.options.get("concurrency") or 1))
    changing = {step.target for step in plan.steps if step.changes}
    found = []
    for wave in plan.waves:
        reads = wave.title == "read"
        own = [seconds[name] for name in wave.targets if name in changing and name in seconds]
        length = last_s if reads else _makespan(own, most)
        found.append(
            WaveForecast(index=wave.index, title=wave.title, elements=wave.targets, seconds=length)
        )
    return tuple(found)


def _makespan(lengths: Sequence[float], at_once: int) -> float:
    ends: list[float] = []
    for length in lengths:
        begin = heapq.heappop(ends) if len(ends) >= at_once else 0.0
        heapq.heappush(ends, begin + length)
    return max(ends, default=0.0)
