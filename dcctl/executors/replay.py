"""Recorded transcripts in place of devices: reads and fingerprints, and never a change.

A folder (`options.replay`) holds one folder a target, or one a platform, and in it one file a
command: `show_ip_bgp_summary.txt`, spaces as `_` and everything else but letters, digits and `-.`
as `%XX`. Platforms read by probes have `TOPIC.INDEX.json`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl import platforms
from dcctl.contracts import Output
from dcctl.errors import CommandFailed, JournalError, NotFound, Refused, Unreachable
from dcctl.executors import _outcomes, guard
from dcctl.executors.evidence import redacted
from dcctl.model import plain
from dcctl.model.event import EventKind
from dcctl.model.plan import StepKind
from dcctl.model.status import StepStatus
from dcctl.sieve import first_match, sieves
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dcctl.contracts import Collector, Context, Platform
    from dcctl.model.outcome import Outcome, Reading
    from dcctl.model.plan import Step
    from dcctl.model.target import Target


def file_name(command: str) -> str:
    """The transcript's file name for `command`."""
    return re.sub(r"[^\w.\-]", _spelled, command.strip()) + ".txt"


def _spelled(match: re.Match[str]) -> str:
    return "_" if match[0] == " " else f"%{ord(match[0]):02X}"


class Replay:
    """contracts.Executor over files."""

    name = "replay"
    batches = False

    def __init__(self, context: Context) -> None:
        self._context = context
        self._root = Path(context.site_root) / str(context.options.get("replay", "transcripts"))

    def read(self, target: Target, topics: Sequence[str]) -> Mapping[str, Reading]:
        """Read `topics` from the transcripts; see contracts.Executor."""
        readings: dict[str, Reading] = {}
        for topic in topics:
            try:
                platform = platforms.get(target.platform)
                collector = platform.collector(topic)
                if collector is None:
                    readings[topic] = _outcomes.no_collector(topic, platform.name)
                    continue
                readings[topic] = self._collect(target, platform, collector)
            except JournalError:
                raise  # what can\'t be written down must not go on
            except Exception as error:  # noqa: BLE001 - every topic asked for must be in the answer
                readings.update(_outcomes.unread((topic,), error))
        return readings

    def run(self, steps: Sequence[Step], targets: Mapping[str, Target]) -> Iterator[Outcome]:
        """Collect and command steps only; see contracts.Executor."""
        return _outcomes.each(steps, lambda step, at: self._run(step, targets[step.target], at))

    def fingerprint(self, target: Target, steps: Sequence[Step]) -> str:
        """A digest of the recorded running configuration; raises TargetError."""
        del steps
        return plain.digest(self._answer(target, platforms.get(target.platform).config_command))

    def predict(
        self, steps: Sequence[Step], targets: Mapping[str, Target]
    ) -> Mapping[str, tuple[str, ...] | None]:
        """What is recorded can't change: nothing for reads, unknown for the rest."""
        del targets
        return _outcomes.unchanging(steps)

    def release(self, target: str) -> None:
        """Nothing is held."""

    def close(self) -> None:
        """Nothing is open."""

    def _run(self, step: Step, target: Target, started: str) -> Outcome:
        self._context.emit(EventKind.STEP_STARTED, target=step.target, step=step.id)
        if step.kind is StepKind.COLLECT:
            readings = self.read(target, step.settings.get("topics", ()))
            return _outcomes.collected(step, readings, started)
        if step.kind is not StepKind.COMMAND:
            raise Refused(N_("{name}: a transcript can't be changed"), name=target.name)
        platform = platforms.get(target.platform)
        command = guard.permit(platform, str(step.settings["command"]))
        output = redacted(self._answer(target, command), platform)
        return _outcomes.finished(
            step,
            StepStatus.OK,
            started,
            evidence=(self._context.keep(output, target=target.name),),
            data={"command": command, "output": output},
        )

    def _collect(self, target: Target, platform: Platform, collector: Collector) -> Reading:
        probes = platform.executor == "server_shell"
        outputs, evidence = [], []
        for index, command in enumerate(collector.commands):
            name = f"{collector.topic}.{index}.json" if probes else file_name(command)
            label = f"{collector.topic}/{index}" if probes else command
            text = self._file(target, name)
            outputs.append(Output(command=label, text=text, failed=self._failed(platform, text)))
            shown = redacted(text, platform)
            evidence.append(self._context.keep(shown, target=target.name, original=text))
            if probes:
                json.loads(text)
        return _outcomes.parsed(collector, outputs, evidence)

    @staticmethod
    def _failed(platform: Platform, text: str) -> bool:
        return first_match(sieves(tuple(platform.failures)), text) is not None

    def _answer(self, target: Target, command: str) -> str:
        text = self._file(target, file_name(command))
        if self._failed(platforms.get(target.platform), text):
            raise CommandFailed(
                N_("{name}: {command}: {answer}"),
                name=target.name,
                command=command,
                answer=" ".join(text.split())[-200:],
            )
        return text

    def _file(self, target: Target, name: str) -> str:
        if not self._root.is_dir():
            raise Unreachable(N_("there are no transcripts in {path}"), path=str(self._root))
        for folder in (target.name, target.platform):
            path = self._root / folder / name
            if path.is_file():
                return path.read_text(encoding="utf-8")
        raise NotFound(N_("{name}: {file} was not recorded"), name=target.name, file=name)


EXECUTOR = Replay
