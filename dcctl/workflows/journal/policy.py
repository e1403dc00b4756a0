"""The policy in force: whose signatures count, pinned in the journal at its first use."""

from __future__ import annotations

import hashlib
from pathlib import Path

from dcctl.errors import Refused
from dcctl.estate.evidence_policy import FILE, parsed, read_policy
from dcctl.model.trust_policy import TrustPolicy
from dcctl.text import N_
from dcctl.workflows.services import LAB_FOLDER, Services


def pinned(services: Services) -> TrustPolicy:
    """The policy in force; the first use pins it.

    Raises:
        Refused: the file is not the one that is pinned. InvalidInput: no file, or a broken one.
    """
    content = read_policy(path(services), shown(services))
    found = parsed(content)
    kept = services.journal.pinned_signers(FILE)
    if kept is None:
        services.journal.pin_signers(content, instead_of="", file=FILE)
        return found
    now = hashlib.sha256(content.encode()).hexdigest()
    if now != kept.digest:
        raise Refused(
            N_("{file} is not the one that is pinned in the journal ({now}, pinned is {pinned})"),
            hint=N_("put it back, or let an approver sign for it: dcctl approve --evidence-policy"),
            file=FILE,
            now=now[:12],
            pinned=kept.digest[:12],
        )
    return found


def shown(services: Services) -> str:
    """How it is called from the site's folder."""
    return str(path(services).relative_to(services.root))


def path(services: Services) -> Path:
    """Where the policy lies; the lab has one of its own, and keys of its own."""
    if services.lab:
        return services.root / LAB_FOLDER / Path(FILE).name
    return services.root / FILE
