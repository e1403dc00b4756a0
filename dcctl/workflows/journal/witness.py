"""Witness: cosign a checkpoint that goes on from the last one cosigned; take a cosignature in.

A witness works where there is neither journal nor site: with its key, the policy, the request, and
its own note of the last checkpoint that it cosigned. That note is written before the answer is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dcctl import clock
from dcctl.errors import InvalidInput, Refused
from dcctl.estate.evidence_policy import parsed
from dcctl.executors import notary
from dcctl.model import merkle
from dcctl.model.note import NotANote, decoded, signatures
from dcctl.model.trust_policy import TrustPolicy
from dcctl.text import N_
from dcctl.workflows.journal import heads, policy
from dcctl.workflows.journal.heads import Head
from dcctl.workflows.services import Services

ANSWER = ".cosignature"
_LONGEST = 63  # hashes in a request (c2sp.org/tlog-witness)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigned:
    """A cosignature that was made."""

    head: Head
    before: int  # leaves of the checkpoint that was cosigned before; 0: none
    witness: str
    answer: Path


def cosign(request: Path, key: Path, trusted: Path, *, seen: Path | None = None) -> Cosigned:
    """Cosign what a request asks for, if it goes on from what was cosigned before.

    Args:
        request: the file that the operator gave.
        key: the witness's private key.
        trusted: the witness's own copy of the policy.
        seen: the note of the last checkpoint cosigned; default: beside the key.

    Raises:
        Refused: not a witness's key, a forged checkpoint, or a log that does not go on from the
        one before; says which.
    """
    trust = parsed(heads.read_text(trusted), str(trusted))
    private = notary.load_key(key)
    name = _witness(private, trust)
    old, path, text = _request(request)
    head = heads.judged(text, trust, request)
    seen = seen or key.with_name(key.name + ".seen")
    last = heads.read(seen, trust) if seen.exists() else None
    _require_next(head, last, old, path)
    made = private.sign(head.note.text, seconds=int(clock.now().timestamp()))
    heads.write(seen, str(heads.with_signatures(head.note, (made,))))
    answer = request.with_suffix(ANSWER)
    heads.write(answer, str(made))
    return Cosigned(head=head, before=last.size if last else 0, witness=name, answer=answer)


def _witness(key: notary.SigningKey, trust: TrustPolicy) -> str:
    for name, known in trust.witnesses.items():
        if known == key.public:
            return name
    if any(known.public == key.public.public for known in trust.logs):
        raise Refused(
            N_("the key {key} is the operator's, and nobody witnesses for himself"),
            hint=N_("a witness has a key of its own: dcctl journal key"),
            key=key.public.name,
        )
    raise Refused(
        N_("the key {key} is no witness of the policy"),
        hint=N_("its line for inventory/evidence.policy is: witness ROLE {line}"),
        key=key.public.name,
        line=str(key.public),
    )


def _request(path: Path) -> tuple[int, list[bytes], str]:
    """The old size, the proof, and the checkpoint."""
    first, _, text = heads.read_text(path).partition("\n\n")
    told, *lines = first.split("\n")
    number = told.removeprefix("old ")
    try:
        if not told.startswith("old ") or str(int(number)) != number or len(lines) > _LONGEST:
            raise ValueError(told)  # noqa: TRY301 - one way out
        return int(number), [decoded(line) for line in lines], text
    except ValueError as error:
        raise InvalidInput(
            N_("{path} is no request to a witness"),
            hint=N_("it is what `dcctl journal checkpoint --out FOLDER` writes"),
            path=str(path),
        ) from error


def _require_next(head: Head, last: Head | None, old: int, path: list[bytes]) -> None:
    """Refuse a log that is not the one that was cosigned before, or has lost a part of it.

    Raises:
        Refused: says how it differs.
    """
    size, root = (last.size, last.checkpoint.root) if last else (0, merkle.EMPTY)
    told: dict[str, Any] = {"size": head.size, "seen": size, "old": old}
    if head.size < size:
        raise Refused(
            N_(
                "the checkpoint has {size} leaves, and you cosigned {seen}: the log was cut short, "
                "or an old one was put back"
            ),
            hint=N_("cosign nothing; ask the operator, with your own copy of what you cosigned"),
            **told,
        )
    if head.size == size and head.checkpoint.root != root:
        raise Refused(
            N_("you cosigned another log of {size} leaves: there are two of them"),
            hint=N_("cosign nothing; ask the operator, with your own copy of what you cosigned"),
            **told,
        )
    if old != size:
        raise Refused(
            N_("the request goes on from {old} leaves, and you cosigned {seen}"),
            hint=N_("ask for another: dcctl journal checkpoint --since {seen}"),
            **told,
        )
    if not merkle.consistent(size, root, head.size, head.checkpoint.root, path):
        raise Refused(
            N_(
                "the log of {size} leaves does not begin with the {seen} that you cosigned: it was "
                "rewritten"
            ),
            hint=N_("cosign nothing; ask the operator, with your own copy of what you cosigned"),
            **told,
        )


def take(answer: Path, services: Services) -> Head:
    """Take a cosignature in: under the newest checkpoint that it is over.

    Raises:
        Refused: it is over none that is known, or by no witness of the policy.
    """
    trust = policy.pinned(services)
    try:
        given = signatures(heads.read_text(answer))
    except NotANote as error:
        raise InvalidInput(N_("{path} holds no cosignature"), path=str(answer)) from error
    ids = {(key.name, key.id): key for key in trust.witnesses.values()}
    mine = [one for one in given if (one.name, one.id) in ids]
    if not mine:
        raise Refused(
            N_("{path} is by no witness of the policy: {names}"),
            path=str(answer),
            names=", ".join(one.name for one in given),
        )
    for head in reversed(heads.trusted(services, trust)):
        good = [one for one in mine if notary.verified(head.note.text, one, ids[one.name, one.id])]
        if good:
            kept = heads.keep(heads.with_signatures(head.note, tuple(good)), services)
            return heads.read(kept, trust)
    raise Refused(
        N_("{path} is over no checkpoint that is known here, or is forged"),
        hint=N_("it belongs to the checkpoint that the witness was asked for"),
        path=str(answer),
    )
