"""Neighbours as witnesses of a change: what they see of its target before and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from dcctl import clock, concurrency
from dcctl.errors import CommandFailed, TargetTimeout
from dcctl.executors._sightings import SESSIONS, sightings
from dcctl.model import plain
from dcctl.model.target import Target
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from dcctl.model.outcome import Reading

_PAUSE, _LONGEST_PAUSE = 1.0, 10.0  # seconds between two looks
_AT_ONCE = 8  # neighbours that one change asks at the same time


class Reader(Protocol):
    """What reads topics; `contracts.Executor` has it."""

    def read(self, target: Target, topics: Sequence[str]) -> Mapping[str, Reading]:
        """See contracts.Executor."""

    def close(self) -> None:
        """End all sessions."""


class Witnesses:
    """Reads neighbours over sessions of its own, for every change of a shard.

    One session a neighbour, one reader at a time; who waited for it takes the answer that came
    after it had asked.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._guard = concurrency.lock()
        self._locks: dict[str, AbstractContextManager[Any]] = {}
        self._seen: dict[str, tuple[float, Mapping[str, Reading]]] = {}

    def read(self, target: Target, topics: Sequence[str], since: float) -> Mapping[str, Reading]:
        """A reading of `topics` that was begun after `since` (monotonic)."""
        with self._guard:
            lock = self._locks.setdefault(target.name, concurrency.lock())
        with lock:
            begun, seen = self._seen.get(target.name, (-1.0, {}))
            if begun < since or not set(topics) <= seen.keys():
                begun = clock.monotonic()
                seen = self._reader.read(target, topics)
                self._seen[target.name] = (begun, seen)
        return seen

    def close(self) -> None:
        """End all sessions; never raises."""
        self._reader.close()


class Neighbours:
    """What the neighbours of one change's target see of it. `wanted` is the step's setting."""

    def __init__(self, name: str, wanted: Sequence[Mapping[str, Any]], by: Witnesses) -> None:
        self._name, self._by = name, by
        self._wanted = [(plain.from_plain(Target, one["target"]), one["views"]) for one in wanted]
        self.before: dict[str, bool | None] = {}
        self.after: dict[str, bool | None] = {}

    @property
    def who(self) -> tuple[Target, ...]:
        """The neighbours that are asked."""
        return tuple(target for target, _ in self._wanted)

    def look_before(self) -> None:
        """Remember what they see now.

        Raises:
            TargetTimeout: one could not be asked, so that nothing could be compared later.
        """
        self.before = self._look()
        unknown = sorted(key for key, holds in self.before.items() if holds is None)
        if unknown:
            raise TargetTimeout(
                N_("{name}: nothing was changed, for its neighbours can't tell: {unknown}"),
                hint=N_("mend them, or change it with --no-witnesses"),
                name=self._name,
                unknown=", ".join(unknown),
            )

    def see_all(self) -> bool:
        """Whether they see everything that is intended, now."""
        self.after = self._look()
        return all(self.after.values())

    def hold(self, until: float, watch_s: float, *, stop: Callable[[], bool]) -> None:
        """Look until all that they saw before is seen again, and stays so for `watch_s`.

        A session that a wrong key or timer breaks goes down only when its hold time is over:
        that is what the watching is for.

        Raises:
            CommandFailed: something is no longer seen. TargetTimeout: one could not be asked.
        """
        held = [key for key, holds in self.before.items() if holds]
        if not held:
            return
        if not any(key.split()[1] in SESSIONS for key in held):
            watch_s = 0.0
        well_since, pause = clock.monotonic(), _PAUSE
        while True:
            asked = clock.monotonic()
            self.after = self._look()
            missing = [key for key in held if not self.after.get(key)]
            if missing:
                well_since = clock.monotonic()
            elif asked - well_since >= watch_s or asked + pause > until:
                return
            if missing and (clock.monotonic() + pause > until or stop()):
                self._refuse(missing)
            clock.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def _refuse(self, missing: Sequence[str]) -> None:
        unknown = [key for key in missing if self.after.get(key) is None]
        lost = [key for key in missing if key not in unknown]
        if lost:
            raise CommandFailed(
                N_("{name}: what its neighbours saw before the change is gone: {lost}"),
                name=self._name,
                lost=", ".join(sorted(lost)),
            )
        raise TargetTimeout(
            N_("{name}: after the change its neighbours could not tell: {unknown}"),
            name=self._name,
            unknown=", ".join(sorted(unknown)),
        )

    def _look(self) -> dict[str, bool | None]:
        """`NEIGHBOUR TOPIC INTERFACE` -> whether it holds."""
        asked = clock.monotonic()

        def one(wanted: tuple[Target, Sequence[Mapping[str, Any]]]) -> dict[str, bool | None]:
            target, views = wanted
            topics = sorted({topic for view in views for topic in view["wants"]})
            readings = self._by.read(target, topics, asked)
            return {
                f"{target.name} {topic} {view['interface']}": holds
                for view in views
                for topic, holds in sightings(view, readings).items()
            }

        if not self._wanted:
            return {}
        seen = concurrency.side_by_side(one, self._wanted, _AT_ONCE)
        return {key: holds for found in seen for key, holds in found.items()}
