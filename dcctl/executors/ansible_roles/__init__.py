"""Ansible roles on servers, through ansible-runner in a process of its own."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dcctl import clock
from dcctl.errors import Interrupted
from dcctl.executors import _bastions
from dcctl.executors._outcomes import unpredicted
from dcctl.executors.ansible_roles import _fingerprint, _intact, _predicting, _process, _words
from dcctl.executors.ansible_roles._fold import Fold, Record
from dcctl.executors.ansible_roles._plays import Play, arrange, roles_path
from dcctl.executors.ansible_roles._reach import Reach
from dcctl.executors.ansible_roles._workspace import Workspace
from dcctl.model.event import EventKind
from dcctl.model.outcome import Outcome
from dcctl.model.status import NotStarted, StepStatus
from dcctl.secrets import redact
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dcctl.contracts import Context
    from dcctl.errors import DcctlError
    from dcctl.model.outcome import Reading
    from dcctl.model.plan import Step
    from dcctl.model.target import Target


class AnsibleRoles:
    """Applies roles to many targets at once: one play a role, one inventory, one process."""

    name = "ansible_roles"
    batches = True

    def __init__(self, context: Context) -> None:
        self._context = context
        self._shell: Any = None

    def run(self, steps: Sequence[Step], targets: Mapping[str, Target]) -> Iterator[Outcome]:
        """Apply the role of each step to its target; exactly one outcome for each step."""
        approved, refused = _intact.sift(steps, roles_path(self._context))
        yield from refused
        if not approved:
            return
        plays = arrange(approved)
        with Workspace(self._context, plays, _named(targets, approved)) as workspace:
            batch = _Batch(self._context, plays, workspace.refused, targets)
            yield from batch.refusals()
            stream = _process.events(workspace, self._context.cancelled)
            with contextlib.closing(stream):
                try:
                    for event in stream:
                        gate = batch.take(event)
                        if gate is not None:
                            yield from batch.outcomes(before=gate.index)
                            batch.record_start(gate)
                            workspace.open_gate(gate)
                except Interrupted:
                    batch.interrupted = True
            yield from batch.outcomes()

    def predict(
        self, steps: Sequence[Step], targets: Mapping[str, Target]
    ) -> Mapping[str, tuple[str, ...] | None]:
        """What check mode says that each step would change; None where it can't say."""
        plays = arrange(steps)
        fold = Fold(plays, check=True)
        with Workspace(self._context, plays, _named(targets, steps), check=True) as workspace:
            stream = _process.events(workspace, self._context.cancelled)
            with contextlib.closing(stream):
                for event in stream:
                    fold.take(event)
            refused = workspace.refused
        predicted: dict[str, tuple[str, ...] | None] = {}
        for target in {step.target for step in steps}:
            predicted |= _predicting.prediction(fold, target, roles_path(self._context))
        reasons = _predicting.why_not(fold, refused, Reach(self._context, targets))
        for step in steps:
            if predicted[step.id] is None:
                unpredicted(self._context, step, reasons[step.id])
        return {step.id: predicted[step.id] for step in steps}

    def read(self, target: Target, topics: Sequence[str]) -> Mapping[str, Reading]:
        """Read `topics` through the server's shell: Ansible is for changes only."""
        readings: Mapping[str, Reading] = self._server_shell().read(target, topics)
        return readings

    def fingerprint(self, target: Target, steps: Sequence[Step]) -> str:
        """A digest of the stable facts that the roles' verify checks read."""
        readings = self.read(target, _fingerprint.topics_of(steps))
        declared = _fingerprint.declared(target, steps, roles_path(self._context))
        return _fingerprint.fingerprint(target.name, readings, declared)

    def release(self, target: str) -> None:
        """Ansible ends its own; the shell's session ends."""
        if self._shell is not None:
            self._shell.release(target)

    def close(self) -> None:
        """End the shell's sessions, if it has any."""
        if self._shell is not None:
            self._shell.close()
        _bastions.rest()

    def _server_shell(self) -> Any:
        if self._shell is None:
            from dcctl import executors

            self._shell = executors.build("server_shell", self._context)
        return self._shell


class _Batch:
    """The steps of one Ansible run: which began, which ended, and how."""

    def __init__(
        self,
        context: Context,
        plays: Sequence[Play],
        refused: Mapping[str, DcctlError],
        targets: Mapping[str, Target],
    ) -> None:
        self._context = context
        self._plays = plays
        self._refused = refused
        self._reach = Reach(context, targets)
        self._fold = Fold(plays)
        self._started: dict[str, str] = {}  # step id -> when
        self._told: set[str] = set()
        self.interrupted = False

    def take(self, event: Mapping[str, Any]) -> Play | None:
        """Fold an event; the play that now waits at its gate, if one does."""
        if event.get("event") == "runner_on_start":
            self._progress(event.get("event_data") or {})
        return self._fold.take(event)

    def record_start(self, play: Play) -> None:
        """Put the steps of `play` on record, on disk, before Ansible may begin them.

        Raises:
            Interrupted: nothing more may begin. None of the play did: its gate stays closed.
        """
        begun: list[str] = []
        try:
            for target, step in play.steps.items():
                if target not in self._refused and not self._lost(target, play.index):
                    self._started[step.id] = clock.now().isoformat()
                    begun.append(step.id)
                    self._context.emit(
                        EventKind.STEP_STARTED,
                        target=target,
                        step=step.id,
                        durable=True,
                        role=play.role,
                    )
        except Interrupted:
            for name in begun:
                del self._started[name]
            raise

    def refusals(self) -> Iterator[Outcome]:
        """Outcomes of targets that Ansible was never told of."""
        for play in self._plays:
            for target, error in self._refused.items():
                if target in play.steps:
                    yield self._tell(play, target, StepStatus.ERROR, error.text)

    def outcomes(self, before: int | None = None) -> Iterator[Outcome]:
        """Outcomes that are certain now; all that are left when nothing comes any more."""
        for play in self._plays:
            if before is not None and play.index >= before:
                return
            for target, step in play.steps.items():
                record = self._fold.records[play.index, target]
                undecided = before is not None and record.failure is not None and record.rescued
                if step.id not in self._told and not undecided:
                    yield self._outcome(play, target, record, ended=before is None)

    def _outcome(self, play: Play, target: str, record: Record, *, ended: bool) -> Outcome:
        if record.unreachable is not None:
            words = self._reach.why(target, record.unreachable)
            return self._tell(play, target, StepStatus.UNREACHABLE, words)
        if record.failure is not None:
            words = _words.failed(record.failure, play.role)
            return self._tell(play, target, StepStatus.FAILED, words)
        if play.steps[target].id not in self._started or self._left_out(record, target):
            return self._never_began(play, target)
        if ended and self._fold.stats is None and not self._passed(play, target):
            return self._tell(play, target, StepStatus.ERROR, self._broken_off())
        status = StepStatus.CHANGED if record.changed else StepStatus.OK
        return self._tell(play, target, status, Text(""))

    def _never_began(self, play: Play, target: str) -> Outcome:
        if self.interrupted:
            words, reason = Text(N_("interrupted before it began")), NotStarted.INTERRUPTED
        elif self._fold.stats is not None or self._lost(target, play.index):
            words = Text(N_("an earlier role did not succeed"))
            reason = NotStarted.DEPENDENCY
        else:
            return self._tell(
                play, target, StepStatus.ERROR, _words.could_not_begin(self._fold.stray)
            )
        outcome = self._tell(play, target, StepStatus.NOT_STARTED, words)
        return replace(outcome, reason=reason.value, started_at="")

    def _broken_off(self) -> Text:
        if self.interrupted:
            return Text(N_("interrupted half way: what it left is not known"))
        return Text(N_("Ansible ended without saying how: what it left is not known"))

    def _passed(self, play: Play, target: str) -> bool:
        """Whether a later play of the target began, so that this one is over."""
        return any(
            self._fold.records[later.index, target].seen
            for later in self._plays[play.index + 1 :]
            if target in later.steps
        )

    def _left_out(self, record: Record, target: str) -> bool:
        """Whether Ansible left the target out: it had failed, which only the end told."""
        stats = self._fold.stats
        return (
            not record.seen
            and stats is not None
            and bool((stats.get("failures") or {}).get(target))
        )

    def _lost(self, target: str, before: int) -> bool:
        return any(
            self._fold.records[play.index, target].lost
            for play in self._plays[:before]
            if target in play.steps
        )

    def _progress(self, data: Mapping[str, Any]) -> None:
        index, target = self._fold.current, str(data.get("host"))
        if index is not None and target in self._plays[index].steps:
            step = self._plays[index].steps[target].id
            task = str(data.get("task") or "")
            self._context.emit(EventKind.STEP_PROGRESS, target=target, step=step, task=task)

    def _tell(self, play: Play, target: str, status: StepStatus, words: Text) -> Outcome:
        step = play.steps[target]
        self._told.add(step.id)
        record = self._fold.records[play.index, target]
        evidence: tuple[str, ...] = ()
        if record.output:
            evidence = (self._context.keep(redact("\n".join(record.output)), target=target),)
        return Outcome(
            step=step.id,
            target=target,
            status=status,
            message=words,
            changed=tuple(redact(line) for line in record.changed),
            started_at=self._started.get(step.id, ""),
            finished_at=clock.now().isoformat(),
            evidence=evidence,
            data={"report": record.report} if record.report else {},
        )


def _named(targets: Mapping[str, Target], steps: Sequence[Step]) -> dict[str, Target]:
    return {step.target: targets[step.target] for step in steps}


EXECUTOR = AnsibleRoles
