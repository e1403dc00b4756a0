"""The evidence pack of a campaign: all that shows what was done, to be checked without dcctl."""

from __future__ import annotations

import difflib
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl import reports
from dcctl.errors import InvalidInput, NotFound
from dcctl.executors._backup import MEDIA_TYPE
from dcctl.journal.fold import in_order, phases
from dcctl.model import plain
from dcctl.model.event import EventKind
from dcctl.model.plan import StepKind
from dcctl.model.upgrade import Phase
from dcctl.planning import certificate_checker
from dcctl.text import N_
from dcctl.workflows.upgrade.bundle import Bundle, writing
from dcctl.workflows.upgrade.mop import for_checker
from dcctl.workflows.upgrade.plan import VERB

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dcctl.model.event import Event
    from dcctl.model.record import RunRecord
    from dcctl.workflows.services import Services

SCHEMA = "dcctl-evidence/1"
README = """\
Evidence of an upgrade campaign / Bằng chứng của một đợt nâng cấp

  sha256sum -c SHA256SUMS                  every file is as it was packed / mọi tệp còn nguyên
  python3 certificate/certificate_checker.py < certificate/both.json
                                           silent: every wave kept its promises / im lặng: đạt
  cd approvals; ssh-keygen -Y verify -f allowed_signers -I APPROVER -n dcctl-plan@v1 \\
      -s 01.statement.sig < 01.statement   an approval is good / chữ ký phê duyệt hợp lệ
  dcctl upgrade evidence --verify FILE     all of this at once / tất cả cùng lúc

report.*.html   what happened / điều đã xảy ra        record.json     the same for programs
plan.json       what was approved / điều được duyệt   events.jsonl    the journal, line by line
elements/HOST/  snapshots, differences, gates, phases of one element
transcripts/HOST/  what it answered, secrets taken out; named by their SHA-256
images.json     files, digests, and how each was proven   sessions.json   SSH algorithms negotiated
certificate/    waves and kept paths, the topology they speak of, and the checker
approvals/      statements, signatures, and the allowed_signers in force

Backups of configurations are not in it: they stay sealed in the journal.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A pack that was written; `seal` is the SHA-256 of its SHA256SUMS."""

    path: Path
    run: str
    seal: str


def pack(run: str, path: Path, services: Services) -> Packed:
    """Write the evidence of a campaign's run; the same journal gives the same bytes.

    Raises:
        InvalidInput: the run is no campaign, or the file can't be written. NotFound: no such run.
    """
    if run == "latest":
        run = next((one.id for one in services.journal.runs() if one.verb == VERB), run)
    record = services.journal.record(run)
    if record.run.verb != VERB:
        raise InvalidInput(N_("run {run} is no upgrade campaign"), run=record.run.id)
    with writing(path) as bundle:
        _Packing(record, services, bundle).all()
    return Packed(path=path, run=record.run.id, seal=bundle.seal)


class _Packing:
    def __init__(self, record: RunRecord, services: Services, bundle: Bundle) -> None:
        self.record, self.services, self.bundle = record, services, bundle
        self.events: Sequence[Event] = services.journal.events(record.run.id)

    def all(self) -> None:
        """Everything, in a fixed order."""
        record = self.record
        self.bundle.add("README.txt", README)
        self._json("plan.json", plain.to_plain(record.plan))
        self.bundle.add("record.json", reports.render(record, "json"))
        for language in ("vi", "en"):
            self.bundle.add(f"report.{language}.html", reports.render(record, "html", language))
        lines = (plain.canonical(plain.to_plain(event)).decode() for event in self.events)
        self.bundle.add("events.jsonl", "".join(f"{line}\n" for line in lines))
        self._certificate()
        self._approvals()
        self._json("images.json", self._images())
        self._json("sessions.json", self._sessions())
        self._elements()
        left = self._transcripts()
        self._json(
            "manifest.json",
            {
                "schema": SCHEMA,
                "run": record.run.id,
                "plan": record.plan.hash,
                "estate": record.plan.estate,
                "lab": record.plan.lab,
                "versions": dict(record.run.versions),
                "not_in_the_journal": left,
            },
        )

    def _json(self, name: str, data: Any) -> None:
        text = json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True)
        self.bundle.add(name, text + "\n")

    def _certificate(self) -> None:
        self._json("certificate/both.json", for_checker(self.record.plan, self.services))
        source = Path(certificate_checker.__file__).read_text(encoding="utf-8")
        self.bundle.add("certificate/certificate_checker.py", source)

    def _approvals(self) -> None:
        journal = self.services.journal
        kept = journal.approvals(self.record.plan.hash)
        for number, one in enumerate(kept, 1):
            self.bundle.add(f"approvals/{number:02}.statement", one.statement)
            self.bundle.add(f"approvals/{number:02}.statement.sig", one.signature)
        told = [
            {"file": f"{n:02}.statement", "approver": one.approver, "role": one.role, "at": one.at}
            for n, one in enumerate(kept, 1)
        ]
        pinned = journal.pinned_signers()
        if pinned is not None:
            self.bundle.add("approvals/allowed_signers", pinned.content)
        made_by = journal.made_by(self.record.plan.hash)
        self._json("approvals/approvals.json", {"requester": made_by, "given": told})

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
                    self._json(f"{folder}/snapshot-{name}.json", snapshot)
            if None not in snapshots.values():
                self.bundle.add(
                    f"{folder}/a-to-b.diff", _difference(snapshots["a"], snapshots["b"])
                )
            gates = [one for one in mine if "findings" in one]
            self._json(f"{folder}/gates.json", {"looks": gates, "last": outcome.data.get("gates")})
            self._json(f"{folder}/phases.json", [_without_readings(one) for one in mine])
            self._json(f"{folder}/outcome.json", plain.to_plain(outcome))

    def _transcripts(self) -> list[str]:
        """What was answered, one piece after the other; gives the digests that are not there."""
        index: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        left = set()
        for event in self.events:
            if event.kind is not EventKind.EVIDENCE or event.data.get("media_type") == MEDIA_TYPE:
                continue
            digest, mine = str(event.data["digest"]), index[event.target]
            if digest in mine:
                continue
            name = f"transcripts/{event.target or '-'}/{len(mine) + 1:04}-{digest}.txt"
            mine[digest] = {"at": event.at, "file": name, **event.data}
            try:
                self.bundle.add(name, self.services.journal.blob(digest))
            except NotFound:
                mine[digest]["file"] = ""
                left.add(digest)
        listed = {name: list(of.values()) for name, of in sorted(index.items())}
        self._json("transcripts/index.json", listed)
        return sorted(left)


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
