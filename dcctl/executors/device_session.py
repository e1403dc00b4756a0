"""Network elements over SSH: one session a target, kept for the whole shard."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from dcctl import platforms
from dcctl.contracts import Output
from dcctl.errors import (
    CommandFailed,
    CommandRefused,
    JournalError,
    NotFound,
    TargetTimeout,
    Unreachable,
)
from dcctl.executors import _backup, _bastions, _outcomes, staging, unchanged, upgrading
from dcctl.executors._change import GuardedChange
from dcctl.executors._device import load
from dcctl.executors._sessions import KeptSessions
from dcctl.executors._together import carry_out, without_its_group
from dcctl.executors._wanted import change_of, explained, prediction, wanted_of
from dcctl.executors._witnesses import Witnesses
from dcctl.executors.evidence import redacted, steady
from dcctl.executors.server_shell import ServerShell
from dcctl.executors.upgrading.door import SessionDoor
from dcctl.model import plain
from dcctl.model.event import EventKind
from dcctl.model.plan import StepKind
from dcctl.model.status import StepStatus
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dcctl.contracts import Collector, Context, Platform
    from dcctl.model.outcome import Outcome, Reading
    from dcctl.model.plan import Step
    from dcctl.model.target import Target

_OF_EVERY_PLATFORM = (_outcomes.TRANSPORT, unchanged.TOPIC)  # topics without a collector
_SILENCES = 2  # one unanswered command may be a slow one; each costs the whole timeout
_SHOWN = 200_000  # characters of a command's output that an outcome carries


class DeviceSessions(KeptSessions):
    """contracts.Executor for platforms with a command line of their own."""

    name = "device_session"
    batches = False

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._hosts: ServerShell | None = None
        self._witnesses: Witnesses | None = None

    def read(self, target: Target, topics: Sequence[str]) -> Mapping[str, Reading]:
        """Read `topics`; a command that several need is sent once. See contracts.Executor."""
        try:
            platform = platforms.get(target.platform)
            wanted = {topic: platform.collector(topic) for topic in topics}
        except JournalError:
            raise  # what can't be written down must not go on
        except Exception as error:  # noqa: BLE001 - every topic asked for must be in the answer
            return _outcomes.unread(topics, error)
        answers: dict[str, tuple[Output, str]] = {}
        own = {t: c for t, c in wanted.items() if c or t in _OF_EVERY_PLATFORM}
        if unchanged.TOPIC in own:  # its first look is the first thing that is asked
            own = {unchanged.TOPIC: None, **own}
        readings = dict(self._beneath(target, platform, [t for t in wanted if t not in own]))
        silent = 0
        for topic, collector in own.items():
            try:
                readings[topic] = self._collect(target, platform, topic, collector, answers)
            except (Unreachable, TargetTimeout) as error:
                silent += 1
                if isinstance(error, TargetTimeout) and silent < _SILENCES:
                    readings.update(_outcomes.unread((topic,), error))
                    continue
                rest = [name for name in own if name not in readings]
                readings.update(_outcomes.unread(rest, error))
                break
            except JournalError:
                raise  # what can't be written down must not go on
            except Exception as error:  # noqa: BLE001 - a mistake in one topic loses that one
                readings.update(_outcomes.unread((topic,), error))
        if platform.config_command in answers and unchanged.TOPIC in own:
            first = answers[platform.config_command]
            look = partial(self._kept, target, platform)
            readings[unchanged.TOPIC] = _outcomes.compared(platform, lambda: (first, look()))
        return {topic: readings[topic] for topic in topics}

    def run(self, steps: Sequence[Step], targets: Mapping[str, Target]) -> Iterator[Outcome]:
        """Do the steps on their targets' sessions; see contracts.Executor.

        Steps of one all-or-nothing group are handed over together, and by themselves.
        """
        if steps and steps[0].settings.get("together"):
            return self._changed(steps, targets)
        return _outcomes.each(steps, lambda step, at: self._run(step, targets[step.target], at))

    def fingerprint(self, target: Target, steps: Sequence[Step]) -> str:
        """A digest of the running configuration without its volatile lines; raises TargetError."""
        platform = platforms.get(target.platform)
        if steps and all(step.kind is StepKind.UPGRADE for step in steps):
            return plain.digest(self.reading(target, upgrading.installed(platform)))
        running = change_of(platform).running
        text = self.reading(target, running)
        return plain.digest(steady(text, platform))

    def predict(
        self, steps: Sequence[Step], targets: Mapping[str, Target]
    ) -> Mapping[str, tuple[str, ...] | None]:
        """What each config step would change, by reading and pure comparison; changes nothing."""
        predictions: dict[str, tuple[str, ...] | None] = {}
        for step in steps:
            if not step.changes:
                predictions[step.id] = ()
                continue
            try:
                target = targets[step.target]
                platform = platforms.get(target.platform)
                if step.kind is StepKind.UPGRADE:
                    now = self.reading(target, upgrading.installed(platform))
                    predictions[step.id] = upgrading.prediction(step, now)
                    continue
                if step.kind is StepKind.STAGE:
                    predictions[step.id] = staging.prediction(step, target, self)
                    continue
                change = change_of(platform)
                running = self.reading(target, change.running)
                wanted = wanted_of(step, platform, self._context, asked=False).compare(running)
                predictions[step.id] = prediction(wanted, platform)
                _outcomes.tell_remediation(self._context, step, explained(wanted, platform))
            except JournalError:
                raise  # what can't be written down must not go on
            except Exception as error:  # noqa: BLE001 - a prediction that can't be had is unknown
                predictions[step.id] = None
                _outcomes.unpredicted(self._context, step, _outcomes.message_of(error))
        return predictions

    def release(self, target: str) -> None:
        """End the target's session: a run of thousands holds no more than work at once."""
        super().release(target)
        if self._hosts:
            self._hosts.release(target)

    def close(self) -> None:
        """End all sessions; never raises."""
        super().close()
        if self._hosts:
            self._hosts.close()
        if self._witnesses:
            self._witnesses.close()
        _bastions.rest()

    # --- inside

    def _beneath(
        self, target: Target, platform: Platform, topics: Sequence[str]
    ) -> Mapping[str, Reading]:
        """Topics that the device's own command line can't tell, read from the host beneath it."""
        shell = ""
        if topics and platform.beneath:
            entries = self._context.options.get("credentials", {})
            shell = str(entries.get(target.connection.credential, {}).get("shell", ""))
        if not shell:
            return {topic: _outcomes.no_collector(topic, platform.name) for topic in topics}
        with self._lock:
            self._hosts = self._hosts or ServerShell(self._context)
        host = replace(
            target,
            platform=platform.beneath,
            connection=replace(target.connection, credential=shell),
        )
        return self._hosts.read(host, topics)

    def _run(self, step: Step, target: Target, started: str) -> Outcome:
        if step.kind is StepKind.CONFIG:
            (outcome,) = carry_out([self._guarded(step, target)])
            return outcome
        if step.kind is StepKind.UPGRADE:
            return self._upgraded(step, target)
        if step.kind is StepKind.STAGE:
            return staging.run(step, target, self._context, self, started)
        self._context.emit(EventKind.STEP_STARTED, target=step.target, step=step.id)
        if step.kind is StepKind.COMMAND:
            return self._command(step, target, started)
        if step.kind is StepKind.BACKUP:
            return self._backup(step, target, started)
        if step.kind is StepKind.COLLECT:
            readings = self.read(target, step.settings.get("topics", ()))
            return _outcomes.collected(step, readings, started)
        raise NotFound(
            N_("{executor} runs no {kind} steps"), executor=self.name, kind=step.kind.value
        )

    def _guarded(self, step: Step, target: Target) -> GuardedChange:
        return GuardedChange(
            step,
            platforms.get(target.platform),
            self._context,
            self.session(target),
            partial(self.reopened, target),
            self._eyes(),
        )

    def _upgraded(self, step: Step, target: Target) -> Outcome:
        from dcctl.executors.upgrading import machine, resuming
        from dcctl.executors.upgrading.element import Element

        platform, door = platforms.get(target.platform), SessionDoor(target, self)
        element = Element(step, target, platform, self._context, door, self._eyes())
        in_doubt = step.settings.get("in_doubt")  # a process that died had begun it
        return resuming.resume(element) if in_doubt else machine.carry_out(element)

    def _eyes(self) -> Witnesses:
        """Eyes of its own: a neighbour may be changing on the session that is its own."""
        with self._lock:
            self._witnesses = self._witnesses or Witnesses(type(self)(self._context))
            return self._witnesses

    def _changed(self, steps: Sequence[Step], targets: Mapping[str, Target]) -> Iterator[Outcome]:
        """The outcomes of a whole group; where one can't even be logged in to, none is begun."""
        started, changes = _outcomes.now(), []
        failures: dict[str, Exception] = {}
        for step in steps:
            try:
                changes.append(self._guarded(step, targets[step.target]))
            except JournalError:
                raise  # what can't be written down must not go on
            except Exception as error:  # noqa: BLE001 - exactly one outcome for each step
                failures[step.id] = error
        if not failures:
            yield from carry_out(changes)
            return
        for step in steps:
            if step.id in failures:
                yield _outcomes.from_error(step, failures[step.id], started)
            else:
                yield without_its_group(step, started)

    def _command(self, step: Step, target: Target, started: str) -> Outcome:
        command = str(step.settings["command"])
        platform = platforms.get(target.platform)
        output = redacted(self.reading(target, lambda s: s.send(command)), platform)
        return _outcomes.finished(
            step,
            StepStatus.OK,
            started,
            evidence=(self._context.keep(output, target=target.name),),
            data={"command": command, "output": output[:_SHOWN]},
        )

    def _backup(self, step: Step, target: Target, started: str) -> Outcome:
        platform = platforms.get(target.platform)
        kept = self.reading(
            target, lambda s: _backup.keep(s, platform, self._context, target.name, "backup")
        )
        return _outcomes.finished(
            step, StepStatus.OK, started, evidence=kept.evidence, data={"backup": kept.data}
        )

    def _collect(
        self,
        target: Target,
        platform: Platform,
        topic: str,
        collector: Collector | None,
        answers: dict[str, tuple[Output, str]],
    ) -> Reading:
        if topic == unchanged.TOPIC:
            if platform.config_command:
                answers[platform.config_command] = self._kept(target, platform)
            return _outcomes.no_collector(topic, platform.name)
        if collector is None:
            agreed = self.reading(target, lambda session: session.agreed)
            return _outcomes.agreed(agreed, self._context, target.name)
        for command in collector.commands:
            if command not in answers:
                answers[command] = self._kept(target, platform, command)
        used = [answers[command] for command in collector.commands]
        evidence = tuple(digest for _, digest in used)
        return _outcomes.parsed(collector, [output for output, _ in used], evidence)

    def _kept(self, target: Target, platform: Platform, command: str = "") -> tuple[Output, str]:
        """The answer to a command (none: what shows the configuration), and what it is kept as."""
        output = self._answer(target, command or platform.config_command)
        shown = redacted(output.text, platform)
        return output, self._context.keep(shown, target=target.name, original=output.text)

    def _answer(self, target: Target, command: str) -> Output:
        try:
            text = self.reading(target, lambda session: session.send(command))
        except CommandRefused:
            raise  # a collector whose command isn't on its own platform's list is a mistake of ours
        except CommandFailed as error:
            return Output(command=command, text=str(error), failed=True)
        return Output(command=command, text=text)


EXECUTOR = DeviceSessions
LOAD = load  # what a worker that waits for its order does meanwhile
