"""Servers over SSH: the probes of all topics in one script, one round trip, JSON back."""

from __future__ import annotations

import json
import secrets as random
import shlex
import threading
from typing import TYPE_CHECKING, Any

from dcctl import platforms
from dcctl.contracts import Output
from dcctl.errors import (
    AuthenticationFailed,
    CommandFailed,
    JournalError,
    NotFound,
    TargetError,
    Unreachable,
)
from dcctl.executors import _bastions, _outcomes, guard, transport, unchanged
from dcctl.executors._probe import SKIP_TO_SCRIPT, compose, extract
from dcctl.executors._program import run_program
from dcctl.executors.bmc import Controllers
from dcctl.executors.evidence import redacted, redacted_json
from dcctl.model.event import EventKind
from dcctl.model.plan import StepKind
from dcctl.model.status import StepStatus
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dcctl.contracts import Context, Platform
    from dcctl.executors.transport import Link
    from dcctl.model.outcome import Outcome, Reading
    from dcctl.model.plan import Step
    from dcctl.model.target import Target

_COMMAND = 60.0  # seconds for the whole script, unless options.timeouts.command says otherwise
_PROBE = 20.0  # seconds for one probe, unless options.timeouts.probe says otherwise
_MOST = 8 * 1024 * 1024  # bytes of one script's answer
_SHOWN = 200_000  # characters of a command's output that an outcome carries


class ServerShell:
    """contracts.Executor for platforms whose collectors are Python probes; it changes nothing."""

    name = "server_shell"
    batches = False

    def __init__(self, context: Context) -> None:
        self._context = context
        self._controllers = Controllers(context)
        self._links: dict[str, Link] = {}
        self._lock = threading.Lock()

    def read(self, target: Target, topics: Sequence[str]) -> Mapping[str, Reading]:
        """Read `topics` in one round trip; see contracts.Executor."""
        told = _beside(target, topics)
        readings = dict(self._controllers.read(target, told)) if told else {}
        own = [topic for topic in topics if topic not in readings]
        try:
            if own:  # who asks the controller alone does not log in to the server
                platform = platforms.get(target.platform)
                readings.update(self._read(target, platform, own))
        except JournalError:
            raise  # what can\'t be written down must not go on
        except Exception as error:  # noqa: BLE001 - every topic asked for must be in the answer
            readings.update(_outcomes.unread(own, error))
        return readings

    def run(self, steps: Sequence[Step], targets: Mapping[str, Target]) -> Iterator[Outcome]:
        """Run collect and command steps; see contracts.Executor."""
        return _outcomes.each(steps, lambda step, at: self._run(step, targets[step.target], at))

    def fingerprint(self, target: Target, steps: Sequence[Step]) -> str:
        """A digest of the topics that the steps name in their settings (`topics`)."""
        return _outcomes.fingerprint(steps, lambda topics: self.read(target, topics))

    def predict(
        self, steps: Sequence[Step], targets: Mapping[str, Target]
    ) -> Mapping[str, tuple[str, ...] | None]:
        """Nothing: no step of this door changes anything."""
        del targets
        return _outcomes.unchanging(steps)

    def release(self, target: str) -> None:
        """End the target's session."""
        with self._lock:
            link = self._links.pop(target, None)
        if link is not None:
            link.close()

    def close(self) -> None:
        """End all sessions; never raises."""
        with self._lock:
            links, self._links = list(self._links.values()), {}
        for link in links:
            link.close()
        _bastions.rest()

    # --- inside

    def _run(self, step: Step, target: Target, started: str) -> Outcome:
        self._context.emit(
            EventKind.STEP_STARTED, target=step.target, step=step.id, durable=step.changes
        )
        if step.kind is StepKind.COMMAND:
            return self._command(step, target, started)
        if step.kind is StepKind.COLLECT:
            readings = self.read(target, step.settings.get("topics", ()))
            return _outcomes.collected(step, readings, started)
        raise NotFound(
            N_("{executor} runs no {kind} steps"), executor=self.name, kind=step.kind.value
        )

    def _command(self, step: Step, target: Target, started: str) -> Outcome:
        platform = platforms.get(target.platform)
        command = guard.permit(platform, str(step.settings["command"]))
        wrapped = f"env LC_ALL=C.UTF-8 {shlex.join(shlex.split(command))}"
        status, output = self._program(target, wrapped, "")
        output = redacted(output, platform)
        evidence = (self._context.keep(output, target=target.name),)
        if status != 0:
            error = CommandFailed(
                N_("{name}: {command}: status {status}: {answer}"),
                name=target.name,
                command=command,
                status=status,
                answer=output.strip()[-200:],
            )
            return _outcomes.from_error(step, error, started, evidence=evidence)
        return _outcomes.finished(
            step,
            StepStatus.OK,
            started,
            evidence=evidence,
            data={"command": command, "output": output[:_SHOWN]},
        )

    def _read(
        self, target: Target, platform: Platform, topics: Sequence[str]
    ) -> Mapping[str, Reading]:
        wanted = {topic: platform.collector(topic) for topic in topics}
        collectors = [collector for collector in wanted.values() if collector is not None]
        looking = unchanged.TOPIC in wanted and bool(platform.config_probe)
        answers: Mapping[str, Any] = {}
        if collectors or looking:
            answers = self._probe(target, collectors, platform.config_probe if looking else "")
        readings = {}
        for topic, collector in wanted.items():
            if topic == unchanged.TOPIC and looking:
                readings[topic] = self._compared(target, platform, answers)
                continue
            if topic == _outcomes.TRANSPORT:
                agreed = self._link(target).agreed
                readings[topic] = _outcomes.agreed(agreed, self._context, target.name)
                continue
            if collector is None:
                readings[topic] = _outcomes.no_collector(topic, platform.name)
                continue
            outputs = [
                _output(topic, index, answers.get(f"{topic}/{index}"))
                for index in range(len(collector.commands))
            ]
            evidence = [self._kept(output, target, platform) for output in outputs]
            readings[topic] = _outcomes.parsed(collector, outputs, evidence)
        return readings

    def _compared(self, target: Target, platform: Platform, answers: Mapping[str, Any]) -> Reading:
        """Both looks at the files of the configuration: they stand around all other probes."""
        outputs = (
            _output(unchanged.TOPIC, index, answers.get(f"{unchanged.TOPIC}/{index}"))
            for index in (0, 1)
        )
        looks = [(output, self._kept(output, target, platform)) for output in outputs]
        return _outcomes.compared(platform, lambda: looks)

    def _kept(self, output: Output, target: Target, platform: Platform) -> str:
        if output.failed:
            shown = redacted(output.text, platform)
            return self._context.keep(shown, target=target.name, original=output.text)
        text = redacted_json(output.text, platform)
        return self._context.keep(
            text, target=target.name, media_type="application/json", original=output.text
        )

    def _probe(
        self, target: Target, collectors: Sequence[Any], config_probe: str = ""
    ) -> Mapping[str, Any]:
        sources = {
            f"{collector.topic}/{index}": source
            for collector in collectors
            for index, source in enumerate(collector.commands)
        }
        if config_probe:
            look = f"SALT = {random.token_hex(32)!r}\n{config_probe}"
            sources = {f"{unchanged.TOPIC}/0": look, **sources, f"{unchanged.TOPIC}/1": look}
        marker = random.token_hex(8)
        limit = float(self._context.options.get("timeouts", {}).get("probe", _PROBE))
        script = compose(sources, marker=marker, seconds=limit)
        command, stdin = self._python(target, script)
        status, output = self._program(target, command, stdin)
        return extract(output, marker, name=target.name, status=status)

    def _python(self, target: Target, script: str) -> tuple[str, str]:
        """The command that reads `script` from stdin, as root where the credential says how."""
        login = self._link(target).login
        python = "env LC_ALL=C.UTF-8 python3 -"
        if not login.become or login.username == "root":
            return python, script
        if login.become_password is None:
            return f"sudo -n {python}", script
        # sudo takes one line of stdin, or none where it asks for no password: python skips it then.
        python = f"env LC_ALL=C.UTF-8 python3 -c {shlex.quote(SKIP_TO_SCRIPT)}"
        return f"sudo -S -p '' {python}", f"{login.become_password.reveal()}\n{script}"

    def _program(self, target: Target, command: str, stdin: str) -> tuple[int, str]:
        """One round trip; a session that was found dead is made anew once."""
        limit = float(self._context.options.get("timeouts", {}).get("command", _COMMAND))
        fresh = target.name not in self._links
        link = self._link(target)
        try:
            return run_program(target.name, link, command, stdin, timeout=limit, most=_MOST)
        except Unreachable as error:
            self._forget(target)
            if fresh or isinstance(error, AuthenticationFailed):
                raise
            link = self._link(target)
            return run_program(target.name, link, command, stdin, timeout=limit, most=_MOST)
        except TargetError:
            self._forget(target)
            raise

    def _link(self, target: Target) -> Link:
        with self._lock:
            link = self._links.get(target.name)
        if link is not None and link.transport.is_active():
            return link
        link = transport.connect(target.connection, self._context, target=target.name)
        with self._lock:
            self._links[target.name] = link
        return link

    def _forget(self, target: Target) -> None:
        with self._lock:
            link = self._links.pop(target.name, None)
        if link:
            link.close()


def _beside(target: Target, topics: Sequence[str]) -> list[str]:
    """The topics that its management controller tells, and not the server itself."""
    own = platforms.get(target.platform)
    if not own.beside:
        return []
    beside = platforms.get(own.beside)
    return [t for t in topics if own.collector(t) is None and beside.collector(t) is not None]


def _output(topic: str, index: int, answer: Any) -> Output:
    command = f"{topic}/{index}"
    if not isinstance(answer, dict) or not answer.get("ok"):
        error = answer.get("error", "") if isinstance(answer, dict) else "no answer"
        return Output(command=command, text=str(error), failed=True)
    return Output(command=command, text=json.dumps(answer["data"], sort_keys=True))


EXECUTOR = ServerShell
