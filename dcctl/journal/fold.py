"""What a run's events add up to for each step; pure, whatever order they were imported in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dcctl.model import plain
from dcctl.model.event import Event, EventKind
from dcctl.model.outcome import Outcome
from dcctl.model.status import StepStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GOOD = frozenset({StepStatus.OK, StepStatus.CHANGED, StepStatus.SKIPPED})


@dataclass(slots=True)
class StepState:
    """One step so far. `started` counts its beginnings; `outcome` is the last one written."""

    target: str = ""
    started: int = 0
    started_at: str = ""  # of the last beginning
    outcome: Outcome | None = None
    open: bool = False  # begun after its last outcome

    @property
    def good(self) -> bool:
        """Whether it is done and well."""
        return not self.open and self.outcome is not None and self.outcome.status in GOOD

    @property
    def settled(self) -> bool:
        """Whether it has an outcome that says something about the target."""
        return (
            not self.open
            and self.outcome is not None
            and self.outcome.status is not StepStatus.NOT_STARTED
        )


def in_order(events: Iterable[Event]) -> list[Event]:
    """Events in the order that counts: by shard (a resumed run's come later), then as written."""
    return sorted(events, key=lambda event: place((event.shard, event.sequence)))


def place(row: Sequence[Any]) -> tuple[Any, ...]:
    """Where what begins with a shard and a sequence stands in that order."""
    return _numbers(row[0]), row[1]


@lru_cache(maxsize=1024)  # of many events each
def _numbers(shard: str) -> tuple[tuple[bool, int, str], ...]:
    """A shard's id with its numbers as numbers: g1000 comes after g999."""
    parts = re.split(r"([0-9]+)", shard)
    return tuple((part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts)


def phases(events: Iterable[Event]) -> dict[str, list[dict[str, Any]]]:
    """Step -> what was told of its phases, in order, each with its time."""
    told: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        if event.kind is EventKind.STEP_PROGRESS and "phase" in event.data:
            told.setdefault(event.step, []).append({**event.data, "at": event.at})
    return told


def fold(events: Iterable[Event]) -> dict[str, StepState]:
    """The state of every step that `events` (in order) tell of."""
    states: dict[str, StepState] = {}
    for event in events:
        if event.kind is EventKind.STEP_STARTED:
            state = states.setdefault(event.step, StepState())
            state.target = event.target
            state.started += 1
            state.started_at = event.at
            state.open = True
        elif event.kind is EventKind.STEP_FINISHED:
            state = states.setdefault(event.step, StepState())
            state.target = event.target
            state.outcome = plain.from_plain(Outcome, event.data["outcome"])
            state.open = False
    return states
