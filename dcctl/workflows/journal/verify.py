"""Verify: count the log again from the journal's raw rows, against every checkpoint known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dcctl.errors import Refused
from dcctl.journal.recount import Recount
from dcctl.text import N_, Text
from dcctl.workflows.journal import heads, policy
from dcctl.workflows.journal.heads import Head
from dcctl.workflows.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the log is; nothing is wrong where `wrong` is empty."""

    size: int
    root: str
    pending: int  # events that are no leaf yet
    evidence: int  # blobs that were looked at
    checkpoints: int
    newest: int  # leaves of the newest checkpoint; 0: there is none
    missing: tuple[str, ...]  # who must still cosign the newest one
    wrong: tuple[Text, ...]


def verify(services: Services, *, against: Sequence[Path] = ()) -> Verdict:
    """Compare the log with what was signed; `against` are checkpoints that somebody kept.

    Raises:
        Refused: the policy is not the pinned one. InvalidInput: a file can't be read.
    """
    trust = policy.pinned(services)
    good, bad = heads.known(services, trust)
    wrong = [error.text for error in bad]
    for path in against:
        try:
            good.append(heads.read(path, trust))
        except Refused as error:
            wrong.append(error.text)
    good.sort(key=lambda head: head.size)
    found = services.journal.recount_log({head.size for head in good})
    wrong += [*_heads(good, found), *found.faults]
    newest = good[-1] if good else None
    return Verdict(
        size=found.size,
        root=found.root.hex(),
        pending=found.pending,
        evidence=found.evidence,
        checkpoints=len(good),
        newest=newest.size if newest else 0,
        missing=trust.missing(newest.cosigned) if newest else (),
        wrong=tuple(wrong),
    )


def _heads(good: Sequence[Head], found: Recount) -> Iterator[Text]:
    """What the checkpoints say against the log: at most the first that differs, and the last."""
    fits = 0
    for head in good:
        if head.size > found.size:
            break
        if found.roots.get(head.size) != head.checkpoint.root:
            yield Text(_REWRITTEN, _told(head, found) | {"fits": fits})
            return
        fits = head.size
    newest = good[-1] if good else None
    if newest is not None and newest.size > found.size:
        old = found.size in {head.size for head in good}
        yield Text(_REPLAYED if old else _CUT, _told(newest, found))


_REWRITTEN = N_(
    "the log was rewritten: up to leaf {fits} it is what was signed, and the first {signed} leaves "
    "are not those of {path}"
)
_REPLAYED = N_(
    "an old log was put back: it is as of a checkpoint of {size} leaves, and {path} was signed "
    "over {signed}"
)
_CUT = N_("the log is cut short: it has {size} leaves, and {path} was signed over {signed}")


def _told(head: Head, found: Recount) -> dict[str, str | int]:
    return {"size": found.size, "signed": head.size, "path": str(head.path)}
