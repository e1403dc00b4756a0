"""What a worker writes down: a shard's log is a file of these, one JSON object a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

# Set in the environment, it makes sessions keep a log of themselves beside the shard's events.
SESSION_LOG = "DCCTL_SESSION_LOG"


class EventKind(StrEnum):
    """What happened."""

    SHARD_STARTED = "shard_started"
    STEP_STARTED = "step_started"  # durable before the first byte that could change anything
    STEP_PROGRESS = "step_progress"
    STEP_FINISHED = "step_finished"  # data: outcome
    READING = "reading"  # data: topic, status, value (plain), fact (class name), message, evidence
    FINDING = "finding"  # data: finding
    EVIDENCE = "evidence"  # data: digest, media_type, size; the blob lies in the shard's folder
    SESSION = "session"  # one was opened; data: address, through, console, transport (the fact)
    PRECONDITION = "precondition"  # data: expected, observed
    SHARD_FINISHED = "shard_finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a shard's log. (run, shard, sequence) is its identity; `at` is ISO 8601 UTC."""

    run: str
    shard: str
    sequence: int
    at: str
    kind: EventKind
    target: str = ""
    step: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


class Emit(Protocol):
    """Writes an event down; with `durable=True` it returns only after fsync."""

    def __call__(
        self,
        kind: EventKind,
        *,
        target: str = "",
        step: str = "",
        durable: bool = False,
        **data: Any,
    ) -> None: ...


class Keep(Protocol):
    """Stores redacted evidence and gives its SHA-256 digest; `original`: before its redaction."""

    def __call__(
        self,
        content: str | bytes,
        *,
        target: str,
        media_type: str = "text/plain",
        original: str = "",
    ) -> str: ...
