"""What people declare to an audit: waivers of what it asks, attestations of what no device tells.

Kept with an assessment as text, so that anybody can judge them again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dcctl.model.status import FindingStatus
from dcctl.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One file of inventory/waivers/ or inventory/attestations/, as it was read."""

    file: str
    digest: str  # SHA-256 of the text
    text: str
    problem: Text | None = None  # what the estate's inventory said against it
    # The pattern of a compensation -> the hosts that it stood for in the inventory, read or not.
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declarations:
    """All that an evaluation took from people, and by what it was held to be theirs."""

    estate: str = ""
    signers: str = ""  # the allowed_signers in force, whole
    unsigned: Text | None = None  # why no signature can count, where none can
    auditors: tuple[str, ...] = ()
    attestors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    waivers: tuple[Declared, ...] = ()
    attestations: tuple[Declared, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheld:
    """What was to make up for a waived requirement, and did not pass."""

    check: str  # or a row
    status: FindingStatus
    where: str  # a host pattern; empty: on the waived target itself
    targets: tuple[str, ...]  # on which the waiver does not hold for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One waiver as it stood on the day of an evaluation."""

    name: str
    digest: str  # of its file
    problem: Text | None = None  # why it counts for nothing
    control: str = ""
    hosts: str = ""
    sites: tuple[str, ...] = ()
    reason: str = ""
    compensating: tuple[str, ...] = ()
    requested_by: str = ""
    approved_by: str = ""
    effective_from: str = ""
    until: str = ""  # its last day
    covers: int = 0  # results
    unheld: tuple[Unheld, ...] = ()  # where it would have covered something, and did not hold

    @property
    def idle(self) -> bool:
        """Whether it is in order, and nothing in its scope failed."""
        return self.problem is None and not self.unheld and not self.covers


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """One attestation as it stood on the day of an evaluation."""

    name: str
    digest: str  # of its file
    problem: Text | None = None
    row: str = ""
    role: str = ""
    says: FindingStatus | None = None
    statement: str = ""
    by: str = ""
    effective_from: str = ""
    until: str = ""  # its last day
