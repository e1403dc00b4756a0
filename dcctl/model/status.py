"""How a step and a check can end. Stored values: written out, never renumbered or renamed."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class StepStatus(StrEnum):
    """How a planned step ended. Every planned step ends as exactly one of these."""

    OK = "ok"  # ran (or was verified) and changed nothing
    CHANGED = "changed"
    SKIPPED = "skipped"  # with a reason that proves it was not needed
    FAILED = "failed"  # the target did the wrong thing
    UNREACHABLE = "unreachable"
    ERROR = "error"  # we could not tell
    NOT_STARTED = "not_started"  # with a reason


class FindingStatus(StrEnum):
    """How a check on a target ended."""

    PASS = "pass"  # noqa: S105 - no password
    PARTIAL = "partial"
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"  # with a reason
    NOT_EVALUATED = "not_evaluated"  # with a reason, see `NotEvaluated`
    WAIVED = "waived"  # with the waiver's id as its reason


class NotEvaluated(StrEnum):
    """Why a finding could not be made; never a pass."""

    UNREACHABLE = "unreachable"
    ERROR = "error"
    UNPARSED = "unparsed"
    NO_COLLECTOR = "no_collector"
    UNMANAGED = "unmanaged"  # no driver reaches this gear
    NOT_STARTED = "not_started"
    ATTESTATION = "attestation"


class NotStarted(StrEnum):
    """Why a planned step was never started."""

    DEPENDENCY = "dependency"  # an earlier step of the same target did not succeed
    MAX_FAILURES = "max_failures"
    INTERRUPTED = "interrupted"
    CANARY = "canary"  # no canary of its executor proved the change
    STALE = "stale"  # the target moved since it was observed
    UNOBSERVED = "unobserved"  # when the plan was made it could not be observed
    LOCKED = "locked"
    TOGETHER = "together"  # another member of its all-or-nothing group could not go
    REDUNDANCY = "redundancy"
    UNREACHABLE = "unreachable"  # an earlier step found that it can't be reached
    UNMANAGED = "unmanaged"
    WINDOW = "window"  # it can't finish inside its maintenance window, or there is none now
    PAUSED = "paused"  # somebody asked the campaign to pause
    UNSURE = "unsure"  # nobody knows the state of an element that was upgraded before it
    REFUSED = "refused"  # policy: not read-only, no safety net, or a destructive line not approved


class GateStatus(StrEnum):
    """What the comparison of before and after says; `unknown` stops like `fail`."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    UNKNOWN = "unknown"
    WAIVED = "waived"  # by name, with a reason


class ReadingStatus(StrEnum):
    """How the reading of one topic of one target ended."""

    PARSED = "parsed"
    EMPTY = "empty"  # a proper answer that holds nothing
    NO_TEMPLATE = "no_template"  # the platform has no collector or parser for this
    ERROR = "error"  # an answer that no parser understood, or a command that failed
    UNREACHABLE = "unreachable"


class Severity(StrEnum):
    """How much a failing check matters."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class RunStatus(StrEnum):
    """The state of a whole run."""

    RUNNING = "running"
    FINISHED = "finished"  # every step has an outcome; says nothing about success
    INTERRUPTED = "interrupted"  # can be resumed
    CANCELLED = "cancelled"
    AWAY = "away"  # a kit was carried to a site without a link, and its result is not back


_FINDING_ORDER = (
    FindingStatus.NOT_APPLICABLE,
    FindingStatus.PASS,
    FindingStatus.WAIVED,
    FindingStatus.NOT_EVALUATED,
    FindingStatus.PARTIAL,
    FindingStatus.FAIL,
)


def worst_finding(statuses: Iterable[FindingStatus]) -> FindingStatus:
    """The worst of some finding statuses; `not_applicable` of none."""
    return max(statuses, key=_FINDING_ORDER.index, default=FindingStatus.NOT_APPLICABLE)
