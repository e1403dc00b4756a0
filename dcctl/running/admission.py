"""Who may go in a wave: managed, reachable, locked for us alone, and its fellows well."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dcctl.errors import LockHeld
from dcctl.model.status import NotStarted, StepStatus
from dcctl.model.upgrade import UpgradeNet
from dcctl.planning.upgrades import relied_on
from dcctl.planning.waves import CANARY, kinds
from dcctl.running.ledger import under_way
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dcctl.journal import Journal
    from dcctl.journal.fold import StepState
    from dcctl.model.plan import Plan, Step
    from dcctl.running.control import Control

_UPGRADE = "upgrade"  # the verb of campaigns
# A target that may not be changed may still be read.
CHANGES_ONLY = frozenset(
    {
        NotStarted.REDUNDANCY,
        NotStarted.LOCKED,
        NotStarted.MAX_FAILURES,
        NotStarted.CANARY,
        NotStarted.TOGETHER,
        NotStarted.UNSURE,
    }
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why (the changing steps of) a target may not go."""

    reason: NotStarted
    words: Text | None = None


@dataclass(slots=True)
class Admission:
    """Decides for each target of a wave, and holds the locks of those that are changed."""

    plan: Plan
    run_id: str
    journal: Journal
    control: Control
    steps: Mapping[str, Step]
    states: Mapping[str, StepState]  # as the run goes on
    failed: set[str]  # targets whose change went wrong, as the run goes on
    _touched: set[str] = field(default_factory=set)  # targets that this wave changes
    _others: dict[str, str] | None = None  # lock -> the living run that holds it
    _locked: list[str] = field(default_factory=list)
    _canaries: Mapping[str, frozenset[str]] = field(init=False)  # executor -> its canaries
    _kinds: Mapping[str, str] = field(init=False)
    _together: Mapping[str, frozenset[str]] = field(init=False)  # all-or-nothing groups
    # upgraded element -> the elements of the paths that must stay meanwhile
    _needed: Mapping[str, frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        self._together = {
            step.target: frozenset(step.settings["together"]["steps"])
            for step in self.plan.steps
            if "together" in step.settings
        }
        # A target's later steps (what reads it at the end) rely on nothing.
        self._needed = {step.target: way for step in self.plan.steps if (way := relied_on(step))}
        self._kinds = kinds(self.plan.steps)
        names = {n for wave in self.plan.waves if wave.title == CANARY for n in wave.targets}
        self._canaries = {
            kind: frozenset(name for name in names if self._kinds.get(name) == kind)
            for kind in set(self._kinds.values())
        }

    def new_wave(self) -> None:
        """Forget what the last wave touched."""
        self._touched, self._others = set(), None

    def ask(self, name: str, steps: Sequence[Step]) -> Refusal | None:
        """Why these steps of a target may not go, or nothing; its locks are held then."""
        if not self.plan.targets[name].managed:
            return Refusal(NotStarted.UNMANAGED)
        if self._was_unreachable(name):
            return Refusal(NotStarted.UNREACHABLE)
        stop = self.control.stopping()
        if stop and not any(self._is_open(step) and under_way(step, stop) for step in steps):
            return Refusal(NotStarted(stop))
        if not any(step.changes for step in steps):
            return self._net_of_another(name)
        return Refusal(NotStarted.CANARY) if self._is_unproven(name) else self._hold(name)

    def _net_of_another(self, name: str) -> Refusal | None:
        """Why not even to log in: another run upgrades it under a net that any login ends."""
        if not _login_ends_its_net(self.plan.targets[name].platform):
            return None
        if self._others is None:
            locks = self.journal.locks()
            self._others = {one.name: one.owner for one in locks if one.alive}
        owner = self._others.get(_lock_of(name), self.run_id)
        if owner == self.run_id or self.journal.run(owner).verb != _UPGRADE:
            return None
        words = N_("{name} is upgraded by run {run}, and a login would end its safety net")
        return Refusal(NotStarted.REFUSED, Text(words, {"name": name, "run": owner}))

    def _is_open(self, step: Step) -> bool:
        state = self.states.get(step.id)
        return state is not None and state.open

    def _hold(self, name: str) -> Refusal | None:
        groups = set(self.plan.targets[name].redundancy_groups)
        with_it = self._together.get(name, frozenset())
        beside = {group for other in self._touched - with_it for group in self._groups_of(other)}
        if groups & beside or self._fellow_is_down({name} | with_it, groups):
            return Refusal(NotStarted.REDUNDANCY)
        if any(self._is_way_round(name, other) for other in self._touched - with_it):
            return Refusal(NotStarted.REDUNDANCY)
        try:
            self.journal.take_locks(self.locks_of(name), self.run_id)
        except LockHeld as held:
            return Refusal(NotStarted.LOCKED, held.text)
        self._locked.append(name)
        self._touched.add(name)
        return None

    def _is_way_round(self, name: str, other: str) -> bool:
        """Whether one of the two must stay while the other is down: no wave of ours has both."""
        nobody: frozenset[str] = frozenset()
        return other in self._needed.get(name, nobody) or name in self._needed.get(other, nobody)

    def _groups_of(self, name: str) -> tuple[str, ...]:
        return self.plan.targets[name].redundancy_groups

    def together_with(self, name: str) -> frozenset[str]:
        """The targets that `name` stands or falls with, itself among them; empty for most."""
        return self._together.get(name, frozenset())

    def release(self) -> None:
        """Give back the wave's locks, but for targets where a change is in doubt."""
        doubtful = self.doubtful()
        free = [
            lock for name in self._locked if name not in doubtful for lock in self.locks_of(name)
        ]
        self._locked = []
        if free:
            self.journal.release_locks(self.run_id, free)

    def give_back(self, keep: set[str]) -> None:
        """Give back all that this run holds, whoever took it, but `keep` and what is in doubt."""
        doubtful = {state.target for state in self.states.values() if state.open}
        keep = keep.union(*(self.locks_of(target) for target in doubtful))
        held = {lock.name for lock in self.journal.locks() if lock.owner == self.run_id}
        self.journal.release_locks(self.run_id, held - keep)

    def locks_of(self, name: str) -> list[str]:
        """What is held while `name` is changed."""
        target = self.plan.targets.get(name)
        groups = target.redundancy_groups if target is not None else ()
        needed = sorted(self._needed.get(name, frozenset()))
        return [
            _lock_of(name),
            *(f"group:{group}" for group in groups),
            *(f"kept:{host}:{name}" for host in needed),
        ]

    def doubtful(self) -> set[str]:
        """Targets with a change that was begun and has no outcome."""
        return {
            state.target
            for name, state in self.states.items()
            if state.open and name in self.steps and self.steps[name].changes
        }

    def _is_unproven(self, name: str) -> bool:
        """Whether the target is none of its executor's canaries, and none of those ended well."""
        canaries = self._canaries[self._kinds[name]]
        return (
            bool(canaries)
            and name not in canaries
            and not any(self._is_well(canary) for canary in canaries)
        )

    def _is_well(self, name: str) -> bool:
        """Whether all that changes the target, and what was asked right after, ended well."""
        asked = [
            step.id
            for step in self.plan.steps
            if step.target == name and (step.changes or step.settings.get("verify"))
        ]
        return all(one in self.states and self.states[one].good for one in asked)

    def _was_unreachable(self, name: str) -> bool:
        return any(
            state.target == name
            and not state.open
            and state.outcome is not None
            and state.outcome.status is StepStatus.UNREACHABLE
            for state in self.states.values()
        )

    def _fellow_is_down(self, names: set[str], groups: set[str]) -> bool:
        """Whether a change of a fellow member of a redundancy group went wrong."""
        return any(
            other not in names and groups & set(self.plan.targets[other].redundancy_groups)
            for other in self.failed | self.doubtful()
            if other in self.plan.targets
        )


def _lock_of(name: str) -> str:
    """The lock that whoever changes a target holds, as journal.locks says (with SQLAlchemy)."""
    return f"target:{name}"


def _login_ends_its_net(platform: str) -> bool:
    from dcctl import platforms  # few runs ask

    upgrade = platforms.get(platform).upgrade if platform in platforms.all_platforms() else None
    return upgrade is not None and upgrade.net is UpgradeNet.LOGIN
