"""inventory/evidence.policy: whose signatures make the evidence log's checkpoints count.

In the form of c2sp.org/tlog-policy: the operator's keys are `log` lines, auditors and provinces are
witnesses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.errors import InvalidInput, Place
from dcctl.estate.complaints import Complaints
from dcctl.estate.reading import Unusable, read_text
from dcctl.model.approval import EVIDENCE_POLICY
from dcctl.model.trust_policy import BadPolicy, TrustPolicy, parse_policy
from dcctl.text import N_

if TYPE_CHECKING:
    from pathlib import Path

FILE = EVIDENCE_POLICY


def read_policy(path: Path, shown: str = FILE) -> str:
    """The file's text.

    Raises:
        InvalidInput: missing, or no readable text.
    """
    if not path.exists():
        raise InvalidInput(
            N_("there is no {file}, so nobody's signature counts"),
            hint=N_("make keys with `dcctl journal key`, and list them there (docs/evidence.md)"),
            file=shown,
        )
    complaints = Complaints()
    try:
        return read_text(path, shown, complaints)
    except Unusable:
        complaints.stop_if_fatal()
        raise


def parsed(text: str, shown: str = FILE) -> TrustPolicy:
    """What it says.

    Raises:
        InvalidInput: a line is broken; names it.
    """
    try:
        return parse_policy(text)
    except BadPolicy as error:
        raise InvalidInput(
            N_("the policy is broken: {why}"),
            hint=N_("the form is c2sp.org/tlog-policy; see docs/evidence.md"),
            place=Place(shown, error.line or None),
            why=error.why,
        ) from error
