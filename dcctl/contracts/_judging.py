"""Pure judgements: checks over facts, and gates over facts before and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dcctl.model.status import FindingStatus, GateStatus, Severity
from dcctl.model.target import Target
from dcctl.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a check says of the facts; `not_applicable` needs a reason."""

    status: FindingStatus
    message: Text
    observed: Any = None  # plain data
    expected: Any = None  # plain data
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A pure judgement over facts. Text fields are marked with `N_`.

    `judge(target, facts, parameters)` is called only when every topic in `topics` was read:
    `facts` maps topic to
    its fact, or to None for a proper answer that holds nothing. `applies` says why it doesn't
    apply, or nothing.
    """

    id: str  # TOPIC.NAME
    title: str
    pack: str  # health | baseline | ...
    severity: Severity
    topics: tuple[str, ...]
    judge: Callable[[Target, Mapping[str, Any], Mapping[str, Any]], Judgement]
    rationale: str
    remediation: str
    applies: Callable[[Target], str] = lambda _target: ""
    parameters: Mapping[str, Any] = field(
        default_factory=dict
    )  # thresholds and their defaults; a site may tailor them
    follows: tuple[str, ...] = ()  # ids of checks whose failure may make this one fail too


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a gate says of one subject (a neighbour, a port, a table)."""

    subject: str
    status: GateStatus
    message: Text
    before: Any = None  # plain data
    after: Any = None
    settle_s: int | None = None  # None: the gate's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms a gate compares: tolerances, and what lies between the two snapshots."""

    parameters: Mapping[str, Any]
    elapsed_s: float | None = None  # from the first to the second; None: not known
    uptime_s: float | None = None  # of the element at the second; None: it doesn't say
    # Whether it (or what counts for it) was restarted in between; None: not known.
    restarted: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A pure comparison of one topic before and after a change of software.

    `compare(before, after, terms)` gets facts, or None for a proper answer that holds nothing.
    It is never asked when either could not be read: that is `unknown` already.
    """

    topic: str
    title: str  # marked with N_
    compare: Callable[[Any | None, Any | None, Terms], tuple[Verdict, ...]]
    parameters: Mapping[str, Any] = field(
        default_factory=dict
    )  # tolerances; a site may tailor them
    # How long after the element answers again what fails may still come right, in seconds:
    # adjacencies and clocks take their time.
    settle_s: int = 0
