"""Checkpoint: make leaves of all that is new, sign the head, write what the witnesses are asked."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dcctl.errors import JournalError, Refused
from dcctl.executors import notary
from dcctl.model import merkle
from dcctl.model.note import Checkpoint, Note, SignatureType
from dcctl.model.trust_policy import TrustPolicy
from dcctl.text import N_
from dcctl.workflows.journal import heads, policy
from dcctl.workflows.journal.heads import Head
from dcctl.workflows.services import Services

REQUEST = ".add-checkpoint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A checkpoint, and what was written for the witnesses."""

    head: Head
    requests: tuple[Path, ...]
    missing: tuple[str, ...]  # who must still cosign


def checkpoint(
    key: Path, services: Services, *, out: Path | None = None, since: int | None = None
) -> Made:
    """Sign the evidence log as it is now with the operator's key.

    Args:
        key: the operator's private key.
        services: the site.
        out: a folder for a request to each witness that has not cosigned it.
        since: how many leaves the witnesses cosigned last, where that is not known here.

    Raises:
        Refused: the key is not the operator's, or a known checkpoint is forged.
        JournalError: the log is not what was signed before.
    """
    trust = policy.pinned(services)
    private = notary.load_key(key)
    require_operator(private, trust)
    before = heads.trusted(services, trust)
    services.journal.extend_log()
    with services.journal.tree() as node:
        size = services.journal.log_size
        require_consistent(node, size, before)
        root = merkle.root(node, size)
    same = [head for head in before if head.size == size]
    text = Checkpoint(trust.origin, size, root).text
    note = same[0].note if same else Note(text, (private.sign(text),))
    path = heads.keep(note, services)
    head = heads.read(path, trust)
    requests = _requests(head, before, trust, services, out, since) if out else ()
    return Made(head=head, requests=requests, missing=trust.missing(head.cosigned))


def require_operator(key: notary.SigningKey, trust: TrustPolicy) -> None:
    """Refuse a key that is not the operator's.

    Raises:
        Refused: it is a witness's, or nobody's.
    """
    if key.public in trust.logs:
        return
    names = [name for name, one in trust.witnesses.items() if one.public == key.public.public]
    if names or key.public.type is not SignatureType.LOG:
        raise Refused(
            N_("the key {key} is a witness's ({role}), and only the operator signs checkpoints"),
            hint=N_("a witness cosigns: dcctl journal witness"),
            key=key.public.name,
            role=", ".join(trust.roles(names[0])) if names else "-",
        )
    raise Refused(
        N_("the key {key} is not in the policy: its signature would count for nothing"),
        hint=N_("its line for inventory/evidence.policy is: log {line}"),
        key=key.public.name,
        line=str(key.public),
    )


def require_consistent(node: merkle.Node, size: int, before: Sequence[Head]) -> None:
    """Refuse to sign a log that is not the one that was signed.

    Raises:
        JournalError: it was cut short, an old copy was put back, or it was rewritten.
    """
    for head in before:
        if head.size > size:
            raise JournalError(
                N_(
                    "the log has {size} leaves, and {path} was signed over {signed}: it was cut "
                    "short, or an old copy of the journal was put back"
                ),
                hint=N_("keep the file for the record, and see dcctl journal verify"),
                size=size,
                signed=head.size,
                path=str(head.path),
            )
        if merkle.root(node, head.size) != head.checkpoint.root:
            raise JournalError(
                N_(
                    "the first {signed} leaves of the log are not those that {path} was signed "
                    "over: the log was rewritten"
                ),
                hint=N_("keep the file for the record, and see dcctl journal verify"),
                signed=head.size,
                path=str(head.path),
            )


def _requests(
    head: Head,
    before: Sequence[Head],
    trust: TrustPolicy,
    services: Services,
    out: Path,
    since: int | None,
) -> tuple[Path, ...]:
    """A file for each witness, in the form of c2sp.org/tlog-witness."""
    found = []
    for name in trust.witnesses:
        if name in head.cosigned:
            continue
        sizes = [one.size for one in before if name in one.cosigned and one.size <= head.size]
        path = out / f"{name}{REQUEST}"
        heads.write(
            path, request(head, max(sizes, default=0) if since is None else since, services)
        )
        found.append(path)
    return tuple(found)


def request(head: Head, old: int, services: Services) -> str:
    """What a witness is asked that cosigned `old` leaves last."""
    with services.journal.tree() as node:
        path = merkle.consistency(node, old, head.size)
    lines = [f"old {old}", *(base64.b64encode(part).decode() for part in path)]
    return "\n".join(lines) + f"\n\n{head.note}"
