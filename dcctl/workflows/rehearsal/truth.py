"""What really happened, from the elements' own logs; and which of the promises it breaks.

| promise | asserted as |
|---|---|
| never both | no element is rebooted by us while a fellow of its group is down |
| no site loses its last path | an outage is ours when what we last saw already forbade it |
| written before done | nothing on an element changes before its step is durable as begun |
| no change repeated blindly | no element boots a new release twice, unless its power failed |
| nothing vanishes | one outcome a step; what it says is what the element has |
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dcctl.lab.elements.fabric import End
from dcctl.lab.elements.network import FABRIC
from dcctl.lab.elements.traffic import drained
from dcctl.model.event import EventKind
from dcctl.model.plan import StepKind
from dcctl.model.status import StepStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from dcctl.lab.elements.model import Note
    from dcctl.lab.elements.network import Network
    from dcctl.model.estate import Estate
    from dcctl.model.outcome import Outcome
    from dcctl.model.plan import Plan
    from dcctl.model.record import RunRecord

_OUR_DOING = frozenset({"change", "operation", "save", "commit", "confirm", "reload", "activate"})
_LOOK_S = 10.0  # that a live look takes: what fails meanwhile may be seen or not
_POWER = frozenset({"power_loss"})


@dataclass
class Truth:
    """The log of one simulated network, judged while it is written."""

    estate: Estate
    network: Network = field(init=False)
    wrong: list[str] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    started: set[str] = field(default_factory=set)  # elements whose step is durable as begun
    looked: dict[str, float] = field(default_factory=dict)  # element -> its last live look
    before: dict[str, str] = field(default_factory=dict)  # element -> its first release
    cutting: Mapping[str, Collection[str]] = field(default_factory=dict)
    boots: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # by us
    lost: Counter[str] = field(default_factory=Counter)  # power, by faults
    _down: dict[str, tuple[float, bool]] = field(default_factory=dict)  # since when, by us
    _drained: dict[str, float] = field(default_factory=dict)
    _cut: dict[tuple[str, str], float] = field(default_factory=dict)
    _dark: set[str] = field(default_factory=set)  # lost power, and has not booted since

    # --- while it happens ---

    def observe(self, name: str, at: float, note: Note, session: int) -> None:
        """The network's `observe`."""
        if note.kind in {"command", "login", "logout"}:
            return
        self._tell(at, name or "network", f"{note.kind} {note.text} {note.subject}")
        if session and note.kind in _OUR_DOING and name not in self.started:
            self._blame(at, f"{name}: {note.kind} {note.text} before its step was written down")
        if note.kind == "fault":
            self._fault(name, at, note.text)
        elif note.kind == "boot" and note.text == "down":
            self._boot(name, at, note.subject)
        elif note.kind == "boot":
            self._down.pop(name, None)
        elif note.kind == "drain" and note.text == "set":
            self._drained[name] = at
        elif note.kind == "drain":
            self._drained.pop(name, None)
        elif note.kind == "outage" and note.text == "start" and name == FABRIC:
            self._outage(note.subject, at)

    def emitted(self, kind: EventKind, target: str, data: Mapping[str, Any]) -> None:
        """Something was written to a shard's log."""
        at = self.network.now
        if kind is EventKind.STEP_STARTED:
            self.started.add(target)
        if kind is EventKind.STEP_PROGRESS and "phase" in data:
            if data["state"] == "live":
                self.looked[target] = at - _LOOK_S
            self._tell(at, target, f"    {data['phase']} {data['state']} {data.get('why', '')}")
        elif kind in {EventKind.STEP_STARTED, EventKind.STEP_FINISHED}:
            outcome = data.get("outcome")
            words = f"{outcome.status} {outcome.message}" if outcome is not None else ""
            self._tell(at, target, f"    {kind} {words}")

    def say(self, words: str) -> None:
        """Something that the simulation itself does."""
        self._tell(self.network.now, "*", words)

    def _tell(self, at: float, who: str, what: str) -> None:
        self.trace.append(f"{at:12.1f} {who:10} {what}")

    def _blame(self, at: float, words: str) -> None:
        self.wrong.append(words)
        self._tell(at, "!!!", words)

    def _fault(self, name: str, at: float, fault: str) -> None:
        if fault in _POWER:
            self._dark.add(name)
            self.lost[name] += 1
            self._down[name] = (at, False)
        now = {(name, port) for port in self.network.faults_of(name).cut}
        known = {end for end in self._cut if end[0] == name}
        for end in known - now:
            del self._cut[end]
        for end in now - known:
            self._cut[end] = at

    def _boot(self, name: str, at: float, tried: str) -> None:
        if name in self._dark:
            self._dark.discard(name)
            return
        self._down[name] = (at, True)
        self.boots[name].append(tried)
        for fellow in self._fellows(name):
            if fellow not in self._down:
                continue
            since, by_us = self._down[fellow]
            if by_us or since <= self.looked.get(name, at):
                self._blame(at, f"{name} goes down by us while its fellow {fellow} is down")
        forward = [one for one in self.boots[name] if one != self.before.get(name)]
        if len(forward) > 1 + self.lost[name]:
            self._blame(at, f"{name} is reloaded into {tried} again without cause")
        if len(self.boots[name]) > 2 + 2 * self.lost[name]:
            self._blame(at, f"{name} is reloaded {len(self.boots[name])} times")

    def _fellows(self, name: str) -> set[str]:
        groups = [group for group in self.estate.redundancy if name in group.members]
        return {member for group in groups for member in group.members} - {name}

    # --- paths ---

    def _outage(self, site: str, at: float) -> None:
        """A site lost its last path: ours, when what we saw before we touched forbade it."""
        ours = {name for name, (_, by_us) in self._down.items() if by_us} | set(self._drained)
        for name in ours:
            seen = self.looked.get(name, at)
            if site in self.cutting.get(name, ()):
                continue
            down = {
                other
                for other, (since, by_us) in self._down.items()
                if (self.looked.get(other, at) if by_us else since) <= seen
            }
            idle = {other for other in self._drained if self.looked.get(other, at) <= seen}
            cut = {end for end, since in self._cut.items() if since <= seen}
            without = self._has_path(site, down - {name}, idle - {name}, cut)
            if without and not self._has_path(site, down | {name}, idle | {name}, cut):
                self._blame(at, f"{site} is cut off, because {name} was touched")

    def _has_path(
        self,
        site: str,
        down: Collection[str],
        idle: Collection[str],
        cut: Collection[tuple[str, str]],
    ) -> bool:
        anchors = [one for one in self.network.traffic._anchors if one not in down]  # noqa: SLF001
        seen, waiting = set(anchors), list(anchors)
        homes = {n for n in self.estate.names if self.estate.target(n).site == site}
        while waiting:
            at = waiting.pop()
            if at in homes:
                return True
            if at in idle and at not in anchors:
                continue
            for far in self._neighbours(at, cut):
                if far not in seen and far not in down:
                    seen.add(far)
                    waiting.append(far)
        return False

    def _neighbours(self, host: str, cut: Collection[tuple[str, str]]) -> Iterable[str]:
        for link in self.estate.links:
            ends = [(link.a.host, link.a.interface), (link.b.host, link.b.interface)]
            if host in (link.a.host, link.b.host) and not any(end in cut for end in ends):
                yield link.far_end(host).host

    # --- at the end ---

    def settle(self, plan: Plan, record: RunRecord) -> None:
        """What the report says is what the elements have."""
        missing = {step.id for step in plan.steps} ^ set(record.outcomes)
        if missing:
            self.wrong.append(f"no outcome, or one too many: {sorted(missing)}")
        for step, outcome in record.steps():
            if step.kind is StepKind.UPGRADE:
                self._as_told(step.target, step.settings["order"]["image"]["version"], outcome)

    def _as_told(self, name: str, wanted: str, outcome: Outcome) -> None:
        software = self.network.elements[name].software
        idle = drained(self.network.intent(name))
        has = f"{software.release}/{software.committed}{' drained' if idle else ''}"
        told = f"{name} is told {outcome.status} ({outcome.message}), and has {has}"
        old = self.before[name]
        if outcome.status in {StepStatus.CHANGED, StepStatus.OK}:
            if software.release != wanted or software.committed != wanted or idle:
                self.wrong.append(told)
        elif outcome.status is StepStatus.FAILED:
            if software.release != old or software.committed != old or idle:
                self.wrong.append(told)
            elif not self._joined(name):
                self.wrong.append(f"{told}; and its neighbours miss it")
        elif outcome.reason != "in_doubt" and outcome.status is StepStatus.NOT_STARTED:
            touched = name in self.boots or idle
            self.wrong += [told] if touched else []

    def _joined(self, name: str) -> bool:
        """Whether it has its adjacency on every link to a twin that no fault took."""
        if name in self._down:
            return True  # that came after its outcome
        for link in self.estate.links:
            if name not in (link.a.host, link.b.host):
                continue
            far = link.far_end(name)
            ends = {(link.a.host, link.a.interface), (link.b.host, link.b.interface)}
            alone = far.host not in self.network.elements
            if alone or far.host in self._down or ends & set(self._cut):
                continue
            near = link.end(name)
            if not self.network.fabric.adjacency(End(near.host, near.interface))[0].holds:
                return False
        return True
