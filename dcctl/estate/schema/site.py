"""dcctl.yml: the site's root marker."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from dcctl.estate.schema.base import Free, Model, Name
from dcctl.text import N_

SOURCES = ("env", "file", "vault", "prompt")


def _reference(value: str) -> str:
    # Not resolved here: `vault:` is known only where Ansible Vault can be opened.
    source, separator, name = value.partition(":")
    if not separator or not name or source not in SOURCES:
        message = N_("{key} must be a reference to a secret")
        raise ValueError(message)
    return value


def _failures(value: Any, inner: ValidatorFunctionWrapHandler) -> Any:
    """One complaint of a value that is neither, not one of each."""
    try:
        return inner(value)
    except ValidationError:
        message = N_('{key} is {value}; a number is wanted, or a percentage as in "5%"')
        raise ValueError(message) from None


Reference = Annotated[str, AfterValidator(_reference)]
Seconds = Annotated[float, Field(gt=0, le=604_800)]
Failures = Annotated[
    Annotated[int, Field(ge=0)] | Annotated[str, Field(pattern=r"^\d{1,3}%$")],
    WrapValidator(_failures),
]
Count = Annotated[int, Field(ge=1, le=10_000)]


class Become(Model):
    """How to become root."""

    method: Literal["sudo", "su", "doas", "enable"] = "sudo"
    user: Name | None = None
    password: Reference | None = None


class Credential(Model):
    """How to prove who we are; secrets by reference only."""

    username: Name | None = None
    password: Reference | None = None
    key: Name | None = Field(default=None, description="path of a private key")
    key_passphrase: Reference | None = None
    agent: bool | None = None
    become: Become | None = None
    enable: Reference | None = None
    shell: Name | None = Field(
        default=None, description="credential of the host beneath a device's own command line"
    )


class JournalEntry(Model):
    """The one journal of the estate."""

    url: Name = "sqlite:///.dcctl/journal.db"
    id: Name | None = None


class TimeoutsEntry(Model):
    """Seconds."""

    connect: Seconds = 15.0
    command: Seconds = 60.0
    step: Seconds = 1800.0
    shard: Seconds = 14400.0


class Bastion(Model):
    """How a jump host is used."""

    sessions: Count = Field(default=10, description="sessions over one connection to it")


class UpgradePolicyEntry(Model):
    """How carefully an upgrade goes about it; times in seconds."""

    net_s: Annotated[int, Field(ge=300, le=36_000)] = 1800
    drain_s: Annotated[int, Field(ge=0, le=7200)] = 3600
    residue_bps: Annotated[int, Field(ge=0)] = 1_000_000
    settle_s: Annotated[int, Field(ge=0, le=7200)] = 600
    soak_s: Annotated[int, Field(ge=0, le=86_400)] = 300
    canary_soak_s: Annotated[int, Field(ge=0, le=86_400)] = 900
    canary: Annotated[int, Field(ge=0, le=1000)] = 1
    wave_size: Count = 20


class PolicyEntry(Model):
    """How carefully a run goes about it."""

    max_failures: Failures = 0
    canary: Annotated[int, Field(ge=0, le=1000)] = 1
    wave_size: Count = 50
    safety_net_s: Annotated[int, Field(ge=30, le=3600)] = 120
    watch_s: Annotated[int, Field(ge=0, le=3600)] = 30
    approvals: dict[Literal["build", "restore", "upgrade"], Annotated[int, Field(ge=0, le=9)]] = (
        Field(default={}, description="verb -> people who approve beside who asks; upgrade: 1")
    )
    auditors: Annotated[
        list[Name],
        Field(description="login names of those who read and judge, and may change nothing"),
    ] = []
    attestors: Annotated[
        dict[Name, list[Name]],
        Field(description="role of the audit's catalogue -> login names of who may attest for it"),
    ] = {}
    upgrade: UpgradePolicyEntry = UpgradePolicyEntry()
    checkpoint_key: Name | None = Field(
        default=None, description="the operator's key, to sign the evidence log after each run"
    )
    checkpoint_after: Annotated[
        list[Name], Field(description="only after runs of these verbs (build, audit, upgrade ...)")
    ] = []


class BackupEntry(Model):
    """How configurations are kept."""

    key: Annotated[str, Field(pattern=r"^(env|file|vault|prompt):.+")] = "file:.dcctl/backup.key"


class SiteFile(Model):
    """The whole file."""

    estate: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    journal: JournalEntry = JournalEntry()
    credentials: dict[Name, Credential] = {}
    concurrency: Count = 20
    site_caps: dict[Name, Count] = {}
    bastions: dict[Name, Bastion] = Field(default={}, description="jump hosts, by host name")
    timeouts: TimeoutsEntry = TimeoutsEntry()
    policy: PolicyEntry = PolicyEntry()
    backup: BackupEntry = BackupEntry()
    checks: dict[Name, Free] = Field(default={}, description="check id -> its parameters")
    gates: dict[Name, Free] = Field(default={}, description="topic -> parameters of its gate")
    overrides: list[Annotated[str, Field(pattern=r"^(roles|templates)/.+")]] = []
    ansible: Free = {}
    language: Literal["", "en", "vi"] = ""
    lab: Free = {}
