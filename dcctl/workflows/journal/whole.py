"""Whether the journal still has of one run what was logged and signed: asked before it is judged.

`verify` counts the whole log; this looks at one run, so that it can be asked each time.
"""

from __future__ import annotations

from dcctl.errors import DcctlError, JournalError
from dcctl.estate.evidence_policy import FILE
from dcctl.model import merkle
from dcctl.text import N_
from dcctl.workflows.journal import heads, policy
from dcctl.workflows.journal.heads import Head
from dcctl.workflows.services import Services

_HINT = N_("dcctl journal verify tells all that differs; keep the file, and restore a backup")


def heads_over(run: str, services: Services) -> list[Head]:
    """The good checkpoints over the whole of a run, the smallest first.

    Raises:
        JournalError: the run's rows are not what was logged, or the log not what was signed.
        Refused: a checkpoint is forged.
    """
    journal = services.journal
    why = journal.altered_since_logged(run)
    if why is not None:
        raise JournalError(
            N_("run {run} is not what was logged: {why}"), hint=_HINT, run=run, why=why
        )
    good = _good(services)
    with journal.tree() as node:
        for head in good:
            if not _is_of(node, head):
                raise JournalError(
                    N_("the log is not the one that {path} was signed over"),
                    hint=_HINT,
                    path=str(head.path),
                )
    numbers = journal.leaves_of(run)
    return [head for head in good if numbers and head.size > numbers[-1]]


def _good(services: Services) -> list[Head]:
    """Checkpoints by the pinned policy; none where there is no such policy.

    Raises:
        Refused: one of them is forged.
    """
    if services.journal.pinned_signers(FILE) is None:
        return []
    try:
        pinned = policy.pinned(services)
    except DcctlError:  # a policy that is not the pinned one signs for nothing
        return []
    return heads.trusted(services, pinned)


def _is_of(node: merkle.Node, head: Head) -> bool:
    try:
        return merkle.root(node, head.size) == head.checkpoint.root
    except JournalError:  # hashes are missing
        return False
