"""Which phases of an upgrade were begun and ended: written down first, read again by a resume."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dcctl import clock
from dcctl.model.event import EventKind
from dcctl.model.upgrade import Phase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dcctl.contracts import Context
    from dcctl.model.plan import Step


class Journal:
    """The phases of one upgrade, those of an earlier process among them."""

    def __init__(self, step: Step, context: Context) -> None:
        self._step, self._context = step, context
        self.begun = False
        # What an earlier process wrote: {phase, state, at, ...}, in order.
        self.earlier: tuple[Mapping[str, Any], ...] = tuple(step.settings.get("journalled", ()))
        self.took: list[dict[str, Any]] = []  # {phase, seconds}, for predictions

    def begin(self) -> None:
        """The step is written down as begun, durable, before the first byte that changes."""
        if not self.begun:
            self._context.emit(
                EventKind.STEP_STARTED, target=self._step.target, step=self._step.id, durable=True
            )
            self.begun = True

    @contextmanager
    def phase(self, phase: Phase, **data: Any) -> Iterator[dict[str, Any]]:
        """Write down that a phase begins and (unless it raises) that it ended.

        What the block puts into the dictionary it is given is written with the end.
        """
        started = clock.monotonic()
        self.tell(phase, "begun", **data)
        found: dict[str, Any] = {}
        try:
            yield found
        finally:
            self.took.append({"phase": phase.value, "seconds": clock.monotonic() - started, **data})
        self.tell(phase, "ended", **data, **found)

    def tell(self, phase: Phase, state: str, **data: Any) -> None:
        """Write something down about a phase, durable."""
        self._context.emit(
            EventKind.STEP_PROGRESS,
            target=self._step.target,
            step=self._step.id,
            durable=True,
            phase=phase.value,
            state=state,
            **data,
        )

    # --- what an earlier process wrote ---

    def last(self, phase: Phase, state: str = "begun") -> Mapping[str, Any] | None:
        """The last that was told of a phase, or nothing."""
        told = self.all(phase, state)
        return told[-1] if told else None

    def all(self, phase: Phase, state: str = "begun") -> Sequence[Mapping[str, Any]]:
        """All that was told of a phase, in order."""
        return [one for one in self.earlier if one["phase"] == phase and one["state"] == state]

    def numbers(self, phase: Phase, state: str = "begun") -> int:
        """How many stages this was told of; one that was begun again is one stage."""
        return len({one["number"] for one in self.all(phase, state)})
