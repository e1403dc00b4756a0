"""What came of it: readings, outcomes of steps, findings of checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dcctl.model.status import FindingStatus, GateStatus, ReadingStatus, Severity, StepStatus
from dcctl.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a target said to one command: enough to make the fact again from the journal alone."""

    command: str
    digest: str  # SHA-256 of the (redacted) raw answer in the journal
    failed: bool = False  # one of the platform's failure patterns answered, or a probe raised


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One topic read from one target.

    `value` is the topic's fact (a frozen dataclass of `facts/`) when parsed.

    `evidence` are SHA-256 digests of the (redacted) raw answers in the journal; `answers` say to
    which command each was given (none: the session itself told the fact).
    """

    topic: str
    status: ReadingStatus
    value: Any = None
    message: str = ""
    evidence: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one step ended on its target. Times are ISO 8601 UTC."""

    step: str
    target: str
    status: StepStatus
    reason: str = ""  # of NotStarted, or why it was skipped
    message: Text = field(default_factory=lambda: Text(""))
    changed: tuple[str, ...] = ()  # what did change, a line each
    attempts: int = 1
    started_at: str = ""
    finished_at: str = ""
    evidence: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(
        default_factory=dict
    )  # plain; e.g. {"output": ...}, {"diff": ...}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How one check ended on one target.

    `title` and `remediation` are the check's own (message ids), kept with the finding so that a
    report needs nothing but the journal, also after the check was reworded.
    """

    check: str
    target: str
    status: FindingStatus
    severity: Severity = Severity.MEDIUM
    reason: str = ""  # of NotEvaluated, or why it does not apply
    message: Text = field(default_factory=lambda: Text(""))
    observed: Any = None  # plain
    expected: Any = None  # plain
    title: str = ""
    remediation: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFinding:
    """What a gate says of one subject (a neighbour, a lane, a table) of one target.

    `subject` is empty where the whole topic is meant. `settle_s` are the seconds, from when the
    target answers again, within which what is not passed may still come right; 0: it won't.
    """

    gate: str  # topic
    target: str
    subject: str
    status: GateStatus
    message: Text
    before: Any = None  # plain
    after: Any = None  # plain
    settle_s: int = 0
    waiver: str = ""  # name of the waiver that covers it
    waived_by: str = ""  # who answers for it
    waived_for: str = ""  # the reason

    @property
    def stops(self) -> bool:
        """Whether the upgrade may not go on as it is."""
        return self.status in (GateStatus.FAIL, GateStatus.UNKNOWN)
