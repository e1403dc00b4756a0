"""Evidence that only an upgrade campaign has: certificate, images, sessions, each element."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl.journal.fold import in_order, phases
from dcctl.model import plain
from dcctl.model.event import EventKind
from dcctl.model.plan import StepKind
from dcctl.model.upgrade import Phase
from dcctl.planning import certificate_checker
from dcctl.workflows.upgrade.mop import for_checker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dcctl.model.event import Event
    from dcctl.model.record import RunRecord
    from dcctl.workflows.evidence.bundle import Bundle
    from dcctl.workflows.services import Services


class CampaignEvidence:
    """What is packed of an upgrade campaign, beyond what every run has."""

    def __init__(self, record: RunRecord, services: Services, bundle: Bundle) -> None:
        self.record, self.services, self.bundle = record, services, bundle
        self.events: Sequence[Event] = services.journal.events(record.run.id)

    def add(self) -> None:
        """Everything, in a fixed order."""
        self._certificate()
        self.bundle.add_json("images.json", self._images())
        self.bundle.add_json("sessions.json", self._sessions())
        self._elements()

    def _certificate(self) -> None:
        self.bundle.add_json("certificate/both.json", for_checker(self.record.plan, self.services))
        source = Path(certificate_checker.__file__).read_text(encoding="utf-8")
        self.bundle.add("certificate/certificate_checker.py", source)

    def _images(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for step, outcome in self.record.steps():
            if step.kind is not StepKind.UPGRADE:
                continue
            image = step.settings["order"]["image"]
            one = found.setdefault(image["name"], {"image": image, "proven": {}})
            one["proven"][step.target] = dict(outcome.data.get("files", {}))
        return found

    def _sessions(self) -> list[dict[str, Any]]:
        return [
            {"at": event.at, "target": event.target, **event.data}
            for event in self.events
            if event.kind is EventKind.SESSION
        ]

    def _elements(self) -> None:
        told = phases(in_order(self.events))
        for step, outcome in self.record.steps():
            if step.kind is not StepKind.UPGRADE:
                continue
            folder, mine = f"elements/{step.target}", told.get(step.id, [])
            snapshots = {
                name: _last(mine, phase)
                for name, phase in (("a", Phase.SNAPSHOT_A), ("b", Phase.SNAPSHOT_B))
            }
            for name, snapshot in snapshots.items():
                if snapshot is not None:
                    self.bundle.add_json(f"{folder}/snapshot-{name}.json", snapshot)
            if None not in snapshots.values():
                self.bundle.add(
                    f"{folder}/a-to-b.diff", _difference(snapshots["a"], snapshots["b"])
                )
            gates = [one for one in mine if "findings" in one]
            self.bundle.add_json(
                f"{folder}/gates.json", {"looks": gates, "last": outcome.data.get("gates")}
            )
            self.bundle.add_json(f"{folder}/phases.json", [_without_readings(one) for one in mine])
            self.bundle.add_json(f"{folder}/outcome.json", plain.to_plain(outcome))


def _last(told: Sequence[Mapping[str, Any]], phase: Phase) -> dict[str, Any] | None:
    """The snapshot that a phase ended with."""
    ended = [one for one in told if one["phase"] == phase and one["state"] == "ended"]
    if not ended:
        return None
    return {key: ended[-1][key] for key in ("at", "readings", "far") if key in ended[-1]}


def _difference(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    """From snapshot A to B, as a unified diff of what was understood."""
    was, now = (list(_lines(one or {})) for one in (before, after))
    return "".join(difflib.unified_diff(was, now, "A", "B", n=4))


def _lines(snapshot: Mapping[str, Any]) -> Iterator[str]:
    values = {topic: one.get("value") for topic, one in snapshot.get("readings", {}).items()}
    text = json.dumps(values, indent=1, ensure_ascii=False, sort_keys=True)
    yield from text.splitlines(keepends=True)


def _without_readings(told: Mapping[str, Any]) -> dict[str, Any]:
    return {k: value for k, value in told.items() if k not in {"readings", "far", "findings"}}
