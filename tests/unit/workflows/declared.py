"""Waivers and attestations with real signatures, as files of a site or in memory."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from dcctl import clock
from dcctl.estate.schema.declarations import Attestation, AuditWaiver
from dcctl.model.approval import Purpose
from dcctl.model.declaration import Declarations
from dcctl.model.status import FindingStatus
from dcctl.workflows import statements
from dcctl.workflows.audit import declarations as files
from tests.unit.workflows.keys import make_key, public, signed

SIGNED_AT = datetime(2026, 11, 1, 3, tzinfo=UTC)
WAIVER = {
    "control": "DC-NET-002",
    "hosts": "p01-pe1",
    "reason": "the provisioning portal still needs it until its new release",
    "compensating": [{"check": "DC-NET-006"}],
    "requested_by": "an@dc.vn",
    "approved_by": "binh@dc.vn",
    "effective_from": "2026-11-01",
    "until": "2027-10-31",
}
ATTESTATION = {
    "row": "DC-GOV-005",
    "role": "owner",
    "says": "pass",
    "statement": "the regulation of 1 March is older than the decision of 2 April",
    "by": "chi@dc.vn",
    "effective_from": "2026-11-01",
    "until": "2027-10-31",
}
UNMET = FindingStatus.PARTIAL  # what WAIVER waives of a router with its web server on
REQUEST = ("an", "requester", Purpose.WAIVER_REQUEST)
APPROVAL = ("binh", "approver", Purpose.WAIVER)


@dataclass
class Desk:
    """People with keys; what they declare and sign."""

    keys: dict[str, Path]
    estate: str = "hoa-lac"
    auditors: tuple[str, ...] = ()
    attestors: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"owner": ("chi",)})
    signers: str = ""

    def __post_init__(self) -> None:
        self.signers = self.signers or "".join(
            f"{name}@dc.vn {public(key)}\n" for name, key in self.keys.items()
        )

    def sign(
        self,
        name: str,
        said: dict[str, Any],
        seats: tuple[tuple[str, str, Purpose], ...],
        *,
        at: datetime = SIGNED_AT,
        key: str = "",
        model: Any = AuditWaiver,
        estate: str = "",
    ) -> list[dict[str, str]]:
        """The signatures of these people over what is said."""
        digest = files.digest_of(name, model.model_validate(said))
        found = []
        with clock.use(clock.ManualClock(at)):
            for who, role, purpose in seats:
                text = statements.of_declaration(
                    purpose,
                    name=name,
                    digest=digest,
                    signer=f"{who}@dc.vn",
                    role=role,
                    estate=estate or self.estate,
                )
                made = signed(text, self.keys[key or who], purpose)
                found.append({"statement": text, "signature": made})
        return found

    def waiver(self, name: str = "w1", *, seats=(REQUEST, APPROVAL), then=None, **said: Any):
        """A waiver's file; `then` alters it after it was signed."""
        signing = {k: said.pop(k) for k in ("at", "key", "estate") if k in said}
        content = {**WAIVER, **said}
        signatures = self.sign(name, content, seats, **signing)
        text = yaml.safe_dump({**content, **(then or {}), "signatures": signatures})
        return files.declared(f"{files.WAIVERS}/{name}.yml", text)

    def attestation(self, name: str = "a1", *, who: str = "chi", then=None, **said: Any):
        """An attestation's file."""
        signed_at_all = said.pop("signed", True)
        signing = {k: said.pop(k) for k in ("at", "key", "estate") if k in said}
        content = {**ATTESTATION, "by": f"{who}@dc.vn", **said}
        seats = ((who, str(content["role"]), Purpose.ATTESTATION),) if signed_at_all else ()
        signatures = self.sign(name, content, seats, model=Attestation, **signing)
        text = yaml.safe_dump({**content, **(then or {}), "signatures": signatures})
        return files.declared(f"{files.ATTESTATIONS}/{name}.yml", text)

    def declares(self, *waivers, attestations=(), **more: Any) -> Declarations:
        """All of it together."""
        found = Declarations(
            estate=self.estate,
            signers=self.signers,
            auditors=self.auditors,
            attestors=self.attestors,
            waivers=tuple(waivers),
            attestations=tuple(attestations),
        )
        return replace(found, **more)


def people(folder: Path) -> dict[str, Path]:
    """Four of them, each with a key."""
    return {name: make_key(folder, name) for name in ("an", "binh", "chi", "eve")}
