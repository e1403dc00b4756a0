"""Prove: that one thing is in the log, as a text file to be checked offline.

c2sp.org/tlog-proof: the leaf's number and path, the checkpoint, its cosignatures; the leaf itself
is the `extra` data.
"""

from __future__ import annotations

import base64

from dcctl.errors import JournalError, NotFound
from dcctl.model import merkle
from dcctl.model.trust_policy import TrustPolicy
from dcctl.text import N_
from dcctl.workflows.journal import heads, policy
from dcctl.workflows.journal.heads import Head
from dcctl.workflows.services import Services


def prove(what: str, services: Services) -> str:
    """The proof for a leaf's number, a digest of evidence, or a run (how it ended).

    Raises:
        NotFound: there is no such leaf, or no checkpoint over it. JournalError: the leaf is not
        what was signed.
    """
    trust = policy.pinned(services)
    number = services.journal.leaf_about(what)
    leaf = services.journal.leaf(number)
    head = _over(number, heads.trusted(services, trust), trust)
    with services.journal.tree() as node:
        path = merkle.inclusion(node, number, head.size)
    tree = head.checkpoint.root
    if not merkle.included(merkle.leaf_hash(leaf), number, head.size, path, tree):
        raise JournalError(
            N_("leaf {number} is not the one that {path} was signed over"),
            hint=N_("see dcctl journal verify"),
            number=number,
            path=str(head.path),
        )
    lines = ["c2sp.org/tlog-proof@v1", f"extra {base64.b64encode(leaf).decode()}"]
    lines += [f"index {number}", *(base64.b64encode(part).decode() for part in path)]
    return "\n".join(lines) + f"\n\n{head.note}"


def _over(number: int, known: list[Head], trust: TrustPolicy) -> Head:
    """The first checkpoint over a leaf that its witnesses cosigned, else the newest over it."""
    over = [head for head in known if head.size > number]
    if not over:
        raise NotFound(
            N_("no checkpoint is over leaf {number} yet"),
            hint=N_("make one with `dcctl journal checkpoint`"),
            number=number,
        )
    whole = [head for head in over if not trust.missing(head.cosigned)]
    return whole[0] if whole else over[-1]
