"""How long a campaign will take: what earlier runs took where they are known, else its rehearsal.

A wave's elements go side by side, as many at once as the plan allows. What a wave takes beside its
elements' upgrades (looks before the first and after the last of them) is as it was rehearsed.
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
from dcctl.model.upgrade import Phase

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dcctl.journal import Journal
    from dcctl.model.event import Event
    from dcctl.model.outcome import Outcome
    from dcctl.model.plan import Plan
    from dcctl.model.record import RunRecord
    from dcctl.model.target import Target

COMMAND_S = 0.3  # of one command over a line to a province, where nothing was ever measured
LOGIN_S = 2.0  # of a login there
_RUNS = 20  # that are looked at
_LONGEST_S = 60.0  # a gap that is longer is no command's
_TIMED = frozenset({"observe", "check", "build", "upgrade"})  # command by command

_PLANNED = frozenset({Phase.SOAK.value})  # as long as the plan says, whatever an earlier one said

Kind = tuple[str, str]  # platform and model
Took = dict[tuple[Kind, str], float]  # (kind, phase) -> seconds


def took(journal: Journal, plan: Plan) -> Took:
    """Median length of each phase in earlier campaigns, of the elements that were upgraded."""
    found: dict[tuple[Kind, str], list[float]] = defaultdict(list)
    for run in journal.runs(_RUNS):
        if run.verb != plan.verb or run.lab != plan.lab:
            continue
        record = journal.record(run.id)
        for step, outcome in record.steps():
            if step.kind is StepKind.UPGRADE and outcome.status is StepStatus.CHANGED:
                kind = kind_of(record.plan.targets[step.target])
                for phase, seconds in lengths(outcome).items():
                    found[kind, phase].append(seconds)
    return {key: median(values) for key, values in found.items() if key[1] not in _PLANNED}


def kind_of(target: Target) -> Kind:
    """Elements of one kind take as long: a chassis with two engines and a box with one don't."""
    return target.platform, str(target.intent.get("device_type") or "")


def lengths(outcome: Outcome) -> dict[str, float]:
    """Phase -> how long it took in all."""
    told: dict[str, float] = defaultdict(float)
    for one in outcome.data.get("took", ()):
        told[str(one["phase"])] += float(one["seconds"])
    return dict(told)


def lasted(outcome: Outcome) -> float:
    """Seconds from an upgrade's begin to its end, looks between its phases included."""
    if not outcome.started_at or not outcome.finished_at:
        return 0.0
    return _between(outcome.started_at, outcome.finished_at)


def spans(record: RunRecord) -> dict[int, float]:
    """Wave -> seconds from the end of the wave before it to its own."""
    found: dict[int, float] = {}
    last = record.run.started_at
    for wave in record.plan.waves:
        outcomes = (record.outcomes.get(step) for step in wave.steps)
        ends = [one.finished_at for one in outcomes if one is not None and one.finished_at]
        end = max([last, *ends])
        found[wave.index] = _between(last, end)
        last = end
    return found


def _between(begin: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds()


def pace(journal: Journal, plan: Plan) -> tuple[float, float] | None:
    """Seconds of a command and of a login on this plan's elements.

    Earlier campaigns tell best what a command takes in one; else all that was read or changed.
    """
    alike: list[float] = []
    others: list[float] = []
    logins: list[float] = []
    for run in journal.runs(_RUNS):
        if run.verb not in _TIMED or run.lab != plan.lab:
            continue
        commands, begun = _gaps(journal.events(run.id), plan)
        if run.verb == plan.verb:  # there a step begins long after its login
            alike += commands
        else:
            others += commands
            logins += begun
    if not alike and not others:
        return None
    command = median(alike or others)
    return command, max(0.0, median(logins or [LOGIN_S]) - command)


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


def blended(kind: Kind, rehearsed: Outcome, known: Took) -> tuple[float, float]:
    """(length, how much of it is known from earlier runs) of one element."""
    total, measured = lasted(rehearsed), 0.0
    for phase, seconds in lengths(rehearsed).items():
        earlier = known.get((kind, phase))
        if earlier is not None:
            total += earlier - seconds
            measured += earlier
    return total, measured


def waves(
    plan: Plan, seconds: Mapping[str, float], beside: Mapping[int, float]
) -> tuple[WaveForecast, ...]:
    """The length of each wave: of its elements' upgrades, and of what is done `beside` them."""
    most = max(1, int(plan.options.get("concurrency") or 1))
    changing = {step.id: step.target for step in plan.steps if step.changes}
    found = []
    for wave in plan.waves:
        upgraded = (changing.get(step, "") for step in wave.steps)
        own = [seconds[name] for name in upgraded if name in seconds]
        length = _makespan(own, most) + beside.get(wave.index, 0.0)
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
