"""What is to be done.

Steps, waves, the plan that is approved, the shard that is sent to a worker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from dcctl.model import plain
from dcctl.model.target import Target


class StepKind(StrEnum):
    """What a step does; an executor is chosen by name, not by this."""

    COLLECT = "collect"  # read facts; settings: topics, checks
    # Predict and fingerprint other steps, changing nothing; settings: of (those steps, as plain
    # data). The outcome's data: predicted {step id: [line, ...] | None}, fingerprint.
    OBSERVE = "observe"
    ROLE = "role"  # apply one Ansible role; settings: role, verify (check ids), variables_digest
    # Push a configuration; settings: text (rendered), or sealed (a backup, encrypted); witnesses
    # (who is asked before it is confirmed), together (its all-or-nothing group).
    CONFIG = "config"
    COMMAND = "command"  # one read-only command; settings: command
    BACKUP = "backup"  # keep the whole configuration, sealed
    # Put an image's files on the device; settings: image, mirror.
    STAGE = "stage"
    # Replace the software; settings: see `planning.upgrades`.
    UPGRADE = "upgrade"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do to one target.

    Its id is made of what it is (`TARGET/KIND:NAME`), so it is the same in every run.
    """

    id: str
    target: str
    kind: StepKind
    name: str
    executor: str  # ansible_roles | device_session | server_shell | replay
    changes: bool  # may it change the target?
    settings: Mapping[str, Any] = field(default_factory=dict)  # plain JSON data
    requires: tuple[str, ...] = ()  # ids of steps of the same target that must have succeeded
    predicted: tuple[str, ...] | None = None  # what would change, a line each; None = unknown
    # Of a configuration, how it would be changed: sections ([title, diff lines]), sent,
    # destructive, not_understood. Empty where that is not known.
    remediation: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """Targets that may be touched at the same time; never two members of one redundancy group.

    `steps` are the ids of the steps done in this wave; a target's steps may lie in several waves
    (change in one, final reading in the last).
    """

    index: int
    targets: tuple[str, ...]
    steps: tuple[str, ...] = ()  # empty: every step of the targets
    title: str = ""  # canary | change | verify | read


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What was (or is to be) approved. `hash` covers every field but `created_at` and itself."""

    verb: str  # build | check | exec | ...
    estate: str
    lab: bool
    targets: Mapping[str, Target]
    steps: tuple[Step, ...]
    waves: tuple[Wave, ...]
    preconditions: Mapping[str, str] = field(
        default_factory=dict
    )  # target -> fingerprint of what it will change
    # target -> why it, or what a step would change, could not be observed
    problems: Mapping[str, str] = field(default_factory=dict)
    # check id -> its parameters
    checks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    options: Mapping[str, Any] = field(
        default_factory=dict
    )  # max_failures, concurrency, timeouts, site caps
    versions: Mapping[str, str] = field(default_factory=dict)  # dcctl, ansible-core, collections
    digests: Mapping[str, str] = field(default_factory=dict)  # role trees, images, ...
    # Of an upgrade: which elements each wave takes down, and the paths that every site keeps.
    certificate: Mapping[str, Any] = field(default_factory=dict)
    created_at: str = ""
    hash: str = ""

    def content_hash(self) -> str:
        """SHA-256 over everything that was approved."""
        return digest_of(plain.shallow(self))


def digest_of(plan: Mapping[str, Any]) -> str:
    """The hash of a plan by its fields, plain or not yet."""
    return plain.digest({k: v for k, v in plan.items() if k not in ("created_at", "hash")})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """The one unit of distribution: targets, their steps and settings, as plain data.

    `folder` is where the worker writes its log (`events.jsonl`) and blobs; absolute.
    """

    run: str
    id: str
    wave: int
    targets: tuple[Target, ...]
    steps: tuple[Step, ...]
    folder: str
    site_root: str
    lab: bool = False
    preconditions: Mapping[str, str] = field(default_factory=dict)
    checks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    resume: Mapping[str, int] = field(
        default_factory=dict
    )  # step id -> attempts already begun, outcome unknown
    # upgrade step -> what an earlier process told of its phases, in order
    journalled: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    done: tuple[str, ...] = ()  # step ids that already have a good outcome
    settled: tuple[Step, ...] = ()  # changing steps of its targets that this run is through with
    begun: tuple[str, ...] = ()  # targets that this run has begun to change
