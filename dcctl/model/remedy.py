"""What would mend the findings of an audit, and what each result would then be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from dcctl.model.status import FindingStatus, worst_finding
from dcctl.text import Text


class Means(StrEnum):
    """What mends a finding."""

    ROLE = "role"  # a role that the estate gives the target: it is in the plan
    CONFIGURATION = "configuration"  # the intended configuration: it is in the plan
    DESIGN = "design"  # a role that the estate does not give it: somebody decides that first
    HAND = "hand"  # nothing that dcctl does


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """One check of one requirement that does not pass on one target, and what mends it."""

    requirement: str
    target: str
    check: str
    status: FindingStatus  # as found
    means: Means
    role: str = ""  # of `role` and `design`
    advice: Text = field(default_factory=lambda: Text(""))  # of `hand`: what a person does
    foretold: FindingStatus | None = None  # after the plan; None: nobody can say beforehand


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """One requirement on one target whose result the plan changes."""

    requirement: str
    target: str
    before: FindingStatus
    after: FindingStatus

    @property
    def worse(self) -> bool:
        """Whether it is answered worse than before; what passes now never is."""
        if self.after is FindingStatus.PASS:
            return False
        return worst_finding((self.before, self.after)) is self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Remediation:
    """The remedies of one assessment, and the plan of those that dcctl can carry out."""

    run: str  # whose evidence was judged
    as_of: str  # ISO date
    remedies: Sequence[Remedy]
    foretold: Sequence[Foretold]
    unforetold: Sequence[str]  # elements without a backup or a twin: what would be, nobody can say
    plan: str = ""  # its hash; empty: there is nothing that dcctl could do
