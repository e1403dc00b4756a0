"""What takes an approval of its own, and what people's signatures say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

ALLOWED_SIGNERS = "inventory/allowed_signers"
EVIDENCE_POLICY = "inventory/evidence.policy"
APPROVED = "approved"  # the key of a run's request, and of its shards' options


class Approval(StrEnum):
    """What was approved. Stored in runs' requests."""

    DESTRUCTIVE = "destructive"  # lines that take something away
    RELOAD = "reload"  # a planned reload as the last safety net
    NO_SAFETY_NET = "no_safety_net"


class Purpose(StrEnum):
    """What a signature is for: OpenSSH's namespace, so that none can serve another end. Signed."""

    PLAN = "dcctl-plan@v1"
    SIGNERS = "dcctl-signers@v1"
    WAIVER_REQUEST = "dcctl-waiver-request@v1"
    WAIVER = "dcctl-waiver@v1"
    ATTESTATION = "dcctl-attestation@v1"


class Role(StrEnum):
    """What a signature over a plan says yes to. Stored, and signed."""

    APPROVER = "approver"  # the plan: the second person beside who asks for it
    SITE_CUT = "site_cut"  # that a site loses its last path, as the plan lists it
    NO_SAFETY_NET = "no_safety_net"  # elements that nothing takes back


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedApproval:
    """One signature over a plan. As the journal keeps it, it may be anything: it is verified."""

    plan: str  # the whole hash
    approver: str  # a principal of allowed_signers
    role: str  # a `Role`
    at: str  # when the journal took it in
    statement: str  # the exact text that was signed
    signature: str  # armoured SSHSIG
    key: str = ""  # SHA256:… of the key, once verified


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedSigners:
    """The allowed_signers in force."""

    digest: str  # SHA-256 of the content, in hexadecimal
    content: str
    at: str
    approver: str = ""  # who signed for it; empty for the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """One line of allowed_signers (ssh-keygen(1), ALLOWED SIGNERS)."""

    line: int
    principals: tuple[str, ...]
    key: str  # SHA256:…, as ssh-keygen shows it
    key_type: str
    namespaces: tuple[str, ...] = ()  # patterns; empty: any
    valid_after: datetime | None = None
    valid_before: datetime | None = None
