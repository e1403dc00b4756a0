"""Ansible's events folded into what became of each role on each target. Pure: no clock, no file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dcctl.executors.ansible_roles._plays import LOST_HANDLERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcctl.executors.ansible_roles._plays import Play

_SKIPPED_COMMAND = "Command would have run if not in check mode"
_NOT_LISTED = "No package matching"
_REPORT_SUFFIX = "_report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A task that failed, and the module's result."""

    task: str
    action: str
    result: Mapping[str, Any]


@dataclass(slots=True)
class Record:
    """What one role did on one target, as far as events told."""

    changed: list[str] = field(default_factory=list)
    uncertain: list[str] = field(default_factory=list)  # check mode could not say
    failure: Failure | None = None
    rescued: bool = False  # something ran after the failure: only the statistics tell which
    unreachable: str | None = None
    seen: bool = False
    report: dict[str, Any] = field(default_factory=dict)  # what the role sets as *_report
    output: list[str] = field(default_factory=list)
    diffs: list[Any] = field(default_factory=list)

    @property
    def lost(self) -> bool:
        """Whether the target is surely out of the run."""
        return self.unreachable is not None or (self.failure is not None and not self.rescued)


class Fold:
    """Takes events in their order; `records` is by (play index, target)."""

    def __init__(self, plays: Sequence[Play], *, check: bool = False) -> None:
        self.plays = plays
        self.check = check
        self.records: dict[tuple[int, str], Record] = {
            (play.index, target): Record() for play in plays for target in play.steps
        }
        self.stats: Mapping[str, Any] | None = None  # None: how it ended is unknown
        self.stray: list[str] = []  # output outside any play: why a playbook could not begin
        self.current: int | None = None
        self._gates = {play.gate: play for play in plays}
        self._by_name = {play.name: play for play in plays}
        self._handlers: set[str] = set()  # task uuids
        self._items: set[tuple[str, str]] = set()  # (task uuid, host) told item by item

    def take(self, event: Mapping[str, Any]) -> Play | None:
        """Fold one event; the play whose gate it reached, if it did."""
        kind = event.get("event") or ""
        data: Mapping[str, Any] = event.get("event_data") or {}
        if kind == "playbook_on_play_start":
            return self._play_started(str(data.get("name") or data.get("play") or ""))
        if kind == "playbook_on_task_start" and data.get("is_conditional"):  # runner's handlers
            self._handlers.add(str(data.get("task_uuid")))
        elif kind == "playbook_on_stats":
            self._finish(data)
        elif kind.startswith("runner_"):
            self._task(kind, data, str(event.get("stdout") or ""))
        elif self.stats is None and event.get("stdout"):
            self.stray.append(str(event["stdout"]))
        return None

    def _play_started(self, name: str) -> Play | None:
        if name in self._gates:
            self.current = None
            return self._gates[name]
        self.current = self._by_name[name].index if name in self._by_name else None
        return None

    def _task(self, kind: str, data: Mapping[str, Any], output: str) -> None:
        record = self.records.get(
            (self.current if self.current is not None else -1, str(data.get("host")))
        )
        if record is None:
            return
        if output:
            record.output.append(output)
        if kind in ("runner_on_start", "runner_retry"):
            record.seen = True
            return
        result: Mapping[str, Any] = data.get("res") or {}
        if kind == "runner_on_skipped" and not result and _SKIPPED_COMMAND in output:
            result = {"msg": _SKIPPED_COMMAND}  # without a loop the event has no result of its own
        if "censored" in result:  # no_log hides whether it changed; what is shown does not
            result = {**result, "changed": output.lstrip().startswith("changed")}
        if kind == "runner_on_unreachable":
            record.unreachable = str(result.get("msg") or "")
            return
        if str(data.get("task_uuid")) not in self._handlers:  # those run after a failure too
            record.rescued = record.failure is not None
        if kind.startswith("runner_item_on_"):
            self._items.add((str(data.get("task_uuid")), str(data.get("host"))))
            self._result(record, kind.replace("_item", ""), data, result, item=_label(result))
        elif (str(data.get("task_uuid")), str(data.get("host"))) in self._items:
            self._failed_loop(record, kind, data, result)
        else:
            self._result(record, kind, data, result, item="")

    def _failed_loop(
        self, record: Record, kind: str, data: Mapping[str, Any], result: Mapping[str, Any]
    ) -> None:
        if kind != "runner_on_failed":
            return
        if self.check and data.get("ignore_errors"):
            record.failure = record.failure or _failure(data, result)
        elif not data.get("ignore_errors"):
            items = [item for item in result.get("results") or () if item.get("failed")]
            worst = items[0] if items else result
            record.failure, record.rescued = _failure(data, worst), False

    def _result(
        self,
        record: Record,
        kind: str,
        data: Mapping[str, Any],
        result: Mapping[str, Any],
        *,
        item: str,
    ) -> None:
        task = str(data.get("task") or data.get("task_action") or "")
        if task == LOST_HANDLERS:
            return
        line = f"{task} [{item}]" if item else task
        if kind == "runner_on_failed":
            if self.check and (item or data.get("ignore_errors")):
                record.uncertain.append(line)
                if _NOT_LISTED in str(result.get("msg")):
                    # Check mode does not renew the package lists; not installed it surely is.
                    record.changed.append(line)
                elif record.failure is None and not item:
                    record.failure = _failure(data, result)
            elif not data.get("ignore_errors") and not item:
                record.failure, record.rescued = _failure(data, result), False
        elif kind == "runner_on_skipped":
            if self.check and result.get("msg") == _SKIPPED_COMMAND:
                record.uncertain.append(line)
                record.changed.append(line)
        elif kind == "runner_on_ok":
            self._succeeded(record, line, result)

    def _succeeded(self, record: Record, line: str, result: Mapping[str, Any]) -> None:
        if result.get("changed"):
            record.changed.append(line)
            if result.get("diff"):
                record.diffs.append({"task": line, "diff": result["diff"]})
        for name, value in (result.get("ansible_facts") or {}).items():
            if name.endswith(_REPORT_SUFFIX):
                record.report[name.removesuffix(_REPORT_SUFFIX)] = value

    def _finish(self, data: Mapping[str, Any]) -> None:
        self.stats = data
        failures = data.get("failures") or {}
        for (_, target), record in self.records.items():
            if not self.check and record.rescued and not failures.get(target):
                record.failure = None


def _failure(data: Mapping[str, Any], result: Mapping[str, Any]) -> Failure:
    return Failure(
        task=str(data.get("task") or ""),
        action=str(data.get("resolved_action") or data.get("task_action") or ""),
        result=result,
    )


def _label(result: Mapping[str, Any]) -> str:
    label = result.get("_ansible_item_label")
    if label is None:
        label = result.get(str(result.get("ansible_loop_var") or "item"))
    if isinstance(label, Mapping):
        label = next((label[key] for key in ("name", "path", "key", "id") if key in label), "…")
    return " ".join(str(label).split()) if label is not None else "…"
