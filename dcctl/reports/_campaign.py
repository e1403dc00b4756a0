"""What became of an upgrade campaign, element by element; nothing for other runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dcctl.model.plan import StepKind
from dcctl.model.status import GateStatus, StepStatus
from dcctl.model.upgrade import Phase
from dcctl.reports._rows import clean, seconds_between
from dcctl.reports._words import FINE, NOT_STARTED, UNSURE, WRONG
from dcctl.text import N_, Text, translate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dcctl.model.outcome import Outcome
    from dcctl.model.plan import Step
    from dcctl.model.record import RunRecord

_PHASES = {
    Phase.PRECHECK: N_("precheck"),
    Phase.SNAPSHOT_A: N_("snapshot A"),
    Phase.VERIFY: N_("image verified"),
    Phase.PREPARE: N_("prepared"),
    Phase.DRAIN: N_("drained"),
    Phase.MOVED: N_("traffic moved"),
    Phase.ACTIVATE: N_("activated"),
    Phase.WAIT: N_("waited for"),
    Phase.RECONCILE: N_("reconciled"),
    Phase.SNAPSHOT_B: N_("snapshot B"),
    Phase.GATE: N_("gates"),
    Phase.COMMIT: N_("committed"),
    Phase.REVERT: N_("taken back"),
    Phase.UNDRAIN: N_("undrained"),
    Phase.SOAK: N_("soaked"),
    Phase.DONE: N_("done"),
}
_STOPPED = {GateStatus.FAIL.value: N_("gate failed"), GateStatus.UNKNOWN.value: N_("gate unknown")}
_WAIVED = N_("waived by {by}: {why} ({waiver})")


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRow:
    """A gate that did not simply pass."""

    gate: str
    subject: str
    word: str
    message: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """One element."""

    name: str
    wave: int
    before: str
    release: str
    grade: str
    word: str
    why: str
    seconds: float | None
    phases: tuple[tuple[str, float], ...]
    gates: tuple[GateRow, ...]
    files: tuple[tuple[str, str], ...]
    drained: bool  # traffic still goes round it


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """All elements in the order of their waves, and what it comes to."""

    summary: str
    stopped: str  # what ended it before its time; empty: nothing
    elements: tuple[Upgraded, ...]

    def waves(self) -> tuple[tuple[int, tuple[Upgraded, ...]], ...]:
        """The elements by wave."""
        numbers = dict.fromkeys(one.wave for one in self.elements)
        return tuple((n, tuple(one for one in self.elements if one.wave == n)) for n in numbers)


def campaign(record: RunRecord, language: str) -> Campaign | None:
    """What became of it; None where the run upgraded nothing."""
    wave_of = _wave_of(record)
    steps = [pair for pair in record.steps() if pair[0].kind is StepKind.UPGRADE]
    if not steps:
        return None
    found = sorted(
        (_element(step, outcome, wave_of.get(step.id, 0), language) for step, outcome in steps),
        key=lambda one: one.wave,
    )
    ends = [_end(outcome) for _, outcome in steps]
    words = N_(
        "{upgraded} of {all} upgraded, {taken_back} taken back, {doubt} not as they should be, "
        "{untouched} not touched"
    )
    summary = Text(
        words,
        {
            "all": len(ends),
            "upgraded": ends.count(_UPGRADED) + ends.count(_IDLE),
            "taken_back": ends.count(_TAKEN_BACK),
            "doubt": ends.count(_DOUBT) + ends.count(_GONE),
            "untouched": ends.count(_UNTOUCHED) + ends.count(_AS_IT_WAS),
        },
    )
    return Campaign(
        summary=summary.in_language(language),
        stopped=_stopped(steps, wave_of, language),
        elements=tuple(found),
    )


_UPGRADED, _IDLE = N_("upgraded"), N_("runs it already")
_TAKEN_BACK, _AS_IT_WAS = N_("taken back"), N_("not upgraded, as it was")
_GONE, _DOUBT, _UNTOUCHED = N_("never came back"), N_("in doubt"), N_("not touched")
_GRADES = {_UPGRADED: FINE, _IDLE: FINE, _TAKEN_BACK: WRONG, _AS_IT_WAS: WRONG}
_NEVER_BACK = "it never came back: "  # as the machine says it, with its console or without


def _end(outcome: Outcome) -> str:
    """How it ended for the element, by what its machine wrote down."""
    reverted = any(one.get("phase") == Phase.REVERT for one in outcome.data.get("took", ()))
    if outcome.status is StepStatus.CHANGED:
        return _UPGRADED
    if outcome.status in {StepStatus.OK, StepStatus.SKIPPED}:
        return _IDLE
    if outcome.status is StepStatus.NOT_STARTED:
        return _UNTOUCHED
    if outcome.status is StepStatus.FAILED:
        return _TAKEN_BACK if reverted else _AS_IT_WAS
    return _GONE if outcome.message.msgid.startswith(_NEVER_BACK) else _DOUBT


def _stopped(
    steps: Sequence[tuple[Step, Outcome]], wave_of: Mapping[str, int], language: str
) -> str:
    """Why elements were left untouched, and whom that began with."""
    left = [outcome for _, outcome in steps if outcome.status is StepStatus.NOT_STARTED]
    if not left:
        return ""
    reasons = dict.fromkeys(outcome.reason for outcome in left if outcome.reason)
    why = "; ".join(translate(NOT_STARTED.get(r, r), language) for r in reasons)  # type: ignore[call-overload] # a stored reason equals its member
    grave = [(s, o) for s, o in steps if _end(o) in {_GONE, _DOUBT}]
    failed = grave or [(s, o) for s, o in steps if o.status is StepStatus.FAILED]
    if not failed:
        return Text(N_("not begun: {count} ({why})"), {"count": len(left), "why": why}).in_language(
            language
        )
    step, outcome = min(failed, key=lambda pair: pair[1].finished_at)
    return Text(
        N_("stopped in wave {wave} by {name} ({end}); not begun: {count} ({why})"),
        {
            "wave": wave_of.get(step.id, 0),
            "name": step.target,
            "end": translate(_end(outcome), language),
            "count": len(left),
            "why": why or "-",
        },
    ).in_language(language)


def _wave_of(record: RunRecord) -> dict[str, int]:
    return {
        step: wave.index + 1
        for wave in record.plan.waves
        for step in (wave.steps or [s.id for s in record.plan.steps if s.target in wave.targets])
    }


def _element(step: Step, outcome: Outcome, wave: int, language: str) -> Upgraded:
    order, data, end = step.settings.get("order", {}), outcome.data, _end(outcome)
    reason = translate(NOT_STARTED.get(outcome.reason, ""), language)  # type: ignore[call-overload] # as above
    message = outcome.message.in_language(language) if end != _UPGRADED else ""
    return Upgraded(
        name=step.target,
        wave=wave,
        before=clean(order.get("running", "")),
        release=clean(order.get("image", {}).get("version", "")),
        grade=_GRADES.get(end, UNSURE),
        word=translate(end, language),
        why=clean(": ".join(part for part in (reason, message) if part)),
        seconds=seconds_between(outcome.started_at, outcome.finished_at),
        phases=tuple(_phases(data.get("took", ()), language)),
        gates=tuple(_gates(data, language)),
        files=tuple(sorted((clean(k), clean(v)) for k, v in data.get("files", {}).items())),
        drained=bool(data.get("drained")),
    )


def _phases(took: Iterable[Mapping[str, Any]], language: str) -> Iterable[tuple[str, float]]:
    for one in took:
        word = translate(_PHASES.get(one["phase"], one["phase"]), language)
        stage = f" {str(one['stage']).replace('_', ' ')}" if one.get("stage") else ""
        yield clean(f"{word}{stage}"), float(one["seconds"])


def _gates(data: Mapping[str, Any], language: str) -> Iterable[GateRow]:
    """What stopped it, then what a waiver let through; each once."""
    told = [*data.get("stopped_by", ()), *data.get("gates", ())]
    seen = set()
    for one in told:
        key = (one["gate"], one["subject"])
        if key in seen or (one["status"] not in _STOPPED and not one.get("waiver")):
            continue
        seen.add(key)
        yield GateRow(
            gate=clean(one["gate"]),
            subject=clean(one["subject"]),
            word=_gate_word(one, language),
            message=clean(Text(**one["message"]).in_language(language)),
            before=_value(one.get("before")),
            after=_value(one.get("after")),
        )


def _gate_word(one: Mapping[str, Any], language: str) -> str:
    if one["status"] in _STOPPED:
        return translate(_STOPPED[one["status"]], language)
    told = {"by": one["waived_by"], "why": one["waived_for"], "waiver": one["waiver"]}
    return clean(Text(_WAIVED, told).in_language(language))


def _value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        return clean(", ".join(f"{key} {_value(item)}" for key, item in value.items()))
    if isinstance(value, list):
        return clean(", ".join(_value(item) for item in value))
    return clean(value)
